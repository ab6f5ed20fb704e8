"""Polish."""

from corrections_service.rules.lexicon.words import Words

WORDS = Words(
    letters="łżźśńęą",
    function="""
w z na się nie do że jest są był była było byli oraz ale lub jak kiedy gdzie co kto który która które których ten ta to tego tej tym
tych od po przy przez dla pod nad ze za i a o u by czy już tylko także bardzo ich jego jej on ona oni one ono ja ty my wy być
może będzie mają ma jako tak przed między według został została podczas więc oraz gdy jednak też
""",
    pronouns="on ona oni one ono",
    speaks="mówi powiedział powiedziała stwierdził dodał dodała podkreślił poinformował",
    numbers="""
0: zero  1/2: połow* pół  1/4: ćwierć  1: pierwsz*  2: dwa dwie dwóch dwoje drugi druga drugie drugiego drugiej drugim
dwukrotn* podwó*  3: trzy trzech trzem trzema troje trzeci* potró*  4: cztery czterech czwart*  5: pięć pięciu piąt*  6: sześć sześciu szóst*
7: siedem siedmiu siódm*  8: osiem ośmiu ósm*  9: dziewięć dziewięciu dziewiąt*  10: dziesię* dziesiąt*  11: jedenast*
12: dwanaście dwunast* tuzin*  13: trzyna*  14: czterna*  15: piętna*  16: szesna*  17: siedemna*  18: osiemna*
19: dziewiętna*  20: dwadzie* dwudzie*  30: trzydzie*  40: czterdzie*  50: pięćdzie*  60: sześćdzie*  70: siedemdzie*
80: osiemdzie*  90: dziewięćdzie*  100: sto stu setk*  200: dwieście  300: trzysta  400: czterysta  500: pięćset
600: sześćset  700: siedemset  800: osiemset  900: dziewięćset  1000: tysiąc* tysięcy  1000000: milion*
1000000000: miliard*  1000000000000: bilion*
""",
    dates="""
january: stycz*  february: luty lutego lutym  march: marzec marca marcu  april: kwie*  may: maj maja maju
june: czerwiec czerwca czerwcu  july: lipiec lipca lipcu  august: sierp*  september: wrze*  october: paździ*
november: listopad*  december: grudzień grudnia grudniu grud*  monday: poniedział*  tuesday: wtor*  wednesday: środ*
thursday: czwartek czwartk*  friday: piątek piątku piątkow*  saturday: sobot*  sunday: niedziel*  -2: przedwczoraj
-1: wczoraj*  0: dziś dzisiaj*  1: jutro*  2: pojutrze  morning: rano ranek ranem  noon: południe  afternoon: popołudni*
evening: wieczor* wieczór  night: noc nocy  spring: wiosn*  summer: lato latem  autumn: jesie*  winter: zima zimą zimy zimow*
christmas: narodzen*  easter: wielkanoc*  decade: dekad*
""",
    relative="""
last: zeszł* ubiegł* poprzedn* ostatni*  next: przyszł* następn*  early: począt*  middle: połow*  late: koni* końc*
""",
    units="""
%: procent*  point: punkt*  $: dolar*  £: funt*  zł: zł złot*  ₴: hrywn*  ₽: rubl*  franc: frank*  mm: milimetr*  cm: centymetr*
m: metr metra metry metrów  km: kilometr*  mi: mil mila mile  ft: stóp stopa  in: cal cali  ha: hektar*  mg: miligram*  g: gramów gramy
kg: kilogram*  t: tona tony  l: litr*  ml: mililitr*  gallon: galon*  barrel: barył*  s: sekund*  min: minut*  h: godzin*
day: dzień dni dnia  week: tydz* tygod*  month: miesi*  year: rok roku rokiem lat lata  century: wiek*  kn: węzł*
""",
    denials="""
no: nie nic nikt nikogo bez nigdy żaden żadn* nigdzie ani brak
""",
    denying_prefix=r"(?:nie|anty|bez)(?=\p{L}{4})",
    opposites="""
pozytywn* | negatywn*
wszys* | większość | wiele wielu | niektó* | niewiel*
zgodził* zgadza* zaakcept* przyją* przyję* | odmów* odrzuc*
popar* popier* | sprzeciw*
potwierdz* | zaprzecz*
wygra* zwycię* | przegra* poraż*
wzros* rośnie rosną | spad* maleje
więcej | mniej
powyżej nad | poniżej pod
przed | po
lewy lewa lewe lewej | prawy prawa prawe prawej
prawd* | fałsz*
winny winna | niewinn*
skazan* skaza* | uniewinn*
żyw* przeży* | zabi* zgin* zmarł* | rann*
otwar* otwie* | zamkn* zamyk*
pozwal* zezwol* | zakaz* zabron*
kupi* kupu* | sprzeda*
wysok* wyższ* | nisk* niższ*
duż* wielk* większ* | mał* mniejsz*
długi długa | krótk*
bogat* | biedn* ubog*
star* starsz* | młod* now*
szybk* | woln*
siln* | słab*
dobr* lepsz* | złe zły zła gorsz*
sukces* | poraż*
rozpocz* | zakończ* skończ*
import* | eksport*
północ* | południ*
wschod* wschód | zachod* zachód
mężczyz* | kobiet*
chłop* | dziewczyn*
syn syna synowie | córk*
brat brata bracia | siostr*
ojciec ojca | matk*
zawsze | nigdy
często | rzadko
ofiar* | spraw*
woj* | pokój pokoju
publiczn* | prywatn*
minim* | maks*
zysk* | strat*
""",
)
