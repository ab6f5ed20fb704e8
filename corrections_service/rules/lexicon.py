"""Words that carry facts in the languages most used (numbers, dates, units, denials, places), and words that do not.

Each table gives words their meaning, so that "Januar" and "January" are one: a meaning ends with `:`, and its
words follow. A stem ends with `*`: an ending of at most four letters may follow, as cases and plurals add. Words
are given as `plain` makes them. Those of scripts that write no spaces are found anywhere within a text.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import regex
from rapidfuzz.distance import OSA

_LONGEST_ENDING = 4
_LONGEST_WORD = 40  # letters; nothing that is longer is looked up
MONTHS = frozenset("january february march april may june july august september october november december".split())
SPANS_OF_TIME = frozenset(["day", "week", "month", "year", "century"])
"""What `date` and `unit` call them."""

_SHORT_UNIT = 3  # letters; as short, it is a unit only beside a number

_NUMBERS = """
0: zero нуль нуля ноль нуля null zéro cero sıfır صفر אפס ศูนย์
1/2: half halves половин* половині полтор* півтор* полтора hälfte halbe* halber halb moitié mitad medio metade meia
  metà mezzo mezza połow* pół anderthalb* eineinhalb* yarım yarısı نصف חצי 절반 ครึ่ง
1/3: третин* треть трети drittel* tiers tercio* terço* ثلث שליש
1/4: quarter* чверт* четверть четверти viertel* quart quarts ćwierć çeyrek ربع רבע
1: first перш* перв* eins erste ersten erster erstes erstem premier première premiers premières primer primera
  primero primeros primeras primeiro primeira primo prima primi pierwsz* birinci ilk أول الأولى واحد واحدة ראשון
  ראשונה 하나 첫 หนึ่ง
2: two second twice double* twofold два дві две двох двух двом двум двома двумя двоє двое двоих двойн* двічі дважды
  дво вдвічі вдвое другий друга друге другої другу другою другому другим втор* zwei zweit* zweimal beide* doppelt*
  deux deuxième* double* doubl* dos segundo segunda doble* duplic* dois duas dwa dwie dwóch dwoje drugi druga drugie
  drugiego drugiej drugim dwukrotn* due secondo seconda doppi* iki ikinci ikisi çift اثنان اثنين اثنتين اثنتان مرتين
  الثاني الثانية שני שתי שניים שתיים שנייה שנית פעמיים 둘 두 สอง
3: three third* thrice triple* три трьох трьом трьома троє трёх трех трём трем тремя трое троих трет* тричі трижды
  втричі втрое потрій* утро* drei dritt* dreimal trois troisième* tripl* tres tercer* triple* triplic* três trzy
  trzech trzem trzema troje trzeci* tre terzo terza terzi üç üçüncü ثلاث ثلاثة الثالث الثالثة שלוש שלושה שלישי
  שלישית 셋 세 สาม
4: four* чотир* четвер* четыр* четвёр* четверо четвірк* vier* quatre quatrième* cuatro cuart* quatro quarto quarta
  cztery czterech czwart* quattro dört dördüncü أربع أربعة الرابع الرابعة ארבע ארבעה רביעי רביעית 넷 네 สี่
5: five fifth* п'ят* пять пяти пятью пятеро пятый пятая пятое пятого пятой пятому пятым пятую fünf* cinq* cinco
  quinto quinta pięć pięciu piąt* cinque beş beşinci خمس خمسة الخامس الخامسة חמש חמישה חמישי חמישית 다섯 ห้า
6: six* шіст* шість шести шестеро шесть шестью шестой шестая шестого шестую sechs* sechst* sixième* seis sexto sexta
  sześć sześciu szóst* sei sesto sesta altı altıncı ست ستة السادس السادسة שש שישה שישי שישית 여섯 หก
7: seven* сім сьом* семь семи семью семеро седьм* siebe* siebt* sept septième* siete séptim* sete sétim* siedem
  siedmiu siódm* sette settimo settima settimi yedi yedinci سبع سبعة السابع السابعة שבע שבעה שביעי שביעית 일곱 เจ็ด
8: eight* вісім восьм* восем* acht* huit* ocho octavo octava oito oitav* osiem ośmiu ósm* otto ottav* sekiz* ثمانية
  ثمان ثماني الثامن الثامنة שמונה שמיני שמינית 여덟 แปด
9: nine ninth* дев'ят* девят* neun* neuf neuvième* nueve noveno novena nove nono nona dziewięć dziewięciu dziewiąt*
  dokuz* تسع تسعة التاسع التاسعة תשע תשעה תשיעי תשיעית 아홉 เก้า
10: ten tenth* tens десят* zehn* zehnt* dix dixième* dizaine* diez décimo décima decena* dez dezena* dziesię*
  dziesiąt* dieci decimo decima decin* on onlarca onuncu عشر عشرة عشرات العاشر עשר עשרה עשרות עשירי 열 สิบ
11: eleven* одинадцят* одиннадцат* elf elfte* onze onzième* once undécim* undici jedenast* أحد עשתי 열하나
12: twelve* twelfth* dozen* дванадцят* двенадцат* дюжин* zwölf* dutzend* douze douzaine* doce docena* doze dúzia*
  dodici dwanaście dwunast* tuzin* 열두
