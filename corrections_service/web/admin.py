"""Settings of sites, the people who work on them, and the work in the background."""

from __future__ import annotations

from collections import Counter

import structlog
from flask import Blueprint, current_app, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from corrections_service import errors
from corrections_service.rules.catalogue import SECTIONS, best, direction, names
from corrections_service.rules.workflow import NOTICES, Role, approval_rule, approver
from corrections_service.services import accounts, approvals, editors, incoming, origins, sites
from corrections_service.services import people as colleagues
from corrections_service.store.models import Policy, Site
from corrections_service.web import access, embed, forms, matrix, samples, site_forms, start, trials
from corrections_service.web.access import read, requires, settings, write
from corrections_service.web.decisions import ACCEPTED, DECLINED, name_of
from corrections_service.web.language import language_names, say
from corrections_service.web.notices import catalogue_of
from corrections_service.web.samples import Sample
from corrections_service.web.trials import Outcome

log = structlog.get_logger()

bp = Blueprint("admin", __name__, url_prefix="/settings")


@bp.get("/")
@requires(Role.EDITOR)
def overview() -> str:
    """The sites that this person edits, and what they may change there."""
    me = access.signed_in()
    edited = [site for site in sites.of_editor(read(), me, Role.EDITOR) if site.trainee_id is None]
    site_ids = access.site_ids(Role.ADMIN)
    refused = Counter(row.site_id for row in origins.refused(read(), site_ids))
    aside = incoming.count_aside(read(), [site.id for site in edited])
    return render_template(
        "dashboard/settings.html",
        sites=edited,
        mine=site_ids,
        refused=refused,
        aside=aside,
        may_add=bool(site_ids) and sites.are_all(read(), site_ids),
    )


@bp.route("/sites/<slug>", methods=["GET", "POST"])
@requires(Role.ADMIN)
def site(slug: str) -> str | Response | tuple[str, int]:
    """One site: its addresses, its desk, who decides what, and the line for its pages."""
    if request.method != "POST":
        site = access.site_with(read(), slug, Role.ADMIN)
        return _site_page(site, _chosen(site))
    form = site_forms.SiteForm(request.form)
    try:
        form.check()
        if form.action.data == "preview":
            site = access.site_with(read(), slug, Role.ADMIN)
            return _site_page(site, form, form.draft(site.policy))
        with write() as session:
            site = access.site_with(session, slug, Role.ADMIN)
            sites.place(session, site, form.origins.data.split())
            sites.move_desk(session, site, sites.checked_address(form.desk.data, "desk"))
            site.missing_origin_allowed = form.missing_origin_allowed.data
            site.policy = {**site.policy, "approvers": form.approvers(), "auto_close": form.auto_close.data}
            site.policy = {**site.policy, "wrong_unsaid": form.wrong_unsaid.data}
            sites.choose(site, **form.rules(site.policy))
            approvals.leave_out(site, form.unused())
            sites.mail_desk(session, site, is_wished=form.desk_mail.data)
            sites.choose_ways_in(site, form.ways_in.data, form.doors.data)
    except errors.InvalidFields as error:
        form.blame(error)
        return _site_page(access.site_with(read(), slug, Role.ADMIN), form), 422
    return redirect(f"/settings/sites/{site.slug}")


@bp.post("/sites/<slug>/desk-mail")
@requires(Role.ADMIN)
def mail_desk(slug: str) -> Response:
    """Mail the desk about new cases again, after somebody or something stopped it by a link."""
    with write() as session:
        site = access.site_with(session, slug, Role.ADMIN)
        sites.mail_desk(session, site, is_wished=True)
        flash(say("desk.site.mailed_again", address=site.desk), "done")
    return redirect("/queue")


@bp.post("/sites/<slug>/origins")
@requires(Role.ADMIN)
def judge_origin(slug: str) -> Response:
    """Take reports from an origin that was refused, or tell nobody of it any more."""
    form = site_forms.OriginForm(request.form)
    origin, is_ours = form.origin.data, form.action.data == "allow"
    with write() as session:
        site = access.site_with(session, slug, Role.ADMIN)
        (origins.allow if is_ours else origins.keep_out)(session, site, origin)
    log.info("origin", site=slug, origin=origin, allowed=is_ours, editor=access.editor_id())
    flash(say("desk.site.allowed" if is_ours else "desk.site.stays_refused", origin=origin), "done")
    return redirect(access.safe_next(form.next.data))


