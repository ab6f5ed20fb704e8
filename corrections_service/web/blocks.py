"""Settings of blocks: from whom a site takes no reports, until when and why, ended early by one click."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import blocks, editors
from corrections_service.store.models import BlockKind, Site, now
from corrections_service.web import access
from corrections_service.web.access import read, requires, write
from corrections_service.web.language import say
from corrections_service.web.site_forms import BlockForm

bp = Blueprint("blocks", __name__, url_prefix="/settings/sites")

USUAL = timedelta(days=30)
"""How long a block lasts unless another day is chosen."""


@bp.route("/<slug>/blocks", methods=["GET", "POST"])
@requires(Role.EDITOR)
def blocked(slug: str) -> str | Response | tuple[str, int]:
    """Senders, addresses and hosts from which a site takes no reports for a time."""
    site = access.site_with(read(), slug, Role.EDITOR)
    if request.method != "POST":
        return _page(site, BlockForm(kind=BlockKind.ADDRESS.value, until=f"{now() + USUAL:%Y-%m-%d}"))
    form, me = BlockForm(request.form), access.editor_id() or 0
    try:
        if form.action.data == "end":
            with write() as session:
                own_site = access.site_with(session, slug, Role.EDITOR)
                blocks.end(session, own_site, form.number.data or 0, actor=editors.get(session, me))
            flash(say("desk.blocks.was_ended"), "done")
        else:
            form.check()
            with write() as session:
                own_site, kind = access.site_with(session, slug, Role.EDITOR), _named_by_hand(form)
                actor = editors.get(session, me)
                blocks.add(session, own_site, kind, form.value.data, actor=actor, **form.terms())
            flash(say("desk.blocks.was_blocked"), "done")
    except errors.InvalidFields as error:
        form.blame(error)
        return _page(access.site_with(read(), slug, Role.EDITOR), form), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(f"/settings/sites/{slug}/blocks", HTTPStatus.SEE_OTHER)


def _named_by_hand(form: BlockForm) -> BlockKind:
    """An address or a host; who sent a report is blocked at its case alone."""
    return BlockKind.HOST if form.kind.data == BlockKind.HOST else BlockKind.ADDRESS


def _page(site: Site, form: BlockForm) -> str:
    active, over = blocks.of_site(read(), site)
    return render_template("dashboard/settings_blocks.html", site=site, form=form, active=active, over=over)
