"""Whether a page and the one that it names as its own address show one article; what is mistaken or hostile does not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from corrections_service.rules.facts import ArticleFacts
from corrections_service.rules.quotes import Quote, Sighting
from corrections_service.rules.twins import show_one_article

BODY = "\n".join(f"Sentence {number} of the article says something that nobody else says." for number in range(12))
OTHER = "\n".join(f"Paragraph {number} tells another story, of budgets and of gardens." for number in range(12))
MENU = "News\nSport\nWeather\nRead it in our app, which is free of charge for everybody."
SAID = "The harbour has had this crossing for longer than anybody remembers, and it was {} in 1987 by the king."
OPEND = Sighting(Quote("opend", SAID.partition("{}")[0][-64:], " in 1987 by the king."), "opened")
MARCH, MAY = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)

Reading = tuple[str, ArticleFacts]


def page(
    words: str = "opend", title: str | None = "The ferry", rest: str = BODY, on: datetime | None = None
) -> Reading:
    """What was read of a page."""
    return f"{title}\n{SAID.format(words)}\n{rest}", ArticleFacts("https://news.example/ferry", title, published=on)


ONE = {
    "as it is": page(),
    "with more around": page(rest=f"{MENU}\n{BODY}"),
    "with comments": page(rest=f"{BODY}\n{OTHER[:400]}"),
    "with the publication's name": page(title="The ferry | The News"),
    "of the same day": page(on=MARCH),
}
ANOTHER = {
    "another headline": page(title="The bridge"),
    "a headline that goes on": page(title="The ferry sinks"),
    "no headline": page(title=None),
    "another text of that name": page(rest=OTHER),
    "many whole articles": page(rest=BODY + "".join(OTHER.replace("story", f"story {part}") for part in range(99))),
    "a part of it": page(rest=BODY[:200]),
    "an excuse": ("Not found\nThere is no such page here.", ArticleFacts("https://news.example/ferry", "The ferry")),
    "the right words": page("opened"),
    "nothing": ("", ArticleFacts("https://news.example/ferry", "The ferry")),
}


@pytest.mark.parametrize("named", ONE.values(), ids=ONE)
def test_a_page_that_shows_the_same_is_the_same_article(named: Reading) -> None:
    assert show_one_article(page(), named, [OPEND])


@pytest.mark.parametrize("named", ANOTHER.values(), ids=ANOTHER)
def test_a_page_that_shows_another_or_less_or_that_was_corrected_is_not_believed(named: Reading) -> None:
    assert not show_one_article(page(), named, [OPEND])


def test_one_of_another_day_is_another() -> None:
    """Columns have one name each week, and much the same words."""
    assert not show_one_article(page(on=MARCH), page(on=MAY), [OPEND])


def test_the_shell_that_an_app_sends_for_every_address_is_no_article() -> None:
    """What was reported does not stand in it, or not all: the articles are made by script."""
    unseen = Sighting(
        Quote("sank", "At nine in the morning the old boat of the harbour master ", " at the quay."), "swam"
    )
    assert not show_one_article(page(), page(), [])
    assert not show_one_article(page(), page(), [unseen])
    assert not show_one_article(page(), page(), [OPEND, unseen])
    assert not show_one_article(page("sank"), page("sank"), [OPEND]), "other words stand in the same place"


def test_languages_without_spaces_and_pages_without_sentences_are_compared_too() -> None:
    quote = Sighting(Quote("誤字", "港の橋は長い間ここにあり、誰もがそれを知っているが、その名前は", "である。"))
    words = "港の橋は長い間ここにあり、誰もがそれを知っているが、その名前は誤字である。"
    facts = ArticleFacts("https://news.example/a", "港の橋")
    assert show_one_article((words, facts), (f"ニュース\n{words}", facts), [quote])
    assert not show_one_article(
        (words, facts), ("港の船は昨日の朝に沈んだので、誰もそれに乗らなかった。" + words[:9], facts), [quote]
    )