13: thirteen* тринадцят* тринадцат* dreizehn* treize treizième* trece treze tredici trzyna*
14: fourteen* чотирнадцят* четырнадцат* vierzehn* quatorze catorce quattordici czterna*
15: fifteen* п'ятнадцят* пятнадцат* fünfzehn* quinze quinzaine quince quindici piętna*
16: sixteen* шістнадцят* шестнадцат* sechzehn* seize dieciséis sedici szesna*
17: seventeen* сімнадцят* семнадцат* siebzehn* diecisiete diciassette siedemna*
18: eighteen* вісімнадцят* восемнадцат* achtzehn* dieciocho diciotto osiemna*
19: nineteen* дев'ятнадцят* девятнадцат* neunzehn* diecinueve diciannove dziewiętna*
20: twenty twenties twentieth двадцят* двадцят* двадцат* zwanzig* vingt* veinte* vinte venti ventesim* dwadzie*
  dwudzie* yirmi* عشرون عشرين עשרים 스물 스무
30: thirty thirties thirtieth тридцят* тридцат* dreißig* dreissig* trente* treinta trinta trenta trzydzie* trzydzie*
  otuz* ثلاثون ثلاثين שלושים 서른
40: forty forties fortieth сорок* vierzig* quarante* cuarenta* quarenta quaranta czterdzie* kırk* أربعون أربعين
  ארבעים 마흔
50: fifty fifties fiftieth п'ятдесят* пятьдесят* пятидесят* fünfzig* cinquant* cincuenta* cinquenta pięćdzie* elli*
  خمسون خمسين חמישים 쉰
60: sixty sixties sixtieth шістдесят* шестьдесят* шестидесят* sechzig* soixant* sesenta sessenta sessanta sześćdzie*
  altmış* ستون ستين שישים 예순
70: seventy seventies seventieth сімдесят* семьдесят* семидесят* siebzig* septante setenta settanta siedemdzie*
  yetmiş* سبعون سبعين שבעים 일흔
80: eighty eighties eightieth вісімдесят* восьмидесят* восемьдесят* achtzig* ochenta* oitenta ottanta osiemdzie*
  seksen* ثمانون ثمانين שמונים 여든
90: ninety nineties ninetieth дев'яност* девяност* neunzig* nonante noventa* novanta dziewięćdzie* doksan* تسعون
  تسعين תשעים 아흔
100: hundred* сто ста сотн* сотень сотен сотий hundert* cent cents cento centaine* centième* cien ciento cientos
  centenar* cem centena* centinai* centesim* sto stu setk* yüz yüzlerce مئة مئات مائة מאה מאות 수백 ร้อย
200: двіст* двест* двухсот* doscient* duzent* dwieście duecento مئتين מאתיים
300: trescient* trezent* trzysta trecento  400: cuatrocient* quatrocent* czterysta  500: quinient* quinhent* pięćset
600: seiscient* seiscent* sześćset  700: setecient* setecent* siedemset  800: ochocient* oitocent* osiemset
900: novecient* novecent* dziewięćset
1000: thousand* тис тисяч* тыс тысяч* tausend* mille millier* mil miles milhar* mila migliai* tysiąc* tysięcy bin
  binlerce ألف آلاف אלף אלפים אלפי 수천 พัน  10000: หมื่น  100000: แสน
1000000: million* mln mio мільйон* миллион* millón millones milhão milhões milion* milyon* مليون ملايين מיליון* ล้าน
1000000000: billion* bn мільярд* миллиард* млрд milliard* mrd bilhão bilhões miliard* milyar* مليار مليارات מיליארד*
1000000000000: trillion* трлн трильйон* триллион* billón billones trilhão trilhões trilion* trylion* trilyon*
  تريليون טריליון*
"""
_DATES = """
january: january jan januar* jänner січен* січн* январ* janvier enero janeiro gennaio stycz* ocak* يناير ינואר 1월
february: february feb februar* лютий лютого лютому лютим лютнев* феврал* février febrero fevereiro febbraio luty
  lutego lutym şubat* فبراير פברואר
march: march märz* березен* березн* март* mars marzo março marzec marca marcu mart مارس מרץ
april: april* apr квітен* квітн* апрел* avril abril aprile kwie* nisan* أبريل إبريل אפריל
may: may mai травен* травн* май* мая мае маю mayo maio maggio maj maja maju mayıs* مايو מאי
june: june jun juni червен* червн* июн* juin junio junho giugno czerwiec czerwca czerwcu haziran* يونيو יוני
july: july jul juli липен* липн* июл* juillet julio julho luglio lipiec lipca lipcu temmuz* يوليو יולי
august: august* aug серпен* серпн* август* août agosto sierp* ağustos* أغسطس אוגוסט
september: september sept sep верес* сентябр* septembre septiembre setembro settembre wrze* eylül* سبتمبر ספטמבר
october: october oct oktober okt жовтен* жовтн* октябр* octobre octubre outubro ottobre paździ* ekim* أكتوبر אוקטובר
november: november nov листопад* ноябр* novembre noviembre novembro listopad* kasım* نوفمبر נובמבר
december: december dec dezember dez груден* грудн* декабр* décembre diciembre dezembro dicembre grud* aralık* ديسمبر
  דצמבר
monday: monday* mon montag* понеділ* понедельн* lundi* lunes lunedì poniedział* pazartesi* segunda-feira الاثنين
  الإثنين 月曜 周一 星期一 週一 월요일* จันทร์
tuesday: tuesday* tue tues dienstag* вівтор* вторник* mardi* martes martedì wtor* salı terça-feira terça الثلاثاء 火曜
  周二 星期二 週二 화요일*
wednesday: wednesday* wed mittwoch* серед* сред среда среды среду среде mercredi* miércoles mercoledì środ*
  çarşamba* quarta-feira الأربعاء 水曜 周三 星期三 週三 수요일*
