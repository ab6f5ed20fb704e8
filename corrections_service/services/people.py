"""People: who is given a case, who is named in a note, who stands in for whom, and what they are mailed of a case."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, object_session

from corrections_service import errors
from corrections_service.rules.mail_times import Pace, Sort
from corrections_service.rules.owners import handles, mentioned, unknown
from corrections_service.rules.workflow import LIVE, Role, State, Turn
from corrections_service.services import accounts, corrections, editors, mail_choices, outbox, sites
from corrections_service.services.history import change, check_live, give_turn, take_up
from corrections_service.store import jobs
from corrections_service.store.models import Case, Editor, Event, EventKind, Membership, Mention, Site, now
from corrections_service.store.rows import insert_once

TEMPLATE = outbox.TURN
"""The mail to an editor whose turn it is."""


def colleagues(session: Session, site_id: int, at_least: Role = Role.VIEWER) -> Sequence[Editor]:
    """Who works on the site in this role at least, by name."""
    roles = [role for role in Role if role.covers(at_least)]
    membership = Editor.memberships.any(and_(Membership.site_id == site_id, Membership.role.in_(roles)))
    return session.scalars(select(Editor).where(membership, Editor.active).order_by(Editor.name, Editor.email)).all()


def name_of(editor: Editor) -> str:
    """What colleagues call somebody."""
    return editor.name or editor.email


def assign(session: Session, case: Case, number: int, *, actor: Editor, version: int | None = None) -> None:
    """Give the case to a colleague who may decide it, and mail them so. Raises InvalidFields."""
    take_up(session, case, actor, version)
    check_live(case)
    to = next((person for person in colleagues(session, case.site_id, Role.EDITOR) if person.id == number), None)
    if to is None:
        raise errors.InvalidFields({"to": "Choose an editor of this site."})
    if case.assignee_id == to.id:
        return
    values = {"assignee_id": to.id, "state": State.OPEN if case.state is State.NEW else case.state}
    event = change(session, case, EventKind.ASSIGNED, values, actor=actor, to=name_of(to))
    session.expire(case, ["assignee"])
    if to.id != actor.id:
        tell(session, case, event, "assigned", to.email)


def take_over(session: Session, case: Case, *, actor: Editor, version: int | None = None) -> None:
    """Take the case from a colleague who has it."""
    take_up(session, case, actor, version)
    check_live(case)
    if case.assignee is None or case.assignee_id == actor.id:
        raise errors.ChangedMeanwhile("Nobody else has this case any more.")
    whom = name_of(case.assignee)
    state = State.OPEN if case.state is State.NEW else case.state
    change(session, case, EventKind.TAKEN_FROM, {"assignee_id": actor.id, "state": state}, actor=actor, whom=whom)
    session.expire(case, ["assignee"])


def hand_over(session: Session, editor: Editor, site: Site, *, actor: Editor | None = None) -> None:
    """Give the open cases at a site of somebody who decides none there any more to their deputy, else back to everybody."""
    own_cases = (Case.assignee_id == editor.id, Case.state.in_(LIVE), Case.site_id == site.id)
    for case in session.scalars(select(Case).where(*own_cases).order_by(Case.id).with_for_update(key_share=True)).all():
        deputy = present(session, editor, site)
        if deputy is None:
            change(session, case, EventKind.RELEASED, {"assignee_id": None}, actor=actor)
        else:
            event = change(
                session, case, EventKind.ASSIGNED, {"assignee_id": deputy.id}, actor=actor, to=name_of(deputy)
            )
            tell(session, case, event, "assigned", deputy.email)
        session.expire(case, ["assignee"])


def leave(session: Session, editor: Editor) -> list[Site]:
    """Take somebody off every publication, which are returned, with every way back, and hand on what they have there.

    Raises NotPermitted where one would be left without an administrator.
    """
    publications = [membership.site for membership in editor.memberships if membership.site.trainee_id is None]
    for site in publications:
        try:
            accounts.check_administered(session, editor, site)
        except errors.NotPermitted:
            raise errors.NotPermitted(
                f"Nobody else administers {site.name}: give somebody there that role first."
            ) from None
        editors.set_role(session, editor, site, None)
        hand_over(session, editor, site)
    editors.take_all_back(session, editor)
    return publications


def mention(session: Session, case: Case, event: Event) -> tuple[list[str], list[str]]:
    """Have who is named in a note find the case among theirs, and mail each of them once.

    The names of those, and the words after an `@` that name nobody here, or several.
    """
    people = named_in(session, case, event)
    for number, person in people.items():
        insert_once(session, Mention, ["editor_id", "case_id"], editor_id=number, case_id=case.id)
        tell(session, case, event, "mentioned", person.email)
    everybody = {person.id: _names(person) for person in colleagues(session, case.site_id)}
    return [person.name or person.email for person in people.values()], unknown(event.data["text"], everybody)


def named_in(session: Session, case: Case, event: Event) -> dict[int, Editor]:
    """The colleagues whom a note names, but for who wrote it."""
    people = {person.id: person for person in colleagues(session, case.site_id) if person.id != event.actor_id}
    numbers = mentioned(event.data["text"], {id: _names(person) for id, person in people.items()})
    return {number: people[number] for number in numbers}


def mentionable(session: Session, case: Case, *, actor: Editor) -> list[tuple[str, Editor]]:
    """Whom else a note on the case can name, by name, each with the words that do so after an `@`."""
    everybody = colleagues(session, case.site_id)
    short = handles({person.id: _names(person) for person in everybody})
    return [(short[person.id], person) for person in everybody if person.id in short and person.id != actor.id]


def _names(editor: Editor) -> list[str]:
    first = editor.name.split()[:1]
    return [*first, editor.name, editor.email.partition("@")[0], editor.email]


def tell(session: Session, case: Case, event: Event, turn: str, recipient: str = "") -> None:
    """Owe the case's editor, or this recipient, one mail about an event.

    Where it is not for one person alone, the case is marked too, and stands first until its editor has looked.
    """
    if turn in list(Turn):
        give_turn(session, case, Turn(turn))
    delay = corrections.UNDO.total_seconds() if event.actor_id else 0
    to, data = recipient or address(case), {"turn": turn}
    outbox.owe(session, TEMPLATE, to, site=case.site, event=event, case_id=case.id, data=data, delay=delay)
    jobs.wake(session, "deliver_due", delay)


def tell_who_asked(session: Session, case: Case, event: Event, turn: Sort) -> None:
    """Owe the case's editor one mail of a sort that nobody gets who did not ask for it."""
    person = case.assignee
    if person is None or person.role_on(case.site_id) is None:
        return
    if mail_choices.habits(session, person.id, case.site).pace(turn) is not Pace.NEVER:
        tell(session, case, event, turn.value, person.email)


def address(case: Case) -> str:
    """Where the case's editor is reached, or who stands in for them; else the desk. Who wants it is asked when it goes."""
    session = object_session(case)
    assert session is not None
    person = present(session, case.assignee, case.site)
    return person.email if person is not None else case.site.desk


def is_away(editor: Editor, site: Site) -> bool:
    """Whether somebody is out of office, on the day that it is at the site."""
    today = now().astimezone(sites.zone_of(site)).date()
    if editor.away_from is None and editor.away_until is None:
        return False
    return (editor.away_from or today) <= today <= (editor.away_until or today)


def present(session: Session, editor: Editor | None, site: Site, deputy: int | None = None) -> Editor | None:
    """This person, or who stands in while they are away: the deputy named here, else their own; None where all are away."""
    if editor is None:
        return None
    own_deputies = [session.get(Editor, number) for number in (deputy, editor.deputy_id) if number]
    people = [editor, *(person for person in own_deputies if person is not None)]
    return next((person for person in people if _is_there(person, site)), None)


def _is_there(editor: Editor, site: Site) -> bool:
    role = editor.role_on(site.id)
    return editor.active and role is not None and role.covers(Role.EDITOR) and not is_away(editor, site)
