"""The stems of Ukrainian words, for searching: what stays of a word in all its forms."""

from __future__ import annotations

_NOUNS = """
а я у ю о е є и і ї й ь ам ям ом ем єм им їм ах ях их їх ами ями ими їми ов ів їв ев єв ей ій ий їй ою ею єю ові еві єві
ого його ому йому ої єї ость остя ості істю остей остям остями остях ість ьми
""".split()
"""Endings of nouns, adjectives and the present tense, which share most of them."""

_VERBS = """
ати яти ити іти їти ути увати ювати овати ав яв ив ув ував ював овав ала яла ила іла їла ула увала ювала овала
ало яло ило іло їло уло увало ювало овало али яли или іли їли ули ували ювали овали аю яю ую юю ає яє ує ює аєш яєш уєш юєш
аємо яємо уємо юємо аєте яєте уєте юєте ають яють ують юють уть ють ать ять ить їть иш їш еш єш имо їмо емо ємо ите їте ете єте
аєть яєть уєть юєть еть єть ємось
ний ного ному ним ної ною ну на не ні них ними аний яний ений єний
""".split()
"""Endings of verbs, with the vowel before them."""

_ENDINGS = tuple(
    {length: frozenset(ending for ending in endings if len(ending) == length) for length in range(5, 0, -1)}
    for endings in (_NOUNS, _VERBS)
)
_VOWELS = "аеєиіїоуюя"
_SHORTEST = 3
_SOFTENED = str.maketrans("зцс", "гкх")
"""Книзі is of книга, руці of рука, поверсі of поверх."""

_IRREGULAR = {
    form: stem
    for stem, forms in {
        "ден": "день дня дню днем дні днів дням днями днях",
        "дитин": "діти дітей дітям дітьми дітях",
        "віин": "воєн",
    }.items()
    for form in forms.split()
}


def stems(word: str) -> tuple[str, ...]:
    """What may be the stem of a word in lower case; a word of one form can be of two words, and has both stems."""
    word = word.replace("'", "")
    if word.endswith(("ся", "сь")) and len(word) > _SHORTEST + 2:
        word = word[:-2]
    if word in _IRREGULAR:
        return (_IRREGULAR[word],)
    candidates = [_without(word, endings) for endings in _ENDINGS]
    if word.endswith(("ові", "еві", "єві")):  # Харкові is of Харків
        candidates.append(word[:-1])
    if word[-1:] == "і" and candidates[0][-1:] in ("з", "ц", "с"):
        candidates.append(candidates[0][:-1] + candidates[0][-1].translate(_SOFTENED))
    is_doubled = len(word) > _SHORTEST and word[-1] == "ю" and word[-2] == word[-3]  # ніччю
    bare = word[:-2] if is_doubled else word.removesuffix("ь")
    if bare and bare[-1] not in _VOWELS:
        candidates += _other_forms(bare)
    doubled = (stem[:-1] if len(stem) > _SHORTEST and stem[-1] == stem[-2] else stem for stem in candidates)
    return tuple(dict.fromkeys(doubled))


def _without(word: str, endings: dict[int, frozenset[str]]) -> str:
    """The word without the longest of the endings that leaves a stem."""
    for length, some in endings.items():
        if len(word) - length >= _SHORTEST and word[-length:] in some:
            return word[:-length].removesuffix("ь")
    return word.removesuffix("ь")


def _other_forms(bare: str) -> list[str]:
    """The stems that a word without an ending has in its other forms: ніч ночі, день дня, Київ Києва, вікон вікна."""
    at = len(bare) - 1
    while at >= 0 and bare[at] not in _VOWELS:
        at -= 1
    before, vowel, after = bare[: max(at, 0)], bare[at : at + 1], bare[at + 1 :]
    if at < 1 or len(bare) < _SHORTEST:
        return []
    if vowel in "оеє":
        is_fleeting = len(after) == 1 and len(before) >= _SHORTEST - 1 and before[-1] not in _VOWELS
        return [bare, before + after] if is_fleeting else [bare]
    others = {"і": "ое", "ї": "є"}.get(vowel, "")
    return [bare, *(f"{before}{other}{after}" for other in others)]