thursday: thursday* thu thurs donnerstag* четвер четверг* четверга jeudi* jueves giovedì czwartek czwartk* perşembe*
  quinta-feira الخميس 木曜 周四 星期四 週四 목요일*
friday: friday* fri freitag* п'ятниц* пятниц* vendredi* viernes venerdì piątek piątku piątkow* cuma* sexta-feira
  الجمعة 金曜 周五 星期五 週五 금요일*
saturday: saturday* sat samstag* sonnabend* субот* суббот* samedi* sábado* sabato sobot* cumartesi* السبت שבת 土曜 周六
  星期六 週六 토요일*
sunday: sunday* sun sonntag* неділ* воскресен* dimanche* domingo* domenica niedziel* pazar* الأحد 日曜 周日 星期日 星期天 週日
  일요일*  -2: vorgestern позавчора позавчер* avant-hier anteayer anteontem przedwczoraj 前天 一昨日
-1: yesterday gestern* вчора учора вчорашн* вчера вчерашн* hier ayer ontem ieri wczoraj* dün أمس אתמול 昨日 昨天 어제
0: today tonight heute* сьогодні* сегодня* aujourd'hui hoy hoje oggi dziś dzisiaj* bugün* اليوم היום 今日 今天 오늘*
1: tomorrow завтра* demain mañana amanhã domani jutro* yarın* غدا غداً מחר 明日 明天 내일*
2: übermorgen післязавтра послезавтра après-demain pasado-mañana pojutrze 后天 後天 明後日 모레
last_year: торік торішн* 昨年 去年 작년*  this_year: цьогоріч* 今年 올해*  next_year: 来年 來年 明年 내년*  last_week: 先週 上周 上週 지난주*
this_week: 今週 本周 本週 이번주*  next_week: 来週 下周 下週 다음주*  last_month: 先月 上月 上个月 上個月  this_month: 今月 本月
next_month: 来月 下月 下个月 下個月
morning: morning* ранку вранці зранку ранок утром утра утро vormittag* matin* matinée mattin* rano ranek manhã
  sabah* בוקר 午前 上午 오전
noon: noon midday полудень опівдні полдень полудня mittag* midi mediodía mezzogiorno południe öğle* 正午 中午 정오
afternoon: afternoon* nachmittag* après-midi tarde pomeriggio popołudni* tarde 午後 下午 오후
evening: evening* вечора увечері ввечері вечір вечером вечера вечер abend* abends soir* soirée sera wieczor* akşam*
  مساء ערב 晚上 저녁
night: night nights midnight вночі уночі ніч ночі ночью ночи ночь nacht* nachts nuit* noche* noite notte noc nocy
  gece* ليلة לילה 深夜 夜里 밤
spring: spring навесні весни весну весна весною весной весны frühling* frühjahr* printemps primavera* wiosn*
  ilkbahar  summer: summer* влітку літо літа літом летом лето лета sommer* verano* verão lato latem yazın
autumn: autumn* восени осінь осені осінню осенью осень осени herbst* automne* otoño* outono autunno jesie* sonbahar
winter: winter* взимку узимку зима зими зиму зимою зимой зимы hiver* invierno* inverno zima zimą zimy zimow* kış*
christmas: christmas xmas різдв* рождеств* weihnacht* noël navidad* natal natale narodzen* noel クリスマス 圣诞 聖誕
easter: easter великд* великод* пасх* ostern pâques pascua* páscoa pasqua wielkanoc* פסח
decade: decade* декад* десятиліт* десятилет* jahrzehnt* décennie* década*
"""
_RELATIVE = """
last: last past previous earlier ago назад минул* попередн* прошл* предыдущ* прошедш* letzte* vorig* vergangen*
  dernier* dernière* passé* précédent* pasad* anterior* scors* últim* ultim* passad* zeszł* ubiegł* poprzedn* geçen*
  الماضي الماضية שעבר שעברה 지난
next: next coming following upcoming later später наступн* майбутн* следующ* будущ* nächst* kommend* prochain*
  suivant* próxim* prossim* przyszł* następn* gelecek* önümüzdeki المقبل المقبلة القادم القادمة הבא הבאה 다음
early: early beginning начал* почат* anfang* début* principi* inizio início począt* başı مطلع תחילת
middle: mid middle середин* mitte mediad* meados metà połow*
late: late end кінц* кінець конц* конец ende fin final* fine fim koni* końc* sonu نهاية סוף
"""
_UNITS = """
%: % ٪ ％ percent pct відсот* процент* prozent* pourcent* procent* yüzde אחוז* 퍼센트 パーセント 百分之
percentage_point: percentage prozentpunkt*  ‰: ‰ проміле промилле promille
point: point points пункт* punkt* punto* ponto* puan*
$: $ usd dollar* долар* доллар* dólar* dolar* dollaro دولار* דולר* ドル 美元 달러*
€: € eur euro* євро евро أورو يورو אירו ユーロ 欧元 歐元 유로*
£: £ gbp pound* фунт* pfund libra libras sterlin* funt* 英镑 ポンド  ₴: ₴ uah грн гривн* гривен* hryvnia* hrywn*
₽: ₽ rub руб рубл* rubel* rouble* ruble* rublo* ルーブル 卢布 루블
¥: ¥ jpy cny rmb yen yuan* юан* ієн* иен* 円 元 日元 人民币 위안 엔  zł: zł pln złot*  ₺: ₺ lira liras lirası
₪: ₪ nis ils שקל* שח  ₩: ₩ krw 원* ウォン  real: brl reais  franc: chf franc* franken франк*
mm: mm мм millimet* millimèt* міліметр* миллиметр* milímetro*
cm: cm см centimet* centimèt* zentimeter* сантиметр* centímetro* سنتيمتر センチ 厘米 公分 센티미터
m: m м metre* meter* metern метр* mètre* metro* metra metry metrów متر* מטר* メートル 米 公尺 미터*
km: km км kilomet* kilomèt* кілометр* километр* kilómetro* quilômetro* chilometr* كيلومتر* كم קילומטר* キロ キロメートル 公里
  킬로미터*
