"""Settings of sites, the people who work on them, and the work in the background."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from corrections_service import errors
from corrections_service.rules.workflow import Resolution, Role, approver
from corrections_service.services import editors, outbox, sites
from corrections_service.store.engine import Engine
from corrections_service.store.models import Purpose, Site
from corrections_service.web import access
from corrections_service.web.access import read, requires, settings, write
from corrections_service.web.cases import ACCEPTED, DECLINED

bp = Blueprint("admin", __name__, url_prefix="/settings")


@bp.get("/")
@requires(Role.ADMIN)
def overview() -> str:
    """The sites that this person may change."""
    me = access.current_editor()
    assert me is not None
    return render_template("dashboard/settings.html", sites=sites.of_editor(read(), me, Role.ADMIN))


@bp.route("/sites/<slug>", methods=["GET", "POST"])
@requires(Role.ADMIN)
def site(slug: str) -> str | Response | tuple[str, int]:
    """One site: its addresses, its desk, who decides what, and the line for its pages."""
    if request.method != "POST":
        return _site_page(_own_site(slug), {})
    try:
        with write() as session:
            found = sites.by_slug(session, slug)
            _may_change(found)
            found.origins = sites.checked_origins(access.typed().get("origins", "").split())
            found.desk = _one_address("desk")
            found.missing_origin_allowed = "missing_origin_allowed" in request.form
            found.policy = {**found.policy, "approvers": _approvers(), "desk_mail_off": "desk_mail" not in request.form}
    except errors.InvalidFields as error:
        return _site_page(_own_site(slug), error.fields), 422
    return redirect(f"/settings/sites/{slug}")


@bp.route("/sites/<slug>/editors", methods=["GET", "POST"])
@requires(Role.ADMIN)
def people(slug: str) -> str | Response | tuple[str, int]:
    """Who works on a site; invite, change roles, take away."""
    link = ""
    if request.method == "POST":
        with write() as session:
            found = sites.by_slug(session, slug)
            _may_change(found)
            link = _change_person(session, found)
    found = _own_site(slug)
    return render_template(
        "dashboard/settings_people.html", site=found, members=sites.members(read(), found), roles=list(Role), link=link
    )


@bp.route("/work", methods=["GET", "POST"])
@requires(Role.ADMIN)
def work() -> str | Response:
    """Background work, and the messages that could not be sent."""
    engine: Engine | None = current_app.extensions.get("engine")
    if request.method == "POST":
        if "job" in request.form and engine is not None:
            engine.retry(request.form["job"])
        else:
            with write() as session:
                mine = {one.id for one in outbox.unsent(session, access.site_ids(Role.ADMIN))}
                if (number := access.number(request.form.get("delivery", ""))) not in mine:
                    raise errors.NotFound()
                outbox.retry(session, number)
        return redirect("/settings/work")
    unsent = outbox.unsent(read(), access.site_ids(Role.ADMIN))
    return render_template(
        "dashboard/settings_work.html", overview=engine.overview() if engine else None, unsent=unsent
    )


def _own_site(slug: str) -> Site:
    found = sites.by_slug(read(), slug)
    _may_change(found)
    return found


def _may_change(site: Site) -> None:
    if site.id not in access.site_ids(Role.ADMIN):
        raise errors.NotFound()


def _site_page(found: Site, wrong: dict[str, str]) -> str:
    return render_template(
        "dashboard/settings_site.html",
        site=found,
        wrong=wrong,
        tag=sites.embed_tag(found, settings().base_url),
        roles=[Role.EDITOR, Role.STANDARDS, Role.ADMIN],
        base_url=settings().base_url,
        decisions=[(one, name, approver(one)) for one, name, _ in (*ACCEPTED, *DECLINED)],
    )


def _approvers() -> dict[str, str]:
    chosen = {one.value: request.form.get(f"approver_{one.value}", "") for one in Resolution}
    return {resolution: role for resolution, role in chosen.items() if role in list(Role)}


def _one_address(name: str) -> str:
    """The mail address in this field: one, and nothing that could make it two in a header."""
    address = access.typed().get(name, "").strip()
    harmless = address.isprintable() and not any(one in ' ,;:<>()[]"\\' for one in address)
    if address.count("@") != 1 or len(address) > 254 or not harmless:
        raise errors.InvalidFields({name: "This is no e-mail address."})
    return address


def _change_person(session: Session, found: Site) -> str:
    """Do what the form asks; the invitation's link when there is one."""
    if request.form.get("action") == "invite":
        return _invite(session, found)
    person = editors.get(session, access.number(request.form.get("editor", "")) or 0)
    if person.role_on(found.id) is None or person.id == access.editor_id():
        raise errors.NotFound()
    chosen = request.form.get("role", "")
    editors.set_role(session, person, found, Role(chosen) if chosen in list(Role) else None)
    return ""


def _invite(session: Session, found: Site) -> str:
    """Give a person a role; the link to show, for one who is new here.

    Whoever opens a link chooses the password, so another site's people get theirs by mail alone (I08).
    """
    role = Role(request.form["role"]) if request.form.get("role") in list(Role) else Role.VIEWER
    address = _one_address("email")
    known = editors.by_email(session, address)
    if known is not None and known.id == access.editor_id():
        raise errors.NotPermitted()
    person = editors.add(session, address, site=found, role=role)
    if person.password:
        return ""
    secret = editors.link(session, person, Purpose.INVITATION, hours=24)
    url = f"{settings().base_url}/invitation/{secret}"
    outbox.owe(session, "invitation", person.email, site=found, data={"url": url}, key=f"invitation.{secret[:16]}")
    return url if known is None else ""
