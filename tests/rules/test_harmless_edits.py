"""Edits that change no fact pass the guard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections_service.rules.changes import Kind, describe_change
from tests.rules.edits import cases

HARMLESS = """
The [goverment|government] fell. · They [recieve|receive] letters. · The [the |]storm passed.
It rained[,|] and the wind rose. · [the|The] storm passed. · A [well known|well-known] author · It costs  [  |]a lot
the team's [players|player's] bus · a [long-term|long term] plan · He [go|goes] home. · They [was|were] late.
[an|a] European city · a [historic|historical] vote · The [pubilc|public] agreed. · depend [of|on] the weather
The vote [wil|will] be held · [Whlie|While] he spoke, it rained. · the [thrid|third] attempt
[twleve|twelve] jurors · on [Wensday|Wednesday] night · 40 [kilometrs|kilometres] away · 3 [milion|million] pounds
He did [nto|not] come. · they have [nver|never] met · [Unfortunatly|Unfortunately], it rained.
the [internet|Internet] is slow · a [colour|color] film · '[Yes|yes]', he said · cannot → [can not|cannot] come
a [1,200|1200] mile trip · in [teh|the] year 2019 · Obama[s|'s] speech was long · [The|This] plan is good.
the London[-| ]based firm · May[be|] it rains: he [may|might] come · He sat [in|on] it for 5 days.
It was [in|at] 2019 that he left. · [Then|Than] he left · [Recently|Recntly] he left · [Yesterady|Yesterday] he left
[Вінесення|Винесення] рішення · уряд [подаав|подав] заяву · [в|у] місті · [і|й] вона прийшла · дощ[,|] і вітер
з[ ’|’]ясували · [гарний|гарна] книга · [цього|Цього] дня · [будьласка|будь ласка] зачекайте
[по-перше|по перше] це · п[’|']ять людей · [співпраця|спiвпраця] триває · люди [люди |]прийшли
[третьій|третій] випадок · в [поніделок|понеділок] · 3 [мільона|мільйона] гривень · він [неприйшов|не прийшов]
[виборчя|виборча] комісія · із [депутатом|депутатам] ради · [Також|Тагож] відомо · обговорили [питанння|питання]
разом [з|із] нею · [Проте|Проти] дощ іде · на [засіданні|засідані] ради · [йому|йомо] сказали · [кожен|кожний] день
5 [кілометрив|кілометрів] · [Внаслідок|В наслідок] аварії · [вынисение|вынесение] решения
правительство [подалло|подало] заявление · [в|во] городе · [ещё|еще] один день · дождь[,|] и ветер
[красивый|красивая] книга · [этот|Этот] день · [по-моему|по моему] это так · люди [люди |]пришли
[третьий|третий] случай · в [понидельник|понедельник] · 3 [милиона|миллиона] рублей · [Так же|Также] известно
[не смотря|несмотря] на дождь · [Её|Ее] дом · он [незнает|не знает] · [Правительсво|Правительство] молчит
из[ |-]за дождя · [учавствует|участвует] в выборах · 5 [киллометров|километров] · [зделать|сделать] это
в [течении|течение] дня · [Почему то|Почему-то] дождь · Die [Regirung|Regierung] fiel. · [die|Die] Regierung fiel
die [Strasse|Straße] ist lang · das [das |]Haus · Es regnete[,|] und der Wind kam. · die [grosse|große] Stadt
[daß|dass] er kommt · ein [schöner|schönes] Haus · der offene [Standarf|Standard] gilt · [seid|seit] gestern
am [Mitwoch|Mittwoch] früh · im [Febuar|Februar] letzten Jahres · 3 [Milionen|Millionen] Euro
die [Entscheidng|Entscheidung] fiel · er hat [kien|kein] Geld · [zurzeit|zur Zeit] regnet es
die [E-Mail|Email] kam · [wieder sehen|wiedersehen] wollen · der [Verein|Vereinn] der Stadt
eine [Aktzeptanz|Akzeptanz] · das [Wahl-Ergebnis|Wahlergebnis] · [Die|Das] Auto fährt · mit [dem|den] Kindern
le [gouvernment|gouvernement] est tombé · [Le|le] vent souffle · le [le |]vent · Il pleut[,|] et le vent
[ca|ça] va · les [chevals|chevaux] courent · un [évènement|événement] rare · il [a|à] dit cela · ou[|i] il vient
en [fevrier|février] dernier · [mecredi|mercredi] soir · 3 [milions|millions] d'euros
[c'est a dire|c’est-à-dire] demain · l[’|']eau est froide · il a [étè|été] vu · des [maison|maisons] bleues
un [language|langage] simple · la [première|premiere] fois · [Aprés|Après] la pluie · la ville [ou|où] il vit
[ce|c'est] pas vrai · el [gobieno|gobierno] cayó · [El|el] viento sopla · el [el |]viento · Llueve[,|] y el viento
una casa [bonito|bonita] · [mas|más] agua · [Despues|Después] llovió · la [primer|primera] vez
en [febero|febrero] pasado · el [miercoles|miércoles] pasado · 3 [milliones|millones] de euros
[sólo|solo] hay agua · los [niño|niños] juegan · [por que|porque] llueve · [la|el] agua fría · [echo|hecho] en casa
la [decission|decisión] final · una [emición|emisión] breve · w [lutm|lutym] padało · [nowy|nowa] szkoła
il [governno|governo] cade · [perchè|perché] piove · un['| ]altra volta · o [governo|govenro] caiu
[voce|você] não vai · [hükümt|hükümet] düştü · [herşey|her şey] güzel · Ankara'[da|ya] gitti
[ان|أن] الحكومة سقطت
[إقتصاد|اقتصاد] البلاد
[الحكومه|الحكومة] قالت
ה[ממשלה|ממשלא] נפלה
[הייתי|היתי] שם
政府[は|が]発表した · [対象|対照]的な方針 · 東京[で|に]開かれた · 政府[的|地]决定 · [做|作]出决定
会议在今天举行[。。|。] · 정부[는|가] 발표했다 · [되|돼]요 · 프로그램[를|을] 쓴다
He is the [commitee|committee] chair. · the [two two|two] dogs · on [Firday|Friday] he left
it is [definately|definitely] so · [Goverment|Government] sources said so · [Acording|According] to police, he fled
The [president|President] spoke · it is [too|to] late · she [lead|led] the team to 5 wins
[There|Their] are five of them · in [a|an] hour · the [affect|effect] of it · the [firm's|firms] owner
they had [loose|lose] ends · more [then|than] 5 people · it was [quiet|quite] good · [who|whom] he met
the [principal|principle] reason · 3 [meter|meters] long · she is 5 year[|s] old · 5 [kilometer|kilometre] run
the [tow|two] men · a [forty five|forty-five] year old man · [Tomorow|Tomorrow] it rains
the [minuet|minute] he left · he [maybe|may be] right · [For|from] 5 to 7 people · 50[ |]% of it
it's [its|it's] own · [However|However,] he left · The team[,| ]that won · he said[:|,] “yes” · “Yes[”,|,”] he said
the “[yes”.|yes.”] · [Уряд|уряд] заявив · він [прийшов|прийшла] вчора · [Поліція|Поліціа] каже
два [роки|року] тому · на [протязі|протягом] дня · [згідно|згідно з] законом · [який|котрий] прийшов
у [двохтисячному|двотисячному] році · [кількість|кілкість] людей · сто [гривен|гривень] · об’[є|э]кт
[Пʼять|П'ять] осіб · [тобто|то-бто] так · [приймати участь|брати участь] у виборах · [Полиция|Полицыя] говорит
два [года|годы] назад · [пришол|пришёл] домой · [агентство|агенство] сообщает · в [следующий|следущий] раз
пять [человек|человека] · [будующий|будущий] год · der [Ministeer|Minister] kommt · die [Menschen|Menshcen] fliehen
zwei [Jahre|Jahren] später · wegen [dem|des] Regen · als [wie|] er kam · [Ausserdem|Außerdem] regnet es
ein [Aufbauen|Aufbau] der Stadt · die [Bundes Regierung|Bundesregierung] · [Dass|Das] Haus ist alt
er hat [garnicht|gar nicht] Zeit · eine [Millionn|Million] Euro · die [Bürger|Bürgern] der Stadt
in der [Standt|Stadt] ist es kalt · mit [Geschwindigkiet|Geschwindigkeit] gefahren
gute [Ergebnise|Ergebnisse] und mehr · [La police|La polise] dit · [les|des] gens fuient · il y [à|a] cinq ans
[Malgrès|Malgré] la pluie · [quatre vingts|quatre-vingts] euros · le [président|Président] parle
[Selon|Celon] la police · pas [de|des] pain · [plusieur|plusieurs] fois · [La policia|La policía] dice
hace cinco [año|años] · [Según|Segun] la policía · [solo|sólo] dos veces · [trés|tres] casas
el [presidente|Presidente] habla · [Tambien|También] llueve · [aun|aún] no llega
die zwei [Häuse|Häuser] sind nicht alt · die [Bürgr|Bürger] der Stadt sind auch da
"""


def test_harmless_edits_are_neither_guarded_nor_more_than_spelling():
    pairs = [pair for before, after in cases(HARMLESS) for pair in ((before, after), (after, before))]
    described = {pair: describe_change(*pair) for pair in pairs}
    assert {pair: change.guard for pair, change in described.items() if change.guard} == {}
    assert [pair for pair, change in described.items() if change.kind is not Kind.SPELLING] == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Whenver possible", "Whenever possible"),
        ("in the thre cases", "in the three cases"),
        ("1,000 people", "1000 people"),
        ("He likes Javascript.", "He likes JavaScript."),
        ("the internet wasn't", "the Internet wasn't"),
        ('he said "yes" to it', "he said “yes” to it"),
        ("Das Haus und die Strase", "Das Haus und die Straße"),
        ("der Standarf ist nicht gut", "der Standard ist nicht gut"),
        ("Винесеня великої кількості", "Винесення великої кількості"),
        ("Предпологается, что", "Предполагается, что"),
        ("un texte suplémentaire", "un texte supplémentaire"),
        ("Emición de certificados", "Emisión de certificados"),
        ("an important thing", "an importent thing"),
    ],
)
def test_a_pure_misspelling_is_not_guarded(before, after):
    change = describe_change(before, after)
    assert change.guard == ()
    assert change.kind is Kind.SPELLING


def test_a_word_is_a_fact_only_in_the_language_that_has_it_as_one():
    assert describe_change("he sat on it once", "he sat in it then").guard == ()
    assert "number" in describe_change("hay once", "hay casas", prefix="que el jurado es de la ciudad y ").guard
    assert "negation" not in describe_change("na sábado", "no sábado", prefix="uma cidade não é ").guard
    assert "date" not in describe_change("it may rain", "it might rain").guard


@given(st.text(), st.text(), st.text())
def test_an_unchanged_text_has_no_guard_whatever_is_around_it(text, prefix, suffix):
    assert describe_change(text, text, prefix=prefix, suffix=suffix).guard == ()