mi: mi mile miles миля миль милі мили милях милями meile* milla* milha* migli* mil أميال ميل מייל* マイル 英里 마일*
ft: ft foot feet фут* fuß pied* pie pies piede piedi stóp  in: inch* дюйм* zoll pouce* pulgada*
ha: ha га hectare* hectarea гектар* hektar* hectárea* ettar* ヘクタール 公顷  acre: acre acres акр*
are: ar сотк* соток sotka  mg: mg мг milligram* міліграм* миллиграм*
g: g г gr gram grams gramm gramów gramy грам* грамм* gramme* gramo* grama* غرام גרם グラム 克 그램*
kg: kg кг kilogram* kilo kilos кілограм* килограм* quilo* chilo* كيلوغرام* קילוגרם キログラム 公斤 千克 킬로그램*
t: t т tonne* ton tons тонн* tonelad* tonnellat* طن طنا טון トン 吨 噸 톤  lb: lb lbs  oz: oz ounce* унц* unze*
l: l л litre* liter* литр* літр* litro* litr* لتر ליטר リットル 升 리터*  ml: ml мл millilit* мілілітр* миллилитр*
gallon: gal gallon* галон* галлон* galon* galón galones  barrel: bbl barrel* барел* баррел* baril* barril*
s: s с sec secs second seconds секунд* sekunde* secondes segundos secondi sekund* ثانية ثوان שניות 秒 초
min: min mins хв мин minute* minuto* minuti хвилин* минут* minut* dakika* دقيقة دقائق דקות 分钟 分鐘 분
h: h год ч hour* hr hrs годин* час часа часов часы часах stunde* heure* hora horas ora ore godzin* saat* ساعة ساعات
  שעה שעות 時間 小时 小時 시간
day: day* d день дня дні днів днями дней дни дням доба доби добу діб tag tage tagen tägig* jour* día días dia dias
  giorno giorni dzień dni gün* يوم أيام יום ימים 日間 天 일
week: week* тиж* недел* woche* semaine* semana* settiman* tydz* tygod* hafta* أسبوع أسابيع שבוע שבועות 週間 周间 주간
month: month* місяц* месяц* monat* mois mes meses mês mese mesi miesi* ay ayda شهر أشهر شهور חודש חודשים か月 ヶ月 个月 個月
  개월*
year: year* рік року роки років роках год года году лет годы годов jahr jahre jahren jahres année* ans l'an año años
  ano anos anno anni rok roku rokiem lat lata yıl* سنة سنوات عام أعوام שנה שנים 年 년
century: century centuries століт* столет* век века веке jahrhundert* siècle* siglo* século* secol* wiek* yüzyıl*
  قرن  mph: mph  km/h: kmh kph  kn: kn knot* вузл* узл* knoten  w: w вт watt* ват* vatio*
kw: kw квт kilowatt* кіловат* киловат*  mw: mw мвт megawatt* мегават*  gw: gw гвт gigawatt* гігават* гигават*
kwh: kwh квтг  v: v volt* вольт*  byte: byte* байт*  bit: bit bits біт* бит*
kb: kb ko кб kilobyte* кілобайт* килобайт*  mb: mb mo мб megabyte* мегабайт*
gb: gb go гб gigabyte* гігабайт* гигабайт*  tb: tb тб terabyte* терабайт*  hz: hz гц hertz герц*  khz: khz кгц
mhz: mhz мгц  ghz: ghz ггц  bar: bar бар  celsius: celsius ℃ °c °с цельсі* цельси* 摄氏
fahrenheit: fahrenheit ℉ °f фаренгейт* 华氏  thousand: k  billion: b  10000: 万 萬 만  100000000: 億 亿 억
"""
_DENIALS = """
no: no not never none nobody nothing nowhere neither nor cannot without unless hardly не ні ніколи ніхто нікого нікому
  нічого ніщо ніде ніяк* жоден жодн* немає нема без ни нет никогда никто никого никому ничего ничто нигде никак*
  нельзя nicht nichts kein keine keinen keinem keiner keines keinerlei nie niemals niemand* ohne weder nirgend*
  keineswegs pas jamais rien aucun aucune sans guère nul nulle personne ni nunca jamás nada nadie ningún ninguno
  ninguna sin tampoco não nem nenhum nenhuma sem ninguém jamais non né nessun nessuno nessuna senza niente nulla
  neppure neanche nie nic nikt nikogo bez nigdy żaden żadn* ani değil yok asla hiç hiçbir yoktu inte utan aldrig لا لم
  لن ليس ليست غير بدون دون نه نیست לא אין בלי ללא אינו אינה אינם איננו מעולם לעולם אף בלתי 不 没 沒 無 无 非 未 莫 勿 ない なかっ なし
  なければ ません ぬ 않* 없* 못* 아니* 안 말* ไม่
