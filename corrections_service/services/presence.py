"""Presence: who looks at a case and who writes in it, by short leases; and which case is handed out next, to one alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import and_, delete, select
from sqlalchemy.orm import Session, joinedload

from corrections_service.rules.workflow import State
from corrections_service.services import history
from corrections_service.store.models import Case, Editor, Presence, now
from corrections_service.store.rows import insert_once

LEASE = timedelta(seconds=60)
"""How long a colleague is shown after their page was last heard of."""

RENEW_AFTER = timedelta(seconds=25)
"""A page that is open writes once in this time at most, unless something else is done there now."""

DOINGS = ("looking", "writing")


def come(session: Session, case_id: int, doing: str, *, actor: Editor) -> None:
    """Show colleagues that this editor looks at a case or writes in it, for a short while. Raises NotFound."""
    case = history.get(session, case_id, actor)
    history.look_at(session, case, actor=actor)
    lease = session.get(Presence, (case.id, actor.id))
    if lease is None:
        ended = and_(Presence.editor_id == actor.id, Presence.until < now())
        session.execute(delete(Presence).where(ended), execution_options={"synchronize_session": False})
        row = {"case_id": case.id, "editor_id": actor.id, "doing": doing, "until": now() + LEASE}
        insert_once(session, Presence, ["case_id", "editor_id"], **row)
    elif lease.doing != doing or lease.until - now() < LEASE - RENEW_AFTER:
        lease.doing, lease.until = doing, now() + LEASE


def go(session: Session, case_id: int, *, actor: Editor) -> None:
    """Show this editor at the case no more."""
    session.execute(delete(Presence).where(Presence.case_id == case_id, Presence.editor_id == actor.id))


def colleagues(
    session: Session, case_ids: Sequence[int], *, editor_id: int | None, site_ids: Sequence[int]
) -> dict[int, list[Presence]]:
    """Who else is at each of these cases of these sites now; cases where nobody is are left out."""
    query = (
        select(Presence)
        .join(Case, Case.id == Presence.case_id)
        .options(joinedload(Presence.editor))
        .where(
            Case.site_id.in_(site_ids),
            Presence.case_id.in_(case_ids),
            Presence.until > now(),
            Presence.editor_id != (editor_id or 0),
        )
        .order_by(Presence.case_id, Presence.editor_id)
    )
    present: dict[int, list[Presence]] = {}
    for row in session.scalars(query) if case_ids else ():
        present.setdefault(row.case_id, []).append(row)
    return present


def hand_out(session: Session, states: Mapping[int, State], *, actor: Editor) -> int | None:
    """The first of these cases where no colleague is, which is this editor's to look at from now on.

    Of two who ask at the same moment each gets another: whoever is second sees the first one's lease, or their lock. A
    case whose state is another by now was a colleague's, who has done with it and gone.
    """
    for case_id, state in states.items():
        lock = (
            select(Case.site_id, Case.assignee_id)
            .where(Case.id == case_id, Case.state == state)
            .with_for_update(skip_locked=True, key_share=True)
        )
        row = session.execute(lock).first()
        if row is None or row.assignee_id not in (None, actor.id):
            continue
        if not colleagues(session, [case_id], editor_id=actor.id, site_ids=[row.site_id]):
            come(session, case_id, DOINGS[0], actor=actor)
            return case_id
    return None