@bp.route("/sites/<slug>/words", methods=["GET", "POST"])
@requires(Role.ADMIN)
def own_words(slug: str) -> str | Response | tuple[str, int]:
    """What readers are told, in a site's own words."""
    language = best(request.values.get("lang", ""), access.site_with(read(), slug, Role.ADMIN).language)
    section = request.values.get("section", "") if request.values.get("section") in SECTIONS else "dialog"
    if request.method != "POST":
        site = access.site_with(read(), slug, Role.ADMIN)
        own_sentences = sites.own_section(site, language, section)
        return _words_page(site, language, section, forms.WordsForm(language, section, own_sentences))
    form, action = forms.WordsForm(language, section, {}, request.form), request.form.get("action", "")
    try:
        if action == "usual":
            form = forms.WordsForm(language, section, {})
        if action in ("usual", "preview", "try"):
            return _preview(slug, language, section, form, is_tried=action == "try")
        with write() as session:
            site = access.site_with(session, slug, Role.ADMIN)
            sites.choose_sentences(site, language, form.data, section)
    except errors.InvalidFields as error:
        form.blame(error)
        return _words_page(access.site_with(read(), slug, Role.ADMIN), language, section, form), 422
    flash(say("desk.own_words.saved", language=language_names()[language]), "done")
    return redirect(f"/settings/sites/{slug}/words?lang={language}&section={section}")


@bp.route("/sites/<slug>/editors", methods=["GET", "POST"])
@requires(Role.ADMIN)
def people(slug: str) -> str | tuple[str, int]:
    """Who works on a site; invite, change roles, take away."""
    if request.method != "POST":
        return _people_page(access.site_with(read(), slug, Role.ADMIN), forms.InviteForm())
    form = forms.InviteForm(request.form)
    is_invitation = request.form.get("action") == "invite"
    try:
        if is_invitation:
            form.check()
        with write() as session:
            site = access.site_with(session, slug, Role.ADMIN)
            message = _invite(session, site, form) if is_invitation else _change_person(session, site)
    except errors.InvalidFields as error:
        form.blame(error)
        return _people_page(access.site_with(read(), slug, Role.ADMIN), form), 422
    return _people_page(access.site_with(read(), slug, Role.ADMIN), forms.InviteForm(), message=message)


def _site_page(site: Site, form: site_forms.SiteForm, draft: Policy | None = None) -> str:
    """The page with what was typed; with a `draft` of the policy also what that would change, which nothing keeps."""
    words, names_of = catalogue_of(site), {decision: name_of(decision) for decision in (*ACCEPTED, *DECLINED)}
    return render_template(
        "dashboard/settings_site.html",
        site=site,
        form=form,
        tag=sites.embed_tag(site, settings().base_url),
        whole_tag=embed.whole_tag(current_app.extensions["reader_script"], site, settings().base_url),
        usual={resolution.value: approval_rule(resolution, {}) for resolution in NOTICES},
        roles=[Role.EDITOR, Role.STANDARDS, Role.ADMIN],
        refused=origins.refused(read(), [site.id], with_kept_out=True),
        shared=start.shared(site),
        link=sites.report_link(site, settings().base_url, words("dialog.title")),
        decisions=[(decision, name, approver(decision)) for decision, name in names_of.items()],
        differences=None if draft is None else matrix.differences(names_of, site.policy, draft),
        policy_page=[] if draft is None else matrix.in_force(words, site, draft).sentences(words),
        policy_now=matrix.in_force(words, site, site.policy).sentences(words),
        words=words,
    )


def _chosen(site: Site) -> site_forms.SiteForm:
    """The site's form with what is stored."""
    policy = site.policy
    return site_forms.SiteForm(
        origins="\n".join(site.origins),
        desk=site.desk,
        desk_mail=not policy.get("desk_mail_off"),
        missing_origin_allowed=site.missing_origin_allowed,
        auto_close=policy.get("auto_close", False),
        wrong_unsaid=policy.get("wrong_unsaid", False),
        approver={**policy.get("approvers", {}), **dict.fromkeys(policy.get("unused", []), site_forms.NOBODY)},
        second_person=site_forms.chosen_words(policy.get("second_person", {})),
        author_alone=site_forms.chosen_words(policy.get("author_alone", {})),
        soft_words="\n".join(policy.get("soft_words", [])),
        ways_in=sites.ways_in(site),
        doors=policy.get("doors", []),
    )


