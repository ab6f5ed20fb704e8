"""A change of a fact is guarded in six languages, whichever way it goes."""

import pytest

from corrections_service.rules.changes import describe_change
from tests.rules.edits import REASONS, cases

# Sentences in English, Ukrainian, Russian, German, French and Spanish, and a few in nine languages more.
FACTS = {
    "number": """
[5|6] people died · [five|six] people died · [2.5|25] per day · a loss of [−5|5] points · $5 [million|billion]
загинули [п’ять|шість] людей · погибли [пять|семь] человек · in [fünfundzwanzig|fünfunddreißig] Fällen
[٥|٦] أشخاص
il y a [trois|quatre] mois · hay [tres|cuatro] personas · [三人が死亡|四人が死亡]
The fire killed [12|21] people on the ferry. · It was the [second|third] strike this year.
The budget is [$1,200|$12,000] a year. · Louis [XIV|XVI] ruled France. · The [45|54]-year-old driver fled.
[Twenty-five|Thirty-five] firms joined. · Profits [doubled|tripled] last year. · About [1.5m|15m] people voted.
A loss of [-5|5] points · She won [six|sixty] medals. · Загинули [п’ять|шість] людей.
[Троє|Четверо] депутатів вийшли. · Явка впала до [41|14]%. · Матч завершився [2:1|1:2]. · [45|54]-річний водій утік.
Поїхали [десятки|сотні] родин. · Прийшло [одинадцять|дванадцять] суддів. · Вік [дев’яти|десяти] дітей
Куплено [шістсот|сімсот] дронів · [десять|п’ятнадцять] тисяч · Погибли [пять|шесть] человек.
[Трое|Четверо] депутатов вышли. · Бюджет [двести|триста] рублей. · [трёхлетний|двухлетний] ребёнок
Уехали [десятки|сотни] семей. · Пришло [одиннадцать|двенадцать] судей. · Более [сорока|пятидесяти] шахтёров
[шестьсот|семьсот] дронов · [дважды|трижды] судимый · [пятый|шестой] канал · [Fünf|Sechs] Menschen starben.
in [fünfundzwanzig|fünfunddreißig] Fällen · Ludwig [XIV.|XVI.] regierte. · Der [45|54]-jährige Fahrer
Ein [Drittel|Viertel] der Leute · Im [siebten|achten] Stock · [sechshundert|siebenhundert] Drohnen
[zweimal|dreimal] verurteilt · rund [1.200|12.000] Stellen · am [ersten|letzten] Tag
[Cinq|Six] personnes sont mortes. · [vingt-cinq|trente-cinq] cas · Louis [XIV|XVI] régnait. · Il a [34|43] ans.
Un [tiers|quart] du personnel · environ [quarante|cinquante] mineurs · [deux|trois] cents drones
[quatre-vingts|soixante] francs · [1 200|12 000] postes · le [premier|dernier] tour
Murieron [cinco|seis] personas. · [veinticinco|treinta y cinco] casos · Luis [XIV|XVI] reinaba.
Tiene [34|43] años. · Un [tercio|cuarto] del personal · unos [cuarenta|cincuenta] mineros
[doscientos|trescientos] drones · la [mitad|totalidad] de ellos · [un|dos] muertos · [dieciséis|dieciocho] barcos
Zginęło [pięć|sześć] osób. · [druga|trzecia] próba · [połowa|ćwierć] załogi · [cinque|sei] persone morte
[venticinque|trentacinque] casi · [mille|duemila] euro · [cinco|seis] pessoas morreram · [vinte|trinta] casos
[metade|um terço] da gente · [beş|altı] kişi öldü · [ikinci|üçüncü] kez · [yüzlerce|binlerce] aile
قتل [خمسة|ستة] أشخاص
المرة [الثانية|الثالثة]
[نصف|ثلث] السكان
[חמישה|שישה] אנשים נהרגו
[עשרות|מאות] משפחות
לפני [עשרים|שלושים] שנה
[三|四]人が死亡した · [二|三]回目の会議 · [数十|数百]人の家族 · [三|四]人死亡 · 第[二|三]次会议
[一半|三分之一]的人 · [다섯|여섯] 명이 숨졌다 · [12|21]명이 다쳤다 · [삼백|사백] 명
The club paid [£20m|£2m] for him. · Inflation hit [a quarter|a fifth] of homes.
It happened [four|fourteen] years ago. · [Both|Three] drivers survived. · The [seventh|eighth] edition starts.
Some [nine out of ten|eight out of ten] agreed. · He was in his [forties|fifties]. · Elizabeth [I|II] died.
The bill is [0.5|0.05] percent. · It is a [two-year|three-year] deal. · The score was [15–13|13–15].
Chapter [IV|VI] deals with it. · He came [last|first]. · The [Fortune 500|Fortune 100] firm
Понад [сто|двісті] людей · [пів|півтора] року · В [одинадцятій|дванадцятій] школі
це вже [восьмий|дев’ятий] обстріл · [удвічі|втричі] більше · на [двох|трьох] вулицях · [Обоє|Троє] загинули
[перша|друга] ракета · [1,5|15] млн · [двомісячний|тримісячний] термін · близько [ста|тисячі] осіб
о [шостій|сьомій] годині · [чверть|третина] населення · [п’ятисот|шестисот] людей · около [ста|двухсот] человек
[полтора|два с половиной] часа · [вдвое|втрое] больше · [первый|второй] раз · в [шесть|семь] часов
на [пяти|шести] улицах · [Оба|Трое] погибли · [сотый|тысячный] день · [четверть|половина] населения
[пятьсот|шестьсот] рублей · Rund [hundert|zweihundert] Leute · Der [erste|zweite] Versuch
[doppelt|dreifach] so viel · die [Hälfte|ganze] Stadt · [achtzehn|achtzig] Jahre alt · um [sechs|sieben] Uhr
im [Alter von 34|Alter von 43] Jahren · [eine|zwei] Tote · [1,5|15] Millionen · die [vierte|fünfte] Welle
Une [centaine|dizaine] de gens · [soixante-dix|quatre-vingt-dix] ans · le [1er|2e] tour
[deux fois|trois fois] plus · [le double|le triple] · [une|deux] victime · [mille|cent] euros · à [six|sept] heures
Un [centenar|millar] de personas · la [mitad|tercera parte] · [dos veces|tres veces] más · [sesenta|setenta] años
el [1º|2º] puesto · [mil|cien] euros · a las [seis|siete] · [ambos|tres] murieron
""",
    "name": """
said John [Andersen|Anderson] on Monday · the minister [Anna Schmidt|Anne Schmid] said
The mayor of [Paris|Lyon] · [Kiev|Kyiv] · [Smith|Smyth] said no · у місті [Львів|Луцьк]
президент [Зеленский|Залужный] заявил · Das Treffen mit [Putin|Biden] ist nicht geplant
Bundeskanzlerin Angela [Merkel|Märkel] sagte · Le président Emmanuel [Macron|Macaron] · [l’Autriche|l’Australie]
El presidente [Pedro|Pablo] Sánchez dijo
The mayor of [Leeds|Leicester] resigned. · [Harris|Norris] said the vote was fair.
The [Smith-Jones|Smith-James] report is out. · Flooding along the [Rhine|Rhone] grew.
We met [Catherine|Katherine] at the hall. · Fans of [Arsenal|Everton] cheered.
Doctors at [St Mary's|St Mark's] agreed. · Reporter [Ann|Anne] Cole wrote it.
The [Guardian|Telegraph] reported it. · The river [Tyne|Tees] froze. · Мер [Харкова|Херсона] подав у відставку.
[Петренко|Петрук] заявив про це. · Переговори країн [НАТО|ЄС] зірвано. · Речник «[Нафтогазу|Укренерго]» відмовився.
президент [Володимир|Олександр] Зеленський · Суд у [Львові|Луцьку] вирішив. · депутатка [Марія|Марина] Іваненко
Про це сказав [Залужний|Сирський]. · в [Румунії|Болгарії] почався страйк · Компанія [Сільпо|АТБ] закрила склад
Мэр [Казани|Рязани] ушёл. · [Петренко|Петрук] заявил об этом. · Подозреваемый [И.|О.] Мороз бежал.
Пресс-секретарь [Газпрома|Роснефти] отказался. · Он переехал в [Австрию|Австралию].
депутат [Мария|Марина] Иваненко · Об этом сказал [Шойгу|Белоусов]. · вместе с [Гончаровым|Гнатовым]
актриса [Алиса|Алина] Фрейнд · рядом с [Санкт-Петербургом|Екатеринбургом]
Der Bürgermeister von [Köln|Bonn] trat zurück. · [Müller|Möller] sagte das. · Gespräche der [NATO|EU] scheiterten.
Hochwasser am [Rhein|Main] · Das Gericht in [Münster|Munster] · mit [Lindner|Linder] gesprochen
die [CDU|CSU] gewann · Herr [Schmidt|Schmitt] kam · der Verdächtige [J.|T.] Kurz
der Sieg von [Bayern|Bayer] gestern · Le maire de [Lyon|Lille] a démissionné. · [Dupont|Dumont] a dit cela.
Les pays de l'[OTAN|ONU] ont échoué. · La crue de la [Seine|Saône] monte. · Il a déménagé en [Autriche|Australie].
La députée [Anne|Anna] Petit · Le rapport [Dupont-Moretti|Dupond-Moretti] · Le suspect, [J.|T.] Martin, a fui.
[Jean-Luc|Jean-Marc] Petit est élu · d’[Emmanuel|Édouard] Petit · El alcalde de [Sevilla|Segovia] dimitió.
El ministro [Pérez|Peris] habló. · Los países de la [OTAN|ONU] fallaron. · Un portavoz de [Iberdrola|Endesa] calló.
Se mudó a [Austria|Australia]. · El juzgado de [Lugo|León] falló. · dijo [Sánchez|Sanches] ayer
El sospechoso, [J.|T.] Ruiz, huyó. · [Maduro|Madero] viajó a China · Pedro [Castillo|Carrillo] llegó
Burmistrz [Krakowa|Gdańska] odszedł. · mówi [Kowalski|Kowalczyk] · il sindaco di [Torino|Trento]
ha detto [Rossi|Russo] ieri · o prefeito de [Recife|Natal] · disse [Silva|Selva] ontem
[Ankara'da|İzmir'de] bir toplantı · Başkan [Erdoğan|Erdem] konuştu
في [روسيا|أوكرانيا] اليوم
الرئيس [بايدن|ترامب] قال
مدينة [حلب|حمص] القديمة
ב[רוסיה|אוקראינה] אמרו
ראש הממשלה [נתניהו|לפיד] אמר
[東京|京都]で開かれた · [ロシア|ウクライナ]政府は · [大阪|奈良]市は発表 · 在[北京|南京]举行 · [俄罗斯|乌克兰]政府
总理[李强|李克强]说 · [서울|부산]에서 열렸다 · [러시아|우크라이나] 정부는 · [김영수|김영호] 씨는
Prime Minister [Sunak|Starmer] left. · The [Daily Mail|Daily Mirror] said so. · [Ukraine|Russia] shelled the port.
He plays for [Real Madrid|Atlético Madrid]. · [Jon|John] Snow presented it. · Mr [Brown|Browne] declined.
the village of [Little Wood|Little Ford] · She works for [the BBC|ITV]. · [O'Brien|O'Neill] resigned.
the actor [Tom Hanks|Tim Hanks] · [Stephen|Steven] said he knew. · the [Ministry of Health|Ministry of Defence]
in the [Black|Baltic] Sea · [Meta|Google] bought it. · голова ОВА [Синєгубов|Терехов] · [Зеленський|Єрмак] підписав
міста [Суми|Ромни] · [Росія|Україна] атакувала · [Київський|Львівський] суд · служба [СБУ|НАБУ]
[Оксана|Олена] сказала · вулиця [Шевченка|Франка] · із [Байденом|Трампом] · у [Польщі|Чехії] знайшли
[Укрзалізниця|Укрпошта] підвищила · глава [Минздрава|Минобороны] · [Россия|Украина] атаковала
улица [Ленина|Кирова] · [Анна|Алла] сказала · вместе с [Байденом|Трампом] · в [Москве|Минске] прошёл
компания [Яндекс|Сбер] · Bundeskanzler [Scholz|Merz] reist. · [Berlin|Bonn] war Hauptstadt.
der Konzern [Volkswagen|Daimler] · die [SPD|FDP] sagt Nein · mit Annalena [Baerbock|Bärbock]
in [Frankfurt|Frankenthal] gebaut · der [Rhein|Neckar] steigt · Trainer [Klopp|Klinsmann] geht
laut [Bild|Spiegel] stimmt das · [Marseille|Nantes] a gagné · la ministre [Borne|Barnier] part
l’[Allemagne|Espagne] dit non · [Le Monde|Le Figaro] le dit · [Air France|Air Canada] annule
Mme [Durand|Durant] a ri · [México|Perú] ganó · la ministra [Montero|Morant] · según [El País|El Mundo]
el [Barça|Betis] perdió · [Real|Atlético] Madrid · Sr. [Gómez|Gámez]
""",
    "date": """
on [5|6] March · in [December.|January.] · on [Monday|Tuesday] · у [березні|квітні] · [в понедельник|во вторник]
am [Montag|Dienstag] · le 3 [mars|avril] · el [lunes|martes] pasado · [03-Nov-2020|03-Nov-2022]
The vote is on [Monday|Tuesday]. · He died on [5|6] March. · It starts [today|tomorrow].
The court sits on [12.03.2024|13.03.2024]. · Closed until [September|December]. · The fair is on [Jan.|Feb.] 3.
The [2019|2020] contest was cancelled. · It opens in [spring|autumn]. · The lease ends in [early|late] June.
The talks resume on [Thursday|Friday]. · Вибори в [понеділок|вівторок]. · Помер [5|6] березня.
Починається [сьогодні|завтра]. · Засідання [12.03.2024|13.03.2024] · Це сталося [минулого|наступного] тижня.
Удар завдали [вранці|увечері]. · Переговори в [четвер|п’ятницю]. · протягом [липня|червня] · за [жовтень|листопад]
[січневий|лютневий] пленум · Выборы в [понедельник|вторник]. · Умер [5|6] марта. · Начинается [сегодня|завтра].
Срок истёк [вчера|сегодня]. · Закрыто до [сентября|декабря]. · Ярмарка в [воскресенье|субботу].
Откроют [весной|осенью]. · [позавчера|послезавтра] · в течение [июля|июня] · в [среду|четверг] ночью
Die Wahl ist am [Montag|Dienstag]. · Er starb am [5.|6.] März. · Geboren [1987|1978] in Ulm.
Die Frist lief [gestern|heute] ab. · am [12.03.|13.03.] in Ulm · bis [September|Dezember] geschlossen
Der Markt am [Sonntag|Samstag] · Im [Frühling|Herbst] öffnet es · [vorgestern|übermorgen]
die [Januar-|Februar-]Ausgabe · Le vote est [lundi|mardi]. · Il est mort le [5|6] mars. · Née en [1987|1978] à Pau.
Le délai expirait [hier|aujourd’hui]. · fermé jusqu'en [septembre|décembre]
C'était la semaine [dernière|prochaine]. · l'attaque du [matin|soir] · [avant-hier|après-demain] · [début|fin] juin
depuis [juillet|juin] · El voto es el [lunes|martes]. · Murió el [5|6] de marzo. · Nació en [1987|1978].
El plazo venció [ayer|hoy]. · cerrado hasta [septiembre|diciembre] · Fue la semana [pasada|próxima].
por la [tarde|noche] · [anteayer|ayer] · [enero|febrero] frío · desde [julio|junio] · w [poniedziałek|wtorek]
[wczoraj|jutro] · w [listopadzie|grudniu] · [lunedì|martedì] mattina · [oggi|domani]
la [scorsa|prossima] settimana · na [segunda-feira|terça-feira] · [hoje|amanhã] · no [sábado|domingo]
[pazartesi|salı] günü · [bugün|yarın] · [geçen|gelecek] hafta
يوم [الاثنين|الثلاثاء]
[أمس|غدا] صباحا
الأسبوع [الماضي|المقبل]
ב[מרץ|אפריל] האחרון
[אתמול|מחר] בבוקר
בשבוע [שעבר|הבא]
[月|火]曜日に開く · [昨日|明日]発表した · [先週|来週]の会議 · 星期[一|二]开会 · [昨天|明天]宣布 · 周[三|五]晚上
[월요일|화요일]에 연다 · [어제|내일] 발표했다 · [지난주|다음 주] 회의
The law takes effect [next year|this year]. · the [Christmas|Easter] market · It began on [1 June 2020|1 July 2020].
on [Dec. 3|Nov. 3] · from [9 a.m.|9 p.m.] on · at 10 [am|pm] · two weeks [ago|later] · in the [18th|19th] century
on the [eve|morning] of the vote · until [midnight|noon] · since [last Friday|last Thursday] · the [2010s|2020s]
by [mid-May|mid-March] · до [кінця|початку] року · [20 лютого|24 лютого] 2022 року · у [2022|2023] році
[позаминулого|минулого] року · станом на [ранок|вечір] · у ніч на [понеділок|середу] · на [Різдво|Великдень]
у [січні|червні] · о 10 [ранку|вечора] · в [начале|конце] года · [9 мая|8 мая] 1945 года · на [Рождество|Пасху]
[днём|ночью] взорвался · в [понедельник|пятницу] · с [января|июня] · [Ostern|Weihnachten] ist frei
[3. Oktober|9. November] · seit [vergangenem|nächstem] Jahr · um Mitternacht am [Freitag|Mittwoch]
[montags|freitags] geschlossen · seit [2015|2016] · in den [1990er|1980er] Jahren · am [Morgen|Abend] des Tages
à [Noël|Pâques] · l’[an dernier|an prochain] · le [14 juillet|4 juillet] · en [1989|1998] · ce [lundi|jeudi] matin
à [midi|minuit] · depuis [hier|lundi] · en [Navidad|Semana Santa] · el [año pasado|año próximo]
el [12 de octubre|2 de octubre] · en [1936|1963] · este [lunes|jueves] · a [medianoche|mediodía] · desde [ayer|hoy]
""",
    "unit": """
it is 5 [km|miles] away · costs [$5|€5] · купив 3 [кг|г] · [5%|5‰] of them
The road is 5 [km|m] long. · It was 40 [°C|°F] in the shade. · The bag weighs 2 [kg|g]. · The fine is [$|€]500.
The tank holds 50 [litres|gallons]. · They paid 20 [dollars|euros]. · The wall is 6 [feet|metres] high.
He earns £5[k|m]. · Speeds reached 90 [mph|km/h]. · sentenced to five [years|months] in jail · Дорога має 5 [км|м].
Було 40 [°C|°F] у тіні. · Мішок важить 2 [кг|г]. · Штраф 500 [гривень|доларів]. · Бак на 50 [літрів|галонів].
Він чекав два [тижні|місяці]. · Стіна 6 [футів|метрів] заввишки. · отримав п’ять [років|місяців] в’язниці
п’ять [тонн|кілограмів] зерна · доза 5 [мг|мл] · Дорога 5 [км|м]. · Было 40 [°C|°F] в тени.
Станция даёт 5 [кВт|МВт]. · Это в 10 [милях|километрах] отсюда. · Бак на 50 [литров|галлонов].
Это длилось 3 [часа|дня]. · Файл 3 [МБ|ГБ]. · участок 8 [гектаров|соток] · получил пять [лет|месяцев] тюрьмы
пять [тонн|килограммов] зерна · Die Straße ist 5 [km|m] lang. · Es war 40 [°C|°F] heiß. · Der Sack wiegt 2 [kg|g].
Strafe von 500 [Euro|Dollar]. · Der Tank fasst 50 [Liter|Gallonen]. · Es dauerte 3 [Stunden|Tage].
Die Datei hat 3 [MB|GB]. · 8 [Hektar|Ar] Land · 3 [Mio.|Mrd.] Euro · um 5 [Prozentpunkte|Prozent]
La route fait 5 [km|m]. · Il faisait 40 [°C|°F]. · Le sac pèse 2 [kg|g]. · C'est à 10 [miles|kilomètres].
Hausse de 5 [%|‰]. · Cela a duré 3 [heures|jours]. · Le fichier fait 3 [Mo|Go]. · Le mur fait 6 [pieds|mètres].
cinq [ans|mois] de prison · 5 [minutes|secondes] après · La vía mide 5 [km|m]. · Hacía 40 [°C|°F]. · Pesa 2 [kg|g].
Está a 10 [millas|kilómetros]. · 50 [litros|galones] de agua · Esperó dos [semanas|meses].
El muro mide 6 [pies|metros]. · 8 [hectáreas|acres] de tierra · cinco [toneladas|kilos] de trigo
subió 5 [puntos|por ciento] · 3 [miliony|miliardy] złotych · trwało 3 [godziny|dni] · 500 [złotych|euro]
3 [milioni|miliardi] di euro · durò 3 [ore|giorni] · cinque [anni|mesi] di carcere · 3 [milhões|bilhões] de reais
durou 3 [horas|dias] · cinco [anos|meses] de prisão · 3 [milyon|milyar] lira · 3 [saat|gün] sürdü
yüzde 5 [puan|lira]
3 [ملايين|مليارات] دولار
500 [دولار|يورو]
خمس [سنوات|أشهر] سجنا
3 [מיליון|מיליארד] שקל
500 [דולר|אירו]
נמשך 3 [שעות|ימים]
5[キロ|メートル]離れた · 500[ドル|ユーロ] · 5[円|ドル] · 5[公里|米]之外 · 500[美元|欧元] · 三[年|个月]监禁
5[킬로미터|미터] 떨어진 · 500[달러|유로] · 2[킬로그램|그램]
It weighs 20 [stone|pounds]. · at 30 [degrees Celsius|degrees Fahrenheit] · 5 [sq km|sq miles] · the [£|$]3 ticket
a 12-[inch|foot] pipe · 5 [knots|mph] · 60 [Hz|kHz] · 3 [centimetres|millimetres] of rain · 15 [euros|pounds] each
9 [barrels|tonnes] of oil · the [thousands|millions] of users · four [decades|centuries] ago · [10 см|10 мм] опадів
100 [кілометрів|метрів] звідси · за 5 [хвилин|годин] · [тисяча|мільйон] гривень · 12 [євро|доларів]
на 7 [градусів|відсотків] · 5 [діб|годин] тому · 100 [километров|метров] отсюда · за 5 [минут|часов]
[тысяча|миллион] рублей · 12 [евро|долларов] · 5 [суток|часов] назад · 7 [градусов|процентов]
100 [Kilometer|Meter] weit · in 5 [Minuten|Stunden] · [Tausende|Millionen] Euro · 12 [Franken|Euro]
5 [Pfund|Kilogramm] Mehl · 2 [Zentimeter|Millimeter] Regen · 5 [centimètres|millimètres] · 12 [francs|euros]
en 5 [minutes|heures] · des [milliers|millions] d'euros · 5 [centímetros|milímetros] · 12 [pesos|euros]
en 5 [minutos|horas] · [miles|millones] de euros · 30 grados [Celsius|Fahrenheit]
""",
    "negation": """
[he is guilty|he is not guilty] · [able|unable] to go · he [is|isn’t] at home · [він не прийшов|він прийшов]
[он не пришёл|он пришёл] · [er hat Zeit|er hat keine Zeit] · il [n’est pas|est] venu · [nunca|siempre] llegó
[行きます|行きません]
He did [not |]resign. · It is [legal|illegal] to film. · They left [with|without] pay. · He [can|cannot] appeal.
She [has|hasn't] paid. · The union [agreed|disagreed] with it. · The plan is [likely|unlikely] to pass.
They have [ever|never] met. · It was a [harmless|harmful] chemical. · the [violent|non-violent] protest
Він [не |]пішов у відставку. · Це [законно|незаконно]. · Пішли [з|без] грошей. · [Жоден|Кожен] не постраждав.
[Нічого|Щось] приховали. · Дані [надійні|ненадійні]. · [Ні|Так], це правда · [неможливо|можливо] виграти
дім [безпечний|небезпечний] · [Аж ніяк|Точно] так · Он [не |]ушёл в отставку. · Она [виновна|невиновна].
Он [никогда|всегда] это отрицал. · Ушли [с|без] денег. · [Никто|Кто-то] пришёл. · У него [есть|нет] времени.
[нельзя|можно] курить · Данные [надёжны|ненадёжны]. · [невозможно|возможно] выиграть
[никакие|некоторые] доказательства · Er trat [nicht |]zurück. · Das ist [legal|illegal].
Sie gingen [mit|ohne] Lohn. · [Keine|Einige] Leute wurden verletzt. · Es gab [nichts|etwas] zu verbergen.
Die Daten sind [zuverlässig|unzuverlässig]. · [weder|sowohl] Geld · Das ist [nirgends|überall] so.
der [erlaubte|unerlaubte] Verkauf · [keinerlei|etliche] Beweise · Il [n'a pas|a] démissionné.
C'est [légal|illégal]. · Il l'a [toujours|jamais] nié. · [Aucun|Chaque] employé touché
Il n'y a [rien|tout] à cacher. · [Personne|Chacun] n'est venu. · C'est [possible|impossible]. · [ni|et] argent
[nulle|toute] part · un acte [volontaire|involontaire] · [No |]dimitió ayer. · Es [legal|ilegal].
[Siempre|Nunca] lo negó. · [Ningún|Algún] empleado vino. · [Puede|No puede] recurrir. · [Nadie|Alguien] vino.
Los datos son [fiables|no fiables]. · [ni|y] dinero · [tampoco|también] vino · [jamás|siempre] habló
On [nie |]odszedł. · [z|bez] pieniędzy · jest [winny|niewinny] · [non |]ha lasciato · [nessuno|qualcuno] venne
[niente|tutto] da dire · Ele [não |]saiu. · [com|sem] dinheiro · é [possível|impossível] · o [geldi|gelmedi]
para [var|yok] · [asla|hep] konuştu
هو [لم يأت|أتى]
[ليس|هذا] صحيحا
[لن|سوف] يأتي
הוא [לא |]בא
[בלי|עם] כסף
[אף אחד|מישהו] בא
彼は[行く|行かない] · 参加[した|しなかった] · [有罪|無罪]の判決 · 他[没有|]去 · 他[会|不会]来 · [未|已]通过
그는 [갔다|안 갔다] · [가능|불가능]하다 · 승인[했다|하지 않았다]
He [won't|will] run. · [None|All] of them spoke. · the [un|]armed man · [Non-|]EU citizens · They [don't|do] agree.
He is [no longer|still] the chair. · It was [hardly|very] new. · the claim was [in|]accurate
She [wasn't|was] there. · an [independent|dependent] body · Він [не був|був] там. · ніхто [не|] знав
[неможлива|можлива] угода · [незаконна|законна] забудова · [ще|ніколи] бачив · [без|із] світла
[заборонено|не заборонено] палити · [Усі|Ніхто] знали · [неодружений|одружений] · он [не был|был] там
[невозможная|возможная] сделка · [без|со] света · [ещё|никогда] видел · [незаконная|законная] стройка
[неженатый|женатый] · вряд ли [не|] придёт · Das ist [kein|ein] Problem. · [nicht-öffentliche|öffentliche] Sitzung
ein [unbekannter|bekannter] Mann · Er kam [nie|oft]. · Man darf [nicht|hier] rauchen. · [Alle|Keiner] wusste es
Il n’a [jamais|souvent] dit · Ce n’est [pas|que] vrai · [Tout|Rien] va bien · un cas [régulier|irrégulier]
Il est [mort|pas mort] · [Todos|Nadie] lo sabe · [Ya no|Ya] vive allí · un acuerdo [regular|irregular]
[ni siquiera|incluso] habló · [contento|descontento] con ello · [Nunca|Siempre] vino
""",
    "quotation": """
he said “I [will|shall] go” today · він сказав: «Я [піду»|прийду»] · er sagte: „Ich [gehe“|bleibe“]
He said “we will [win|lose]”. · She told us: "It is [fair|unfair]". · The sign read ‘[Keep|Stay] out’.
“This [plan|idea] is dead,” he said. · 'We [walked|ran] away,' she said.
He called it a “[huge|big] mistake” on air. · a “[gift for the rich” and a shame|present for the rich” and a shame]
Він сказав: «Ми [виграємо|програємо]». · Вона: “Це [чесно|підло]”. · „Цей [план|задум] мертвий“, — сказав він.
"Ми [пішли|бігли] геть", — каже вона. · назвав це «[великою|грубою] помилкою» в ефірі
Он сказал: «Мы [выиграем|проиграем]». · Она: "Это [честно|подло]". · «Этот [план|замысел] мёртв», — сказал он.
назвал это «[большой|грубой] ошибкой» в эфире · Er sagte: „Wir [siegen|verlieren]“. · Sie: "Das ist [fair|falsch]".
»Dieser [Plan|Einfall] ist tot«, sagte er. · ‚Wir [gingen|liefen] weg‘, sagte sie.
nannte es einen „[großen|groben] Fehler“ im Radio · Il a dit : « Nous allons [gagner|perdre] ».
Elle : "C'est [juste|faux]". · « Ce [plan|projet] est mort », dit-il. · “Nous [partions|courions]”, dit-elle.
y voit une « [grande|grave] erreur » en direct · Dijo: «Vamos a [ganar|perder]». · Ella: "Es [justo|falso]".
“Este [plan|proyecto] ha muerto”, dijo. · lo llamó un «[gran|grave] error» en directo
powiedział: „[Wygramy|Przegramy]” · disse: «Andiamo a [vincere|perdere]» · disse: “Vamos [ganhar|perder]”
“[Kazanacağız|Kaybedeceğiz]” dedi
قال «سوف [نفوز|نخسر]» اليوم
قال "سوف [نفوز|نخسر]" اليوم
הוא אמר "אנחנו [ננצח|נפסיד]" היום
彼は「[勝つ|負ける]」と述べた · 他说“我们会[赢|输]” · 他说「我們會[贏|輸]」 · 그는 “[이긴다|진다]”고 말했다
그는 "우리가 [이긴다|진다]"고 말했다
"We won't [stop|start]", said Ann. · He wrote that “the [deal|plan] is off”.
It was, she said, "a [great|bad] day". · ‘I [love|hate] it,’ he said. · «Ми [переможемо|програли]», — каже він
за словами «[свідка|жертви]» · "[Так|Ні]", — відповіла
""",
}


@pytest.mark.parametrize("reason", REASONS)
def test_a_change_of_a_fact_is_guarded_whichever_way_it_goes(reason):
    pairs = [pair for before, after in cases(FACTS[reason]) for pair in ((before, after), (after, before))]
    assert [pair for pair in pairs if reason not in describe_change(*pair).guard] == []
