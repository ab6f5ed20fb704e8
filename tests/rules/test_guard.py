"""The class guard in eleven languages: plain spelling passes, whatever turns a statement round is held."""

import re
from pathlib import Path

import pytest
from rapidfuzz.distance import OSA

from corrections_service.rules.changes import Kind, describe_change, describe_edit
from corrections_service.rules.quotes import Quote

SPELLINGS = Path(__file__).with_name("spellings.txt")
AROUND = {  # a plain sentence that says in which language it is
    "en": ("The paper says that the ", " was there in the town."),
    "de": ("Das ist auch der ", " und wird nicht gesagt, sagt sie."),
    "fr": ("Il y a dans la ville ", " qui est pour les gens."),
    "es": ("Se dice que en la ciudad ", " que hay por los demás."),
    "it": ("Nella città si dice che ", " è per gli abitanti."),
    "pl": ("W mieście jest ", " który nie jest na ulicy."),
    "pt": ("Na cidade não há ", " que foi para os outros."),
    "tr": ("Bu şehirde çok ", " ve bir şey için var."),
    "uk": ("У місті є ", " що не було для людей."),
    "ru": ("В городе есть ", " что было для людей."),
    "ar": ("وقال في المدينة ", " على كل حال."),
    "he": ("הוא אמר על ", " גם לפני כן."),
}
OPPOSITES = """
en: The test was [positive|negative]. · [Positive|Negative] results came back. · [All|Most] of them left.
en: They [refused|agreed] to sign. · The court [upheld|overturned] it. · Prices [rose|fell]. · He was [convicted|acquitted].
en: Three were [killed|injured]. · It is [above|below] the line. · The team [won|lost] the match. · They [confirmed|denied] it.
de: Der Test war [positiv|negativ]. · Die Preise sind [gestiegen|gesunken]. · Sie hat [gewonnen|verloren]. · Es ist [links|rechts] davon.
fr: Le test est [positif|négatif]. · Ils ont [accepté|refusé] cela. · Le prix [augmente|baisse]. · [Tous|Certains] sont partis.
es: El resultado es [positivo|negativo]. · El equipo [ganó|perdió] ayer. · Los precios [subieron|bajaron]. · [Todos|Algunos] salieron.
it: Il test è [positivo|negativo]. · La squadra ha [vinto|perso] ieri. · I prezzi [aumentano|diminuiscono]. · Hanno [accettato|rifiutato].
pt: O teste é [positivo|negativo]. · A equipa [ganhou|perdeu] ontem. · Eles [aceitaram|recusaram] isso. · O preço [subiu|caiu].
pl: Wynik jest [pozytywny|negatywny]. · Drużyna [wygrała|przegrała] mecz. · Ceny [wzrosły|spadły]. · [Wszyscy|Niektórzy] wyszli.
tr: Sonuç [pozitif|negatif] çıktı. · Takım [kazandı|kaybetti]. · Fiyatlar [arttı|azaldı]. · [Tüm|Bazı] üyeler geldi.
uk: Тест [позитивний|негативний]. · Команда [виграла|програла] матч. · Ціни [зросли|впали]. · [Усі|Деякі] пішли. · Суд його [виправдав|засудив].
ru: Тест [положительный|отрицательный]. · Команда [выиграла|проиграла] матч. · Цены [выросли|упали]. · [Все|Некоторые] ушли.
ar: [فاز|خسر] الفريق · [ارتفعت|انخفضت] الأسعار · [وافق|رفض] الوزير · النتيجة [إيجابية|سلبية]
he: הקבוצה [ניצחה|הפסידה] · המחירים [עלו|ירדו] · התוצאה [חיובית|שלילית] · השר [אישר|דחה] זאת
ja: 賃金が[増加|減少]した · 議会は法案に[賛成|反対]した
zh: 价格[上升|下降]了 · 他们[支持|反对]这个计划
"""


def _spellings():
    for language, listed in re.findall(r"^(\w\w):\n(.*?)(?=^\w\w:|\Z)", SPELLINGS.read_text("utf-8"), re.M | re.S):
        pairs = [tuple(pair.split("|")) for pair in listed.replace("\n", " · ").split(" · ") if "|" in pair]
        yield language, pairs + [(right, wrong) for wrong, right in pairs]