def _preview(slug: str, language: str, section: str, form: forms.WordsForm, *, is_tried: bool = False) -> str:
    """The page with what was typed, kept nowhere, and mails in these words. Raises InvalidFields.

    Who asks for a trial gets those mails at their own address, and nobody else does.
    """
    me, outcome = access.signed_in(), None
    address = me.email
    access.end_reading()
    with access.database().read() as session:  # which stores nothing
        site = access.site_with(session, slug, Role.ADMIN)
        sites.choose_sentences(site, language, form.data, section)
        name, mails = site.name, list(samples.mails(session, site, language)) if section == "mail" else None
    for mail in (mails or []) if is_tried else []:
        outcome = trials.send(name, address, mail.subject, mail.body, mail.html)
        if not outcome.is_sent:
            break
    site = access.site_with(read(), slug, Role.ADMIN)
    return _words_page(site, language, section, form, is_draft=True, mails=mails, outcome=outcome)


def _words_page(
    site: Site,
    language: str,
    section: str,
    form: forms.WordsForm,
    *,
    is_draft: bool = False,
    mails: list[Sample] | None = None,
    outcome: Outcome | None = None,
) -> str:
    fillings, me = samples.fillings(site, language), access.signed_in()
    return render_template(
        "dashboard/settings_words.html",
        site=site,
        language=language,
        languages=language_names(),
        section=section,
        sections={name: say(f"desk.own_words.section_{name}") for name in SECTIONS},
        direction=direction(language),
        form=form,
        fillings=fillings,
        shown={field.name: samples.filled(field.data or field.render_kw["placeholder"], fillings) for field in form},
        is_draft=is_draft,
        mails=mails,
        address=me.email,
        outcome=outcome,
    )


def _people_page(site: Site, form: forms.InviteForm, *, message: str = "") -> str:
    return render_template(
        "dashboard/settings_people.html",
        site=site,
        me=access.editor_id(),
        members=sites.members(read(), site),
        invitations=editors.invitations(read(), site),
        roles=list(Role),
        decisions=_decisions_by_role(site),
        languages=names(),
        usual_language=best(site.language),
        form=form,
        done=message,
    )


def _decisions_by_role(site: Site) -> dict[Role, list[str]]:
    """What each role decides at a site, by the rules that it has; only the least role that may."""
    rules = [(decision, approvals.rule_of(site, decision)) for decision in (*ACCEPTED, *DECLINED)]
    return {role: [name_of(decision) for decision, rule in rules if rule.used and rule.role is role] for role in Role}


def _change_person(session: Session, site: Site) -> str:
    """Do what the form asks; what was done, in a sentence."""
    form = forms.MemberForm(request.form)
    if form.action.data == "take_back":
        editors.take_back(session, site, form.invitation.data or 0)
        return say("desk.people.taken_back")
    person = editors.get(session, form.editor.data or 0)
    if person.role_on(site.id) is None or person.id == access.editor_id():
        raise errors.NotFound()
    role = Role(form.role.data) if form.role.data else None
    accounts.check_administered(session, person, site)
    editors.set_role(session, person, site, role)
    if role is None or not role.covers(Role.EDITOR):
        colleagues.hand_over(session, person, site, actor=editors.get(session, access.editor_id() or 0))
    return say("desk.people.changed")


def _invite(session: Session, site: Site, form: forms.InviteForm) -> str:
    """Offer a person a role: by a mail to their address, and by no other way, for who opens the link accepts (I08)."""
    role = Role(form.role.data) if form.role.data else Role.VIEWER
    address = sites.checked_address(form.email.data, "email")
    person = editors.by_email(session, address)
    if person is not None and person.id == access.editor_id():
        raise errors.NotPermitted()
    if person is not None and person.role_on(site.id) is not None:
        raise errors.InvalidFields({"email": say("desk.people.works_here")})
    language, base_url = form.language.data, settings().base_url
    was_invited = person is not None and person.id in {offer.editor_id for offer in editors.invitations(session, site)}
    editors.invite(session, address, site=site, role=role, base_url=base_url, language=language)
    return say("desk.people.sent_again" if was_invited else "desk.people.sent", address=address)