"""
_PLACES = """
russia: روسيا רוסיה ロシア 俄罗斯 俄羅斯 俄国 러시아*  ukraine: أوكرانيا אוקראינה ウクライナ 乌克兰 烏克蘭 우크라이나*
america: أمريكا أميركا ארצות הברית アメリカ 米国 美国 美國 미국*  china: الصين סין 中国 中國 중국*  japan: اليابان יפן 日本 일본*
korea: كوريا קוריאה 韓国 韩国 韓國 한국*  north_korea: 北朝鮮 朝鲜 북한*  taiwan: تايوان טאיוואן 台湾 台灣 대만*
india: الهند הודו インド 印度 인도  germany: ألمانيا גרמניה ドイツ 德国 德國 독일*  france: فرنسا צרפת フランス 法国 法國 프랑스*
britain: بريطانيا בריטניה イギリス 英国 英國 영국*  italy: إيطاليا איטליה イタリア 意大利 이탈리아*  spain: إسبانيا ספרד スペイン 西班牙 스페인*
turkey: تركيا טורקיה トルコ 土耳其 튀르키예* 터키*  poland: بولندا פולין ポーランド 波兰 폴란드*  israel: إسرائيل ישראל イスラエル 以色列 이스라엘*
palestine: فلسطين פלסטין パレスチナ 巴勒斯坦 팔레스타인*  iran: إيران איראן イラン 伊朗 이란*  iraq: العراق עיראק イラク 伊拉克 이라크*
syria: سوريا سورية סוריה シリア 叙利亚 시리아*  lebanon: لبنان לבנון レバノン 黎巴嫩 레바논*  jordan: الأردن ירדן ヨルダン 约旦 요르단*
egypt: مصر מצרים エジプト 埃及 이집트*  saudi: السعودية סעודיה サウジ 沙特 사우디*  libya: ليبيا לוב リビア 利比亚
sudan: السودان סודן スーダン 苏丹 수단  morocco: المغرب מרוקו モロッコ 摩洛哥  algeria: الجزائر אלג'יריה アルジェリア 阿尔及利亚
tunisia: تونس תוניסיה チュニジア 突尼斯  yemen: اليمن תימן イエメン 也门  qatar: قطر קטאר カタール 卡塔尔 카타르*  gaza: غزة עזה ガザ 加沙 가자*
moscow: موسكو מוסקבה モスクワ 莫斯科 모스크바*  kyiv: كييف קייב キーウ キエフ 基辅 키이우*  washington: واشنطن וושינגטון ワシントン 华盛顿 워싱턴*
new_york: نيويورك יורק ニューヨーク 纽约 뉴욕*  london: لندن לונדון ロンドン 伦敦 런던*  paris: باريس פריז パリ 巴黎 파리*
berlin: برلين ברלין ベルリン 柏林 베를린*  beijing: بكين בייג'ינג 北京 베이징*  shanghai: شنغهاي שנגחאי 上海 상하이*  nanjing: 南京
hong_kong: 香港 홍콩*  tokyo: طوكيو טוקיו 東京 东京 도쿄*  kyoto: 京都 교토*  osaka: 大阪 오사카*  nara: 奈良  okinawa: 沖縄  hiroshima: 広島
seoul: سول סיאול ソウル 首尔 首爾 서울*  busan: 釜山 부산*  incheon: 인천*  daegu: 대구  cairo: القاهرة קהיר カイロ 开罗 카이로*
damascus: دمشق דמשק  baghdad: بغداد בגדאד  beirut: بيروت ביירות  tehran: طهران טהרן  jerusalem: القدس ירושלים
tel_aviv: אביב  haifa: حيفا חיפה  riyadh: الرياض  dubai: دبي דובאי
"""
_TITLES = regex.compile(
    r"(?:(?:^|\s)(?:[وب]?(?:الرئيس|رئيس الوزراء|الوزيرة?|السيدة?|الدكتورة?|الملك|الأمير|النائب|الجنرال|الشيخ|مدينة|بلدة|قرية)"
    r"|ה?נשיא|ראש הממשלה|ה?שרה?|מר|גברת|גב'|ד\"ר|פרופ'|ה?עיר|ה?יישוב|ח\"כ)\s+(?:\p{L}+\s+)?"
    r"|(?:总理|總理|总统|總統|主席|总书记)\p{Han}{0,2})$"
)
_HONOURS = regex.compile(
    r"[\p{Han}\p{Katakana}ー・]{0,3}(?:氏|さん|容疑者|被告|大統領|首相|総理|議員|知事|选手|選手|先生|女士|小姐|总统|總統|总理|總理|主席|部长|部長|省|県|縣)"
    r"|市[はがのでに长長]|\p{Hangul}{0,2}\s?(?:씨|대통령|총리|장관|의원|시장|대표|교수|감독|선수)"
)
_LANGUAGES = {
    "en": "the of and to is in for that with was are you it this be can",
    "de": "und ist nicht der die das für wird eine einen einem dem auf mit sich auch von zum zur oder im des wir unser"
    " unserer kann sind ihre durch werden über",
    "fr": "le la les des et un une est du dans que pour qui par au",
    "es": "el la los las una que por con del se un es en para más fue hay su",
    "it": "il di che è della del una per con sono nel gli dei alla ha hanno più",
    "pt": "não uma um em são pelo pela você ao às nas da do dos foi ele ela que",
    "pl": "w z na się nie do że jest i po od oraz",
    "tr": "ve bir bu için ile olarak da de çok değil yıl kişi",
}
_NO_FACTS = {  # what is a fact in one language and none in another; the first line is for all that are not named
    "": "due on once sei bin otto uno nove",
    "de": "due on once sei bin otto uno nove hier",
    "es": "due on sei bin otto uno nove",
    "it": "on once bin uno",
    "pt": "due on once sei bin otto no",
    "pl": "due on once sei bin otto ten",
    "tr": "due once sei otto nove",
}
_ONLY_WITH_A_CAPITAL = frozenset(["may", "march", "august"])
_PLAIN = """
a an the this that these those he she it its his her their our my your we you they i me him them us who whom one which
what when where why how whenever wherever whatever whoever while although though because since if then than as at by
for from into of off on onto or out over per so to too under until up upon via with within and are is was were be been
being am do does did has have had can could may might must shall should will would but also all any both each every
few many more most much other some such there here just only very again after before between during about above below
against however therefore thus hence moreover furthermore finally please thank thanks let lets yes another still yet
even once now well in і й та а але або чи що як це цей ця ці той те ті він вона воно вони ми ви я ти його її їх їхній
наш ваш мій у в з із зі до від на по за про для при під над між через після перед якщо коли де тому також лише тільки
вже ще є був була було були буде бути може можна треба щоб бо отже однак проте який яка яке які все всі весь кожен и
но или что этот эта эти тот он она оно они мы вы ты его её ее их мой с со к ко от о об из под между если когда где
поэтому только уже еще ещё есть был была было были будет быть может можно надо чтобы который которая которое которые
всё каждый другой однако der die das den dem des ein eine einen einem einer eines und oder aber ist sind war waren sei
wird werden wurde hat haben hatte ich du er sie es wir ihr mich sich uns ihn ihm ihnen mein dein sein unser euer
dieser diese dieses diesen diesem jede jeder jedes wie wer wo wann warum wenn weil dass daß als ob da dann denn doch
noch nur auch schon sehr hier dort im auf aus bei mit nach seit von vom zu zum zur über unter vor hinter zwischen
durch für gegen um bis jedoch daher le la les l un une de d au aux et ou mais sont était ont elle il ils elles je tu
nous vous ce cet cette ces son sa ses leur leurs mon ma mes notre votre qui que quoi dont où quand comment pourquoi si
car donc dans en par pour sur sous avec chez vers entre après avant depuis pendant aussi très plus moins tout tous
toute toutes même el los las uno una unos unas del al y e o u pero fue ser estar está están ha han había yo tú él ella
ellos su sus mi este esta esto estos estas ese esa eso aquel quien cual cuando donde como para con sobre desde hasta
tras ante muy más menos también todo todos toda todas ya aún así os uma umas dos na nos nas em com foi ele ela eles
elas seu sua lo gli della di chi che w z ever always often someone anyone everyone somebody anybody something anything
somewhere themselves itself himself herself ourselves around across along among behind beside besides beyond despite
inside outside near toward towards through able got get gets having doing whether either rather quite almost already
soon later perhaps maybe щось хтось дехто кожн кожна якби адже саме навіть майже дуже потім тоді тепер ось там тут
сюди туди звідки якось себе собі себя очень даже почти потом тогда теперь вот сюда туда потому зачем почему jemand
etwas man mal ja sowohl sowie bevor nachdem während wegen trotz damit dabei dazu darum deshalb deswegen immer einige
mehrere chacun chaque quelque quelques quelqu'un cela ceci ça celui celle ceux celles lui puis alors ainsi toujours
lorsque afin selon alguien algo alguno alguna algunos algunas cada otro otra otros otras mismo misma entonces luego
aquí allí siempre mientras aunque porque pues según se te tra fra perché quando dove come cui questo questa questi
queste quello quella è sono hanno era nel nella nei dal dalla alla esse essa isso aquele aquela mas por onde quem qual
são estão tem têm ao à às aos pelo pela num numa się jest są był była było oraz ale lub jak kiedy gdzie co kto który
która które ten ta tego tej tym od po przy przez dla pod nad ze za ve ile bir bu şu için gibi kadar ama fakat veya ki
ne nasıl neden çok daha det som är och att på för av med till ett een het van zijn は が を に で と も の へ や から まで より など 은 는
이 가 을 를 에 의 와 과 로 으로 도 만 에서 부터 까지 하고 في من على إلى عن مع أن إن هذا هذه ذلك تلك التي الذي الذين كان كانت هو هي هم و أو
ثم قد ما كل بعض عند بين حتى של על את זה זאת הוא היא הם הן עם כי גם או אם כל אבל יש מה מי
después además aunque según malgré hormis quant lors parce
"""
_NAMELESS_ENDING = regex.compile(
    r"(?r)(?:ing|ly|ed|tions?|sions?|ness|ments?|[ai]ble|ous|ful|less|ever|ity|[ae]nces?|ism|i[sz]e[ds]?|ive"
    r"|[аеєиіёуюя]т?ь?ся|[еєаія]н+[яіїюие]|ств[оауі]|ція|ції|ция|ции|[іо]сть|[ое]сти|[еа]ний|[ео]ван[аеиіоі]|[оі]ван[аеио]|інг|инг"
    r"|ти|ть|[юу][щч][иеао][ймяехю]"
    r"|ungs?|ungen|[hk]eit|schaft|tät|nis|ismus|[ae]nz|lich|isch|[cs]ión|mente|dad|[ae]ndo|[cs]ion|ité|eux|euse|ção)$"
)
_ABSTRACT_ENDING = regex.compile(
    r"(?:[ts]ion|ness|ment|ance|ence|ung|[hk]eit|[аеє]ння|[ае]ние|[cs]ión|[аои]ц[іи][йюія]\w{0,4})$"
)
_DENYING_PREFIX = regex.compile(
    r"(?:un|non|anti|nicht|nie|не|недо|без)(?=\p{L}{4})|(?:in|im|il|ir|dis|des|dés|i(?=l))(?=\p{L}{5})|[불비무미](?=\p{L})"
)
_DENYING_SUFFIX = regex.compile(r"^(\p{L}{3,30})(?:less(?:ly|ness)?|los(?:e[nrsm]?)?|s[ıiuü]z)$")
_DENYING_MIDDLE = regex.compile(r"(?<=\p{L}{2})(m[aeıiuü])(?=\p{L})(?!\1)(?<!\1\1)")
_NO_LONGER = regex.compile(r"(?i)\bn(?:e\s+|['’])\p{L}+\s+(?:\p{L}+\s+)?plus\b")

_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_ATTACHED = regex.compile(r"(?:[cdjlmnst]|qu|dell|all|nell|sull|dall)'|[وفبكل]?ال|لل|[وفبكل]|[ובלכמהש]")
_ENDING = regex.compile(r"(?<=\p{L}{2})'[a-zçğıöşü]{1,4}$")
_COUNTED = regex.compile(
    r"^(?P<number>\p{L}{2,20}?)(?:річ|літ|лет|кратн|разов|поверхов|этажн|місячн|месячн|денн|дневн|тижнев|недельн|годинн"
    r"|часов|відсотков|процентн|сторонн|томн|тисячн|jährig|fach|mal|köpfig|stöckig|tägig|wöchig|monatig|stündig|prozentig"
    r"|teilig|fold|year|man)\p{L}{0,5}$"
)
_NUMBER_PARTS = regex.compile(
    r"^(?:ein|zwei|drei|vier|fünf|sechs?|sieb(?:en)?|acht|neun|zehn|elf|zwölf|zwanzig|(?<=\p{L})(?:zig|ßig|und|hundert"
    r"|tausend|mila|cento|uno?|due|tr[eé]|quattro|cinque|sei|sette|otto|nove|dós|tres|trés|cuatro|cinco|séis|siete|ocho"
    r"|nueve)|veinti|venti?|trenta?|quaranta?|cinquanta?|sessanta?|settanta?|ottanta?|novanta?|duecento|due|tre(?=cento|mila)"
    r"|три|чотири|четыре|п'ят|пять?|шіст|шесть?|сім|семь?|вісім|восемь?|дев'ят|девять?|(?<=\p{L}{3})(?:сот|ста)\p{L}{0,2}"
    r"){2,12}+(?:s?te[nrsm]?)?$"
    r"|^(?:[일이삼사오육칠팔구수몇]?[십백천만억]){1,5}+[일이삼사오육칠팔구]?$|^[수몇][십백천만]\p{L}?$"
)
_CJK_NUMBER = regex.compile(
    r"[〇零一二三四五六七八九十百千]{2,}|[〇零二三四五六七八九十百千]|(?<=[数數几幾\p{N}])[万萬億亿]|[两兩]|半"
)
_SAME_NUMBER = str.maketrans("萬億两兩", "万亿二二")
_ENOUGH_WORDS = 2  # of the commonest, to know a language
_AFTER_NUMBER = r"(?<=[\p{N}〇零一二三四五六七八九十百千万萬億亿兆数數几幾两兩半])"


class _Table(NamedTuple):
    exact: dict[str, str]
    stems: dict[str, str]
    within: regex.Pattern[str]


def _table(listed: str, before: str = "") -> _Table:
    """Read a table; words of scripts that write no spaces count only after a match of `before`."""
    exact: dict[str, str] = {}
    stems: dict[str, str] = {}
    meaning = ""
    for word in listed.split():
        if word.endswith(":"):
            meaning = word[:-1]
        else:
            (stems if word.endswith("*") else exact).setdefault(word.rstrip("*"), meaning)
    unspaced = sorted(filter(_UNSPACED.search, exact), key=len, reverse=True)
    within = regex.compile(before + r"\L<words>", words=unspaced) if unspaced else regex.compile(r"(?!)")
    return _Table(exact, stems, within)


_NUMBER_WORDS, _DATE_WORDS, _RELATIVE_WORDS, _DENIAL_WORDS, _PLACE_WORDS = map(
    _table, (_NUMBERS, _DATES, _RELATIVE, _DENIALS, _PLACES)
)
_UNIT_WORDS = _table(_UNITS, _AFTER_NUMBER)
_PLAIN_WORDS = frozenset(_PLAIN.split())
_COMMON_WORDS = {language: frozenset(listed.split()) for language, listed in _LANGUAGES.items()}
_FACTLESS_WORDS = {language: frozenset(listed.split()) for language, listed in _NO_FACTS.items()}


def plain(value: str) -> str:
    """Return words as the tables have them: lower case, a straight apostrophe, no soft hyphens."""
    if value.isascii():
        return value.lower()
    return value.lower().replace("’", "'").replace("ʼ", "'").replace("\u00ad", "")


def language(words: set[str]) -> str:
    """Return the language that most of the commonest words are of ("en", "de" and a few more), or nothing."""
    found = {name: len(words & common) for name, common in _COMMON_WORDS.items()}
    likeliest = max(found, key=lambda name: found[name])
    others = sum(found.values()) - found[likeliest]
    return likeliest if found[likeliest] >= _ENOUGH_WORDS or (found[likeliest] and not others) else ""


def may_state_fact(word: str, speaking: str) -> bool:
    """Tell whether a word, as it is written, can carry a fact in this language: `may` has none, `May` has."""
    if word in _ONLY_WITH_A_CAPITAL:
        return False
    return plain(word) not in _FACTLESS_WORDS.get(speaking, _FACTLESS_WORDS[""])


@lru_cache(maxsize=8192)
def number(word: str) -> str | None:
    """Return the value that a number word has, as digits, or None."""
    if _UNSPACED.search(word):
        return (
            " ".join(_CJK_NUMBER.findall(word) + _meanings_within(word, _NUMBER_WORDS)).translate(_SAME_NUMBER) or None
        )
    if len(word) > _LONGEST_WORD or date(word) is not None:
        return None
    counted = _COUNTED.fullmatch(word)
    return (
        _look_up(word, _NUMBER_WORDS)
        or (counted and number(counted["number"]))
        or (word if _NUMBER_PARTS.fullmatch(word) else None)
    )


@lru_cache(maxsize=8192)
def date(word: str) -> str | None:
    """Return the month, weekday, day, season or time of day that a word names, in English, or None."""
    return _look_up(word, _DATE_WORDS)


@lru_cache(maxsize=8192)
def relative_time(word: str) -> str | None:
    """Return what a word such as last, next or early says of the time beside it, in English, or None."""
    return _look_up(word, _RELATIVE_WORDS)


@lru_cache(maxsize=8192)
def unit(word: str, *, beside_number: bool) -> str | None:
    """Return the unit of measure, money or scale that a word or sign means, or None; short words need a number."""
    if not _UNSPACED.search(word):
        beside_number |= word[0].isdigit()
        bare = word.lstrip("0123456789")
        if not bare or (len(bare) <= _SHORT_UNIT and bare[0].isalpha() and not beside_number):
            return None
    found = _look_up(word, _UNIT_WORDS)
    if found is None and not _UNSPACED.search(word):
        scale = _look_up(word, _NUMBER_WORDS)
        return scale if scale is not None and len(scale) > len("100") else None
    return found


@lru_cache(maxsize=8192)
def denies(word: str) -> str | None:
    """Return "no" for a word that makes a statement its opposite, once for each denial within it, or None."""
    return "no" if word.endswith("n't") else _look_up(word, _DENIAL_WORDS)


def denies_by_form(word: str, other: str) -> bool:
    """Tell whether one of two words denies the other, as in able and unable, harmful and harmless."""
    if max(len(word), len(other)) > _LONGEST_WORD:
        return False
    longer, shorter = (word, other) if len(word) > len(other) else (other, word)
    prefix = _DENYING_PREFIX.match(longer)
    if prefix is not None and longer[prefix.end() :] == shorter:
        return True
    less = [_DENYING_SUFFIX.fullmatch(side) for side in (longer, shorter)]
    stem = next((found[1] for found in less if found), None)
    if stem is not None and not all(less) and longer.startswith(stem) and shorter.startswith(stem):
        return OSA.distance(longer, shorter) > 1
    return any(longer[: cut.start()] + longer[cut.end() :] == shorter for cut in _DENYING_MIDDLE.finditer(longer))


def says_no_longer(value: str) -> bool:
    """Tell whether a French text says that something is no more: `il ne fume plus`."""
    return _NO_LONGER.search(value) is not None


@lru_cache(maxsize=8192)
def place(word: str) -> str | None:
    """Return the country or city, in English, that a word of a script without capitals names, or None."""
    return _look_up(word, _PLACE_WORDS)


def is_beside_title(left: str, right: str) -> bool:
    """Tell whether a title is before or after, as one stands beside a name in scripts that have no capitals."""
    return _TITLES.search(left) is not None or _HONOURS.match(right) is not None


def is_unspaced(word: str) -> bool:
    """Tell whether a script is used that writes no spaces, so that this may be many words."""
    return _UNSPACED.search(word) is not None


def is_known(word: str) -> bool:
    """Tell whether a word is in a table of words that may have a capital and are no names."""
    return (
        is_function_word(word)
        or unit(word, beside_number=False) is not None
        or any(meaning(word) is not None for meaning in (number, date, denies))
    )


def is_function_word(word: str) -> bool:
    """Tell whether a word only holds a sentence together: an article, a pronoun, a preposition, an auxiliary."""
    return word in _PLAIN_WORDS


def may_be_name(word: str) -> bool:
    """Tell whether a word may be a name by its form, which is all there is to go by where a sentence begins."""
    return not is_function_word(word) and _NAMELESS_ENDING.search(word) is None


def is_abstract(word: str) -> bool:
    """Tell whether a word ends as nouns made of verbs and adjectives do, and names of people and places do not."""
    return _ABSTRACT_ENDING.search(word) is not None


def _look_up(word: str, table: _Table) -> str | None:
    if len(word) > _LONGEST_WORD and not _UNSPACED.search(word):
        return None
    if _UNSPACED.search(word):
        return " ".join(_meanings_within(word, table)) or None
    bare = word.lstrip("0123456789")
    forms = [word, bare, _ENDING.sub("", bare)]
    for _ in range(2):  # and in the
        if (attached := _ATTACHED.match(forms[-1])) and len(forms[-1]) > len(attached[0]) + 1:
            forms.append(forms[-1][attached.end() :])
    return next((found for form in forms if (found := _look_up_form(form, table)) is not None), None)


def _look_up_form(word: str, table: _Table) -> str | None:
    found = table.exact.get(word)
    length = len(word)
    while found is None and length > 0 and length >= len(word) - _LONGEST_ENDING:
        found = table.stems.get(word[:length])
        length -= 1
    return found


def _meanings_within(word: str, table: _Table) -> list[str]:
    return [table.exact[found] for found in table.within.findall(word)]