@pytest.mark.parametrize(
    ("language", "pairs"), list(_spellings()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_plain_spelling_of_each_language_touches_no_fact(language, pairs):
    prefix, suffix = AROUND[language]
    held = {
        (*pair, *change.guard)
        for pair in pairs
        for change in (describe_change(*pair), describe_change(*pair, prefix=prefix, suffix=suffix))
        if change.guard or change.kind in (Kind.FACT, Kind.NAME)
    }
    assert held == set()


@pytest.mark.parametrize(
    ("language", "pairs"), list(_spellings()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_one_slip_where_a_sentence_begins_is_no_name(language, pairs):
    prefix, suffix = AROUND[language]
    prefix = f"{prefix}{'' if language in ('ar', 'he') else 'xxx'}. "
    began = [tuple(word[:1].upper() + word[1:] for word in pair) for pair in pairs if OSA.distance(*pair) == 1]
    assert began
    assert [pair for pair in began if describe_change(*pair, prefix=prefix, suffix=suffix).guard] == []


@pytest.mark.parametrize(
    ("prefix", "before", "after", "suffix"),
    [
        ("", "rember", "remember", ""),
        ("You can ", "rember", "remember", " it as the one that was there"),
        ("", "implent", "implement", ""),
        ("", "statent", "statement", ""),
        ("an ", "experint", "experiment", ""),
        ("un ", "experinto", "experimento", " que se hizo en la ciudad"),
        ("o ", "documnto", "documento", " que não é das pessoas"),
        ("il y a un ", "élént", "élément", " dans la ville"),
        ("das ", "Moent", "Moment", " der Stadt"),
    ],
)
def test_the_infix_by_which_turkish_denies_means_nothing_in_other_languages(prefix, before, after, suffix):
    assert describe_change(before, after, prefix=prefix, suffix=suffix).guard == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("geldi", "gelmedi"),
        ("geliyor", "gelmiyor"),
        ("gidiyor", "gitmiyor"),
        ("gelecek", "gelmeyecek"),
        ("okumuş", "okumamış"),
    ],
)
def test_the_infix_by_which_turkish_denies_is_held(before, after):
    assert "negation" in describe_change(before, after).guard
    assert "negation" in describe_change(after, before, prefix="Bu kişi çok ", suffix=" ve bir şey için var.").guard


@pytest.mark.parametrize(
    ("prefix", "before", "after", "suffix"),
    [
        ("C'est dans la ville qui est ", "tres", "très", " belle pour les gens."),  # three in Spanish
        ("She said that the dog ", "sat", "set", " there and was on it."),  # Saturday, written short
        ("They were at the ", "lat", "late", " show and that was it."),  # years in Polish
        ("This is what the ", "sin", "sun", " does to it and to you."),  # without in Spanish
        ("We know that this is the ", "ano", "and", " of it with that."),  # a year in Spanish
    ],
)
def test_a_word_that_is_a_fact_in_another_language_is_none_here(prefix, before, after, suffix):
    assert describe_change(before, after, prefix=prefix, suffix=suffix).guard == ()


@pytest.mark.parametrize("line", [line for line in OPPOSITES.splitlines() if line])
def test_a_pair_that_turns_a_statement_round_is_a_fact(line):
    missed: list[tuple[str, ...]] = []
    for left, one, other, right in re.findall(r"(.*)\[(.*)\|(.*)\](.*)", line[4:].replace(" · ", "\n")):
        for before, after in ((one, other), (other, one)):
            change = describe_change(left + before + right, left + after + right)
            missed += [(before, after)] if change.kind is not Kind.FACT or "negation" not in change.guard else []
            lone = describe_change(before, after, prefix=left, suffix=right)
            missed += [(before, after, "lone")] if lone.kind is not Kind.FACT else []
    assert missed == []


@pytest.mark.parametrize(
    ("before", "after", "suffix"),
    [
        ("He", "Eugenia", " was there in the town."),
        ("They", "Google", " bought it from the firm."),
        ("Він", "Петренко", " був у місті."),
        ("Она", "Москва", " не была там."),
        ("Elle", "Camille", " est dans la ville."),
        ("Er", "Müller", " sagte das nicht."),
        ("Ella", "Eugenia", " no está en la ciudad."),
        ("Lei", "Eugenia", " non è nella città."),
        ("Ela", "Eugénia", " não foi para a cidade."),
        ("Ona", "Kowalska", " nie jest w mieście."),
    ],
)
def test_a_pronoun_that_gives_way_to_a_name_is_a_name(before, after, suffix):
    for pair in ((before, after), (after, before)):
        assert describe_change(*pair, prefix="", suffix=suffix).guard == ("name",)
        assert describe_change(*pair, prefix="xxx. ", suffix=suffix).guard == ("name",)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("fourty", "forty"), ("fourteeen", "fourteen"), ("ninty", "ninety"), ("fiveteen", "fifteen"), ("eigthy", "eighty"),
     ("vierzen", "vierzehn"), ("sechszehn", "sechzehn"), ("cinquente", "cinquante"), ("quatorce", "quatorze"),
     ("quarenta", "cuarenta"), ("п'ятдесьят", "п'ятдесят"), ("восемсот", "восемьсот"), ("siedemnascie", "siedemnaście")],
)  # fmt: skip
def test_a_number_word_with_a_slip_is_spelling(wrong, right):
    for change in (describe_change(wrong, right), describe_change(right, wrong)):
        assert (change.kind, change.guard) == (Kind.SPELLING, ())


@pytest.mark.parametrize(
    ("one", "other"),
    [("four", "forty"), ("forty", "fourteen"), ("six", "sixty"), ("seven", "eleven"), ("п'ять", "п'ятсот"), ("шістсот", "сімсот"),
     ("девять", "десять"), ("двести", "двадцать"), ("vier", "vierzig"), ("drei", "dreizehn"), ("trois", "treize"), ("tre", "tredici"),
     ("dos", "doce"), ("dwa", "dwanaście"), ("sekiz", "seksen"), ("einundzwanzig", "einunddreißig")],
)  # fmt: skip
def test_another_number_word_is_a_fact_however_alike(one, other):
    assert "number" in describe_change(one, other).guard
    assert "number" in describe_change(other, one).guard


def test_an_edit_is_described_with_the_text_around_its_quote():
    quote = Quote("win", "the end of what he said: “We will ", " it”, he added.")
    assert describe_edit(quote, "lose").guard == ("negation", "quotation")
    assert "quotation" in describe_edit(quote, "will lose", before="will win").guard
    assert "quotation" not in describe_edit(quote, "something shorter", before="something other").guard
    german = Quote("Standarf", "ist nicht gut, und der offene ", " wird für die Stadt gemacht")
    assert describe_edit(german, "Standard").guard == ()
