"""Settings of sites, the people who work on them, and the work in the background."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import structlog
from babel import Locale
from flask import Blueprint, current_app, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from corrections_service import errors
from corrections_service.rules.words import LANGUAGES, SECTIONS, best, direction, sentences
from corrections_service.rules.workflow import Resolution, Role, approver
from corrections_service.services import editors, origins, outbox, sites
from corrections_service.store import jobs
from corrections_service.store.models import Site
from corrections_service.web import access, embed
from corrections_service.web.access import database, read, requires, settings, write
from corrections_service.web.cases import ACCEPTED, DECLINED

log = structlog.get_logger()

bp = Blueprint("admin", __name__, url_prefix="/settings")

SECTION_NAMES = {
    "dialog": "The dialog in the page",
    "pages": "Readers’ own pages",
    "public": "The public log",
    "mail": "Mails to readers",
}

NAMES = {one: str(Locale(one).get_display_name("en")) for one in LANGUAGES}
"""The languages of the dialog, as editors call them."""


@bp.get("/")
@requires(Role.EDITOR)
def overview() -> str:
    """The sites that this person edits, and what they may change there."""
    me = access.current_editor()
    assert me is not None
    edited = sites.of_editor(read(), me, Role.EDITOR)
    mine = access.site_ids(Role.ADMIN)
    refused = Counter(one.site_id for one in origins.refused(read(), mine))
    return render_template("dashboard/settings.html", sites=edited, mine=mine, refused=refused)


@bp.route("/sites/<slug>", methods=["GET", "POST"])
@requires(Role.ADMIN)
def site(slug: str) -> str | Response | tuple[str, int]:
    """One site: its addresses, its desk, who decides what, and the line for its pages."""
    if request.method != "POST":
        found = _own_site(slug)
        return _site_page(found, _chosen(found), {})
    typed = _typed()
    try:
        with write() as session:
            found = sites.by_slug(session, slug)
            _may_change(found)
            found.origins = sites.checked_origins(typed["origins"].split())
            outbox.move_desk(session, found, sites.checked_address(access.typed().get("desk", ""), "desk"))
            found.missing_origin_allowed = typed["missing_origin_allowed"]
            found.policy = {**found.policy, "approvers": typed["approvers"], "auto_close": typed["auto_close"]}
            sites.mail_desk(session, found, is_wished=typed["desk_mail"])
            sites.choose_ways_in(found, typed["ways_in"], typed["doors"])
    except errors.InvalidFields as error:
        return _site_page(_own_site(slug), typed, error.fields), 422
    return redirect(f"/settings/sites/{slug}")


@bp.post("/sites/<slug>/desk-mail")
@requires(Role.ADMIN)
def mail_desk(slug: str) -> Response:
    """Mail the desk about new cases again, after somebody or something stopped it by a link."""
    with write() as session:
        found = sites.by_slug(session, slug)
        _may_change(found)
        sites.mail_desk(session, found, is_wished=True)
        flash(f"New cases are mailed to {found.desk} again.", "done")
    return redirect("/queue")


@bp.post("/sites/<slug>/origins")
@requires(Role.ADMIN)
def judge_origin(slug: str) -> Response:
    """Take reports from an origin that was refused, or tell nobody of it any more."""
    origin, is_ours = access.typed().get("origin", ""), request.form.get("action") == "allow"
    with write() as session:
        found = sites.by_slug(session, slug)
        _may_change(found)
        (origins.allow if is_ours else origins.keep_out)(session, found, origin)
    log.info("origin", site=slug, origin=origin, allowed=is_ours, editor=access.editor_id())
    flash(f"{origin} may send reports now." if is_ours else f"{origin} stays refused.", "done")
    return redirect(access.safe_next(request.form.get("next")))


@bp.route("/sites/<slug>/words", methods=["GET", "POST"])
@requires(Role.ADMIN)
def own_words(slug: str) -> str | Response | tuple[str, int]:
    """What readers are told, in a site's own words."""
    language = best(request.values.get("lang", ""), _own_site(slug).language)
    section = request.values.get("section", "") if request.values.get("section") in SECTIONS else "dialog"
    if request.method != "POST":
        return _words_page(_own_site(slug), language, section, {}, {})
    try:
        with write() as session:
            found = sites.by_slug(session, slug)
            _may_change(found)
            sites.choose_words(found, language, access.typed(), section)
    except errors.InvalidFields as error:
        return _words_page(_own_site(slug), language, section, access.typed(), error.fields), 422
    flash(f"Saved for {NAMES[language]}.", "done")
    return redirect(f"/settings/sites/{slug}/words?lang={language}&section={section}")


@bp.route("/sites/<slug>/editors", methods=["GET", "POST"])
@requires(Role.ADMIN)
def people(slug: str) -> str | tuple[str, int]:
    """Who works on a site; invite, change roles, take away."""
    if request.method != "POST":
        return _people_page(_own_site(slug))
    try:
        with write() as session:
            found = sites.by_slug(session, slug)
            _may_change(found)
            done = _change_person(session, found)
    except errors.InvalidFields as error:
        return _people_page(_own_site(slug), wrong=error.fields), 422
    return _people_page(_own_site(slug), done=done)


