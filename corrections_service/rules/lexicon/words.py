"""What a data file of the lexicon says of its language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words and forms of one language that carry facts, and those that do not.

    A table gives words their meaning, so that "Januar" and "January" are one: a meaning ends with `:`, and its words
    follow. A stem ends with `*`: an ending of at most four letters may follow, as cases and plurals add. Words are in
    lower case, with a straight apostrophe and no soft hyphens. The forms are regular expressions.
    """

    letters: str = ""
    """Letters that no other of the languages writes."""
    function: str = ""
    """Words that hold a sentence together: they tell the language, and are no names."""
    pronouns: str = ""
    """Those that stand for a person or a thing that has a name."""
    has_noun_capitals: bool = False
    """Whether all nouns have a capital, so that one tells no name."""
    speaks: str = ""
    """What a person does who is named before: a form that follows at once."""
    numbers: str = ""
    number_endings: str = ""
    """The endings that stems of numbers have; any, where nothing is said."""
    counted: str = ""
    """What follows a number within one word: `jährig`."""
    number_parts: str = ""
    """The parts of which long numbers are put together in one word."""
    dates: str = ""
    relative: str = ""
    units: str = ""
    denials: str = ""
    denying_prefix: str = ""
    denying_suffix: str = ""
    denying_middle: str = ""
    opposites: str = ""
    """Pairs that turn a statement round, a group a line; `|` between what cannot be true at once."""
    places: str = ""
    """Countries and cities, in scripts without capitals."""
