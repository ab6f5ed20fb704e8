"""A word is found in all its forms: those of one word share a stem, and other words have none of it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corrections_service.rules import stems
from corrections_service.rules.stems import fold, languages_of

FORMS = {
    "uk": """
місто міста місту містом місті міст містам містами містах
книга книги книзі книгу книгою книг книгам
рука руки руці рук рукою
ніч ночі ніччю ночей
день дня дню днем дні днів дням
Київ Києва Києві Києвом
Харків Харкова Харкові
ринок ринку ринком ринки ринків
українець українця українці українців українцям
сказав сказала сказали сказати
повідомив повідомила повідомили повідомити повідомить
знання знань знанню
український українського українська української українські українських
міністр міністра міністрів міністром міністру міністри
діяльність діяльності діяльністю
помилка помилки помилку помилок помилкою помилкам
вікно вікна вікон вікнами
п'ять п'яти
розробляє розробляти розробляв розробляють
рік року роки років
вулиця вулиці вулицею вулиць
область області областей
помилився помилилася помилитися
сумнівається сумніватися сумнівався сумніваються
школа школи шкіл школу
сестра сестри сестер
війна війни воєн
будинок будинку будинки будинків
вибори виборів виборах виборами
дитина діти дітей
""",
    "pl": """
miasto miasta miastem miastami miastach miast
wybory wyborów wyborach wyborami
książka książki książek książce
błąd błędu błędy błędów
minister ministra ministrem
Warszawa Warszawie Warszawy
kobieta kobiecie kobiety
""",
    "tr": """
şehir şehirler şehirde şehirlerde
kitap kitaplar kitabı kitapları
IŞIK ışıklar ışık
İstanbul istanbul
""",
    "de": """
Haus Häuser Häusern Hauses
Fehler Fehlern Fehlers
Straße Straßen Strasse
Regierung Regierungen
""",
    "fr": "élection élections\ncheval chevaux\nnational nationale nationaux\nl'erreur erreurs erreur",
    "es": "nación naciones\nerror errores\nciudad ciudades\nluz luces\nclase clases",
    "it": "elezione elezioni\nerrore errori\ncittà citta",
    "pt": "nação nações\neleição eleições\nerro erros\npaís países\ncasa casas",
    "en": "city cities\nrun running runs\norganisation organisations\nerror errors",
}


@pytest.mark.parametrize(
    ("language", "forms"), [(language, line) for language, lines in FORMS.items() for line in lines.strip().split("\n")]
)
def test_the_forms_of_a_word_share_a_stem(language: str, forms: str) -> None:
    found = {word: set(stems.stems(word, language)) for word in forms.split()}
    apart = [(one, other) for one, other in itertools.combinations(found, 2) if not found[one] & found[other]]
    assert apart == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("uk", "місто мости"),
        ("uk", "книга рука школа вікно президент помилка"),
        ("pl", "miasto książka minister błąd"),
        ("de", "Haus Hut Fehler Feld"),
        ("en", "city error run organisation"),
        ("fr", "cheval erreur"),
        ("tr", "şehir kitap"),
    ],
)
def test_other_words_have_other_stems(language: str, words: str) -> None:
    found = [set(stems.stems(word, language)) for word in words.split()]
    assert [pair for pair in itertools.combinations(found, 2) if pair[0] & pair[1]] == []


@pytest.mark.parametrize("language", ["he", "ar", "ja", "", "xx"])
def test_a_language_without_a_stemmer_has_its_words_as_they_are(language: str) -> None:
    assert stems.stems("words", language) == ()


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("I", "i"),
        ("ışık", "isik"),
        ("Łódź", "lodz"),
        ("مُحَمَّد", "محمد"),
        ("محـمد", "محمد"),
        ("مدرسة", "مدرسه"),
        ("أحمد", "احمد"),
        ("שָׁלוֹם", "שלום"),
        ("Ångström", "angstrom"),
        ("п'ять", "пять"),
        ("ﬁsh", "fish"),
        ("%", ""),
    ],
)
def test_marks_are_left_out_of_what_is_compared(written: str, plain: str) -> None:
    assert fold(written) == plain


def test_the_letters_tell_of_which_languages_a_word_may_be() -> None:
    assert languages_of("місто") == ("uk", "ru")
    assert "de" in languages_of("haus")
    assert languages_of("שלום") == languages_of("42") == languages_of("") == ()


@settings(deadline=None)
@given(st.text(max_size=12), st.sampled_from([*stems.LANGUAGES, "he", ""]))
def test_whatever_is_written_has_stems_of_letters_and_digits_alone(word: str, language: str) -> None:
    assert all(stem.isalnum() for stem in stems.stems(word, language))