@bp.route("/work", methods=["GET", "POST"])
@requires(Role.ADMIN)
def work() -> str | Response:
    """Background work, and the messages that could not be sent."""
    if request.method == "POST":
        if "job" in request.form:
            jobs.retry(database(), request.form["job"])
        else:
            with write() as session:
                mine = {one.id for one in outbox.unsent(session, access.site_ids(Role.ADMIN))}
                if (number := access.number(request.form.get("delivery", ""))) not in mine:
                    raise errors.NotFound()
                outbox.retry(session, number)
        return redirect("/settings/work")
    unsent = outbox.unsent(read(), access.site_ids(Role.ADMIN))
    return render_template("dashboard/settings_work.html", overview=jobs.overview(database()), unsent=unsent)


def _own_site(slug: str) -> Site:
    found = sites.by_slug(read(), slug)
    _may_change(found)
    return found


def _may_change(site: Site) -> None:
    if site.id not in access.site_ids(Role.ADMIN):
        raise errors.NotFound()


def _site_page(found: Site, values: Mapping[str, Any], wrong: Mapping[str, str]) -> str:
    return render_template(
        "dashboard/settings_site.html",
        site=found,
        values=values,
        wrong=wrong,
        tag=sites.embed_tag(found, settings().base_url),
        whole_tag=embed.whole_tag(current_app.extensions["reader_script"], found, settings().base_url),
        roles=[Role.EDITOR, Role.STANDARDS, Role.ADMIN],
        refused=origins.refused(read(), [found.id], with_kept_out=True),
        base_url=settings().base_url,
        decisions=[(one, name, approver(one)) for one, name, _ in (*ACCEPTED, *DECLINED)],
    )


def _chosen(found: Site) -> dict[str, Any]:
    """What the site's form shows: what is stored."""
    return {
        "origins": "\n".join(found.origins),
        "desk": found.desk,
        "desk_mail": not found.policy.get("desk_mail_off"),
        "missing_origin_allowed": found.missing_origin_allowed,
        "auto_close": found.policy.get("auto_close", False),
        "approvers": found.policy.get("approvers", {}),
        "ways_in": sites.ways_in(found),
        "doors": found.policy.get("doors", []),
    }


def _typed() -> dict[str, Any]:
    """What the site's form shows after an error: what was typed."""
    chosen = {one.value: request.form.get(f"approver_{one.value}", "") for one in Resolution}
    return {
        "origins": access.typed().get("origins", ""),
        "desk": access.typed().get("desk", ""),
        "desk_mail": "desk_mail" in request.form,
        "missing_origin_allowed": "missing_origin_allowed" in request.form,
        "auto_close": "auto_close" in request.form,
        "approvers": {resolution: role for resolution, role in chosen.items() if role in list(Role)},
        "ways_in": request.form.getlist("ways_in"),
        "doors": request.form.getlist("doors"),
    }


def _words_page(found: Site, language: str, section: str, typed: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    own = sites.own_words(found, language, section)
    rows = []
    for key, usual in sentences(language, section).items():
        english, mine = sites.parts(key, sentences("en", section)[key]), sites.parts(key, own.get(key, usual))
        for field, words in sites.parts(key, usual).items():
            label = english.get(field) or english[f"{key}.other"]
            said = typed.get(field, "") if wrong else mine[field] if mine[field] != words else ""
            rows.append((field, label, field.partition(".")[2] if isinstance(usual, Mapping) else "", words, said))
    return render_template(
        "dashboard/settings_words.html",
        site=found,
        language=language,
        direction=direction(language),
        languages=NAMES,
        section=section,
        sections=SECTION_NAMES,
        rows=rows,
        wrong=wrong,
    )


def _people_page(found: Site, *, wrong: Mapping[str, str] | None = None, done: str = "") -> str:
    return render_template(
        "dashboard/settings_people.html",
        site=found,
        me=access.editor_id(),
        members=sites.members(read(), found),
        invitations=editors.invitations(read(), found),
        roles=list(Role),
        wrong=wrong or {},
        typed=access.typed() if wrong else {},
        done=done,
    )


def _change_person(session: Session, found: Site) -> str:
    """Do what the form asks; what was done, in a sentence."""
    if request.form.get("action") == "invite":
        return _invite(session, found)
    if request.form.get("action") == "take_back":
        editors.take_back(session, found, access.number(request.form.get("invitation", "")) or 0)
        return "The invitation is taken back."
    person = editors.get(session, access.number(request.form.get("editor", "")) or 0)
    if person.role_on(found.id) is None or person.id == access.editor_id():
        raise errors.NotFound()
    chosen = request.form.get("role", "")
    editors.set_role(session, person, found, Role(chosen) if chosen in list(Role) else None)
    return "Changed."


def _invite(session: Session, found: Site) -> str:
    """Offer a person a role: by a mail to their address, and by no other way, for who opens the link accepts (I08)."""
    role = Role(request.form["role"]) if request.form.get("role") in list(Role) else Role.VIEWER
    address = sites.checked_address(access.typed().get("email", ""), "email")
    known = editors.by_email(session, address)
    if known is not None and known.id == access.editor_id():
        raise errors.NotPermitted()
    if known is not None and known.role_on(found.id) is not None:
        raise errors.InvalidFields({"email": "This person works here already; change the role in the list above."})
    editors.invite(session, address, site=found, role=role, base_url=settings().base_url)
    return f"Invited. The link is on its way to {address}; it works once, for 24 hours."
