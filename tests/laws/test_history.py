"""What happens to a case is told in its history: every kind of event by a sentence, and no sentence of what never happens.

Readers are told of events by pages and mails of their own.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sqlalchemy import String

from corrections_service.rules.catalogue import desk_sentences
from corrections_service.store.models import Event, EventKind
from corrections_service.web.display import OF_SERVICE, event_sentence

PACKAGE = Path(__file__).resolve().parents[2] / "corrections_service"


def recorded() -> set[str]:
    """The kinds that something records: what `record`, `change` and `add` are called with, and the kinds of rows."""
    named = set()
    for path in PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            given: list[ast.expr] = []
            if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] in ("record", "change", "add"):
                given = [*call.args, *(one.value for one in call.keywords)]
            elif isinstance(call, ast.Dict) and any(ast.unparse(key) == "'kind'" for key in call.keys if key):
                given = call.values
            named |= {
                one.attr for one in given if isinstance(one, ast.Attribute) and ast.unparse(one.value) == "EventKind"
            }
    return named


@pytest.mark.parametrize("kind", EventKind)
@pytest.mark.parametrize("actor", [None, 1])
def test_every_kind_of_event_is_told_by_a_sentence(kind: EventKind, actor: int | None) -> None:
    assert desk_sentences("en")["history"][kind]
    told = event_sentence(Event(kind=kind, actor_id=actor, data={}))
    assert told.rstrip()[-1] in ".:", "it is a sentence"
    assert "{" not in told


def test_an_event_of_a_version_to_come_is_told_by_its_name() -> None:
    assert event_sentence(Event(kind="turned_over", actor_id=None, data={})) == "turned_over"


def test_no_sentence_tells_what_never_happens() -> None:
    assert {kind.name for kind in EventKind} == recorded()
    assert {f"{kind}_by_service" for kind in OF_SERVICE} <= set(desk_sentences("en")["history"])


def test_the_name_of_a_kind_fits_where_it_is_kept() -> None:
    column = Event.__table__.c.kind.type
    assert isinstance(column, String)
    assert column.length is not None
    assert max(map(len, EventKind)) <= column.length
