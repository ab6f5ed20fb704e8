"""What a case page shows and does besides deciding: ways into other tools, saved answers, personal details, blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from string import ascii_lowercase
from typing import Any
from urllib.parse import urlencode

from flask import request
from sqlalchemy.orm import Session

from corrections_service.rules.changes import Change
from corrections_service.rules.personal import find, mask
from corrections_service.rules.queries import Term
from corrections_service.rules.workflow import UNDECIDED, Role
from corrections_service.services import (
    attachments,
    blocks,
    cases,
    cms,
    editors,
    history,
    personal,
    saved_answers,
    spreading,
    thanks,
    waves,
    wishes,
)
from corrections_service.services.saved_answers import Offer
from corrections_service.services.wishes import Wish
from corrections_service.store.models import BlockKind, Case, Editor, Event, Report, now
from corrections_service.web.access import number, read, settings
from corrections_service.web.decision_forms import DecisionForm
from corrections_service.web.decisions import Choice
from corrections_service.web.display import masked_pieces, masked_wishes
from corrections_service.web.forms import CaseForm
from corrections_service.web.site_forms import BlockForm, SpreadForm, ThanksForm, TrackerForm

USUAL_BLOCK = timedelta(days=30)
"""How long a sender is blocked unless another day is chosen."""

SAID_BY_READERS = ("text", "why")
"""What events hold of readers' words."""


def _block(session: Session, case: Case, actor: Editor, form: BlockForm) -> None:
    kind = BlockKind.HOST if form.kind.data == BlockKind.HOST else BlockKind.SENDER
    blocks.block_sender(session, case, form.report.data or 0, kind, actor=actor, **form.terms())


def _see(session: Session, case: Case, actor: Editor, _form: CaseForm) -> None:
    history.permit(case, actor, Role.EDITOR)
    history.look_at(session, case, actor=actor)


ACTIONS: dict[str, Callable[[Session, Case, Editor, Any], Any]] = {
    "block": _block,
    "show": lambda session, case, actor, form: personal.show(session, case, actor=actor),
    "seen": _see,
    "spread": lambda session, case, actor, form: spreading.tick(
        session, case, form.channel.data, actor=actor, is_done=form.is_done.data
    ),
    "thank": lambda session, case, actor, form: thanks.agree(
        session, case, form.report.data or 0, form.name.data, actor=actor
    ),
    "unthank": lambda session, case, actor, form: thanks.disagree(session, case, form.report.data or 0, actor=actor),
    "track": lambda session, case, actor, form: cases.track(session, case, form.address.data, actor=actor),
}
FORMS: dict[str, type[CaseForm]] = {
    "track": TrackerForm,
    "block": BlockForm,
    "spread": SpreadForm,
    "thank": ThanksForm,
    "unthank": ThanksForm,
}


def drafts(case: Case) -> dict[str, CaseForm]:
    """What an editor can type for a case in whatever state."""
    return {
        "block": BlockForm(until=f"{now() + USUAL_BLOCK:%Y-%m-%d}"),
        "track": TrackerForm(address=cases.tracker_of(read(), case)),
    }


def ways_out(case: Case) -> dict[str, str]:
    """Where the CMS edits the case's article, and where the newsroom's own tracker has the case."""
    return {"edit_address": cms.edit_address(case.article), "tracker": cases.tracker_of(read(), case)}


def came_with(case: Case) -> dict[str, Any]:
    """The wave that a case came in with, where all of it is listed, and how many of its cases say the same."""
    wave = waves.of_case(read(), case)
    query = f"{Term('article', case.article.canonical_url or case.article.url)} is:new"
    return {
        "wave": wave,
        "wave_address": f"/queue?{urlencode({'q': query})}",
        "say_the_same": len(waves.alike(read(), case, wave)) if wave else 0,
    }


def words(
    case: Case,
    me: Editor,
    reports: Sequence[Report],
    events: Sequence[Event],
    *,
    change: Change | None,
    wished: Sequence[Wish],
) -> dict[str, Any]:
    """What readers wrote, without personal details unless this editor asked for them; whether there are any."""
    is_shown = personal.is_shown(read(), case, me.id)
    texts = [case.place, case.comment, *(text for report in reports for text in (report.comment, report.place))]
    texts += [str(event.data.get(name, "")) for event in events if not event.actor_id for name in SAID_BY_READERS]
    suggestions = [case.suggestion, *(report.suggestion for report in reports)]
    has_details = any(map(find, texts)) or any(hides(text, case.exact) for text in suggestions)
    return {
        **ways_out(case),
        **came_with(case),
        "is_shown": is_shown,
        "spread": spreading.of_case(read(), case),
        "pictures": attachments.of_reports(read(), [report.id for report in reports]),
        "thanks_offered": thanks.offers(read(), reports) if case.site.policy.get("thanks") else {},
        "has_details": has_details,
        "change": _masked(change, case.exact, is_shown=is_shown),
        "change_of": lambda other: _masked(wishes.change(other), other.exact),
        "wished": masked_wishes(wished, case.exact, is_shown=is_shown),
    }


def drafted(case: Case, notice: str) -> tuple[str, str]:
    """What a decision begins with of the reader's wish: no personal detail is put into what may be published."""
    return ("", "") if hides(case.suggestion, case.exact) else (case.suggestion, notice)


def hides(text: str, article: str) -> bool:
    """Whether anything of a text is masked beside these words of the article."""
    return bool(find(text)) and mask(text, article) != text


def offers(case: Case, allowed: Mapping[str, Any], **exits: Sequence[Choice]) -> list[dict[str, Any]]:
    """The saved answers for what this role may decide by these exits, each with its key: behind the exit's, a letter."""
    if case.state not in UNDECIDED or not allowed["may_edit"]:
        return []
    entries = []
    for key, choices in (("1", exits["accepted"]), ("3", exits["declined"])):
        names = {choice.resolution: choice.name for choice in choices if choice.resolution not in allowed["needs"]}
        letters = iter(ascii_lowercase)
        for offer in (offer for offer in _offered(case) if offer.resolution in names):
            letter = next(letters, "")
            name = names[offer.resolution]
            entries.append({"offer": offer, "name": name, "key": f"{key} {letter}" if letter else ""})
    return entries


def answered(case_number: int, me: int, form: DecisionForm) -> DecisionForm:
    """What was typed for a decision, with the saved answer that was pressed behind it: in a browser without script."""
    for offer in _offered(history.get(read(), case_number, editors.get(read(), me))):
        if offer.number == number(request.form["insert"]):
            form.answer(offer.resolution, offer.text)
    return form


def _offered(case: Case) -> list[Offer]:
    return saved_answers.offered(read(), case, settings().base_url)


def _masked(change: Change | None, article: str, *, is_shown: bool = False) -> Change | None:
    return replace(change, pieces=masked_pieces(change.pieces, article, is_shown=is_shown)) if change else None
