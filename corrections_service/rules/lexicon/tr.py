"""Turkish."""

from corrections_service.rules.lexicon.words import Words

WORDS = Words(
    letters="ığşİ",
    function="""
ve bir ile bu şu için gibi kadar ama fakat veya ki ne nasıl neden çok daha de da olarak olan o onlar biz siz ben sen en
her hem ise mi mı mu mü değil var yok göre sonra önce diye ancak şey tüm bazı böyle şöyle oldu olduğu ediyor etti dedi
olduğunu kişi
""",
    pronouns="o onlar",
    speaks="dedi söyledi açıkladı konuştu belirtti",
    numbers="""
0: sıfır  1/2: yarım yarısı  1/4: çeyrek  1: birinci ilk  2: iki ikinci ikisi çift  3: üç üçüncü  4: dört dördüncü
5: beş beşinci  6: altı altıncı  7: yedi yedinci  8: sekiz*  9: dokuz*  10: on onlarca onuncu  12: düzine*  20: yirmi*  30: otuz*
40: kırk*  50: elli*  60: altmış*  70: yetmiş*  80: seksen*  90: doksan*  100: yüz yüzlerce  1000: bin binlerce
1000000: milyon*  1000000000: milyar*  1000000000000: trilyon*
""",
    dates="""
january: ocak*  february: şubat*  march: mart*  april: nisan*  may: mayıs*  june: haziran*  july: temmuz*
august: ağustos*  september: eylül*  october: ekim*  november: kasım*  december: aralık*  monday: pazartesi*
tuesday: salı*  wednesday: çarşamba*  thursday: perşembe*  friday: cuma*  saturday: cumartesi*  sunday: pazar*  -1: dün
0: bugün*  1: yarın*  morning: sabah*  noon: öğle*  evening: akşam*  night: gece*  spring: ilkbahar  summer: yazın
autumn: sonbahar  winter: kış*  christmas: noel
""",
    relative="""
last: geçen* geçtiğimiz  next: gelecek önümüzdeki  early: başı  late: sonu
""",
    units="""
%: yüzde  point: puan*  $: dolar*  ₺: lira lirası tl  mm: milimetre*  cm: santimetre* santim*  m: metre*  km: kilometre*  mi: mil  ha: hektar*
g: gram*  kg: kilogram*  t: ton  l: litre*  gallon: galon*  barrel: varil*  s: saniye*  min: dakika*  h: saat*  day: gün*
week: hafta*  month: ay ayda aylık  year: yıl*  century: yüzyıl*
""",
    denials="""
no: ani değil yok asla hiç hiçbir yoktu
""",
    denying_suffix=r"s[ıiuü]z",
    # Between a verb's stem and its tense, whose vowel it may change: geldi and gelmedi, gelecek and gelmeyecek.
    denying_middle=r"(?<=\p{L}{2})(?:m[ae]y(?=[ae])|m[ae](?=d[ıi]|z|m[ıi]ş|m[ae]|l[ıi]|s[ae])|m(?=[ıiuü]yor))",
    opposites="""
olumlu* | olumsuz*
pozitif* | negatif*
tüm bütün hepsi | çoğu | bazı bazıları | birkaç
kabul | ret reddet* reddetti
destek* | karşı
doğrula* | yalanla*
kazan* | kaybet* kaybetti
arttı artıyor yüksel* | azal* düştü düşüyor geriled*
fazla | az
üst üstünde | alt altında
önce | sonra
sol | sağ
doğru | yanlış
suçlu* | suçsuz* masum*
yaşıyor hayatta | öldü ölen öldürüldü | yaralandı yaralı*
açtı açıldı açık | kapattı kapatıldı kapandı kapalı
izin | yasak*
aldı alır satın | sattı satar satış*
yüksek | düşük
büyük | küçük
uzun | kısa
zengin | fakir yoksul
yaşlı eski | genç yeni
hızlı | yavaş
güçlü | zayıf
iyi | kötü
başarılı | başarısız
başladı başlıyor | bitti bitiyor sona
ithal* | ihraç*
kuzey* | güney*
doğu* | batı*
erkek* | kadın*
oğlu oğul | kızı
baba* | anne*
her_zaman hep | asla
savaş* | barış*
kâr* | zarar*
""",
)
