"""Views that people save: their own, and those of a publication's desk, which all who work there see."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.store.models import Editor, SavedView, Site

MOST = 20
"""Views that one editor, or one publication's desk, keeps."""


def of_editor(session: Session, editor: Editor) -> Sequence[SavedView]:
    """The editor's own views, then those of the desks where they work, by name."""
    site_ids = [membership.site_id for membership in editor.memberships]
    is_seen = or_(SavedView.editor_id == editor.id, SavedView.site_id.in_(site_ids))
    query = select(SavedView).where(is_seen).order_by(SavedView.editor_id.is_(None), func.lower(SavedView.name))
    return session.scalars(query.order_by(SavedView.id)).all()


def save(session: Session, name: str, *, actor: Editor, site: Site | None, view: str, q: str, sort: str) -> SavedView:
    """Keep a query under a name, for the editor alone or for a publication's desk.

    Raises InvalidFields; NotFound or NotPermitted where that desk's views are none of theirs to change.
    """
    if site is not None:
        _permit(actor, site.id)
    owner = SavedView.editor_id == actor.id if site is None else SavedView.site_id == site.id
    if (session.scalar(select(func.count()).where(owner)) or 0) >= MOST:
        raise errors.InvalidFields({"name": f"{MOST} views are saved already. Delete one that is not needed any more."})
    saved = SavedView(name=_name(name), view=view, q=q, sort=sort)
    saved.editor_id, saved.site_id = (actor.id, None) if site is None else (None, site.id)
    session.add(saved)
    session.flush()
    return saved


def rename(session: Session, number: int, name: str, *, actor: Editor) -> None:
    """Give a view another name. Raises InvalidFields, NotFound, NotPermitted."""
    changeable(session, number, actor).name = _name(name)


def delete(session: Session, number: int, *, actor: Editor) -> None:
    """Keep a view no longer. Raises NotFound, NotPermitted."""
    session.delete(changeable(session, number, actor))


def changeable(session: Session, number: int, actor: Editor) -> SavedView:
    """A view that the editor may change: their own, or one of a desk that they edit at. Raises NotFound, NotPermitted."""
    view = session.get(SavedView, number)
    if view is None or view.editor_id not in (None, actor.id):
        raise errors.NotFound()
    if view.site_id is not None:
        _permit(actor, view.site_id)
    return view


def _permit(actor: Editor, site_id: int) -> None:
    role = actor.role_on(site_id)
    if role is None:
        raise errors.NotFound()
    if not role.covers(Role.EDITOR):
        raise errors.NotPermitted()


def _name(name: str) -> str:
    if not name.strip():
        raise errors.InvalidFields({"name": "Give the view a name."})
    return name.strip()
