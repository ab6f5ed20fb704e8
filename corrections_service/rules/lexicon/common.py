"""Signs and short forms that are the same in most languages."""

from corrections_service.rules.lexicon.words import Words

WORDS = Words(
    numbers="1000000: mln mio  1000000000: bn mrd",
    units="""
%: % ٪ ％ pct  ‰: ‰ promille promile  $: $ usd  €: € eur euro*  £: £ gbp  ₴: ₴ uah  ₽: ₽ rub  ¥: ¥ jpy cny rmb yen yuan*
zł: pln  ₺: ₺  ₪: ₪ nis ils  ₩: ₩ krw  real: brl reais  franc: chf franc*
mm: mm  cm: cm  m: m  km: km  mi: mi  ft: ft  ha: ha  mg: mg  g: g gr gram grams  kg: kg kilo kilos  t: t  lb: lb lbs
oz: oz  l: l  ml: ml  gallon: gal  barrel: bbl  s: s sec secs  min: min mins  h: h hr hrs  day: d  mph: mph
km/h: kmh kph  kn: kn  w: w watt*  kw: kw kilowatt*  mw: mw megawatt*  gw: gw gigawatt*  kwh: kwh  v: v volt volts
byte: byte*  bit: bit bits  kb: kb ko kilobyte*  mb: mb mo megabyte*  gb: gb go gigabyte*  tb: tb terabyte*
hz: hz hertz  khz: khz  mhz: mhz  ghz: ghz  bar: bar  celsius: celsius ℃ °c °с  fahrenheit: fahrenheit ℉ °f
thousand: k  billion: b
""",
)
