"""What readers meet: the script in the page, the form without script, the status page behind a secret link."""

from __future__ import annotations

import dataclasses
import re
import uuid
from collections.abc import Collection, Mapping
from http import HTTPStatus

from flask import Blueprint, Response, redirect, render_template, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from corrections_service import errors
from corrections_service.rules import text, urls
from corrections_service.rules.catalogue import Catalogue, best, catalogue_in
from corrections_service.rules.changes import Kind
from corrections_service.rules.fields import FIELDS, LIMITS
from corrections_service.rules.references import reference_of
from corrections_service.rules.workflow import State
from corrections_service.services import (
    answers,
    articles,
    attachments,
    corrections,
    desk_mail,
    entries,
    forgetting,
    intake,
    notices,
    offices,
    promises,
    readers,
    reports,
    sites,
    thanks,
)
from corrections_service.services.reports import Fields
from corrections_service.store.models import EventKind, Report, Site
from corrections_service.store.views import MENDED
from corrections_service.web.access import database, public, read, reader, settings, write
from corrections_service.web.api import store
from corrections_service.work.attachments import can_draw
from corrections_service.work.mail import catalogue_for, read_unsubscribe_token

bp = Blueprint("reader", __name__)

FORM_SECONDS = 24 * 3600
MOST = {**LIMITS, "answer": readers.LONGEST_SAID, "appeal": readers.LONGEST_SAID, "name": thanks.LONGEST}
"""How many characters each field takes, those on the page of a report too."""

CARRIED = ("prefix", "suffix", "title", "start", "page_url", "several", "selection_length", "selection_sha256")
"""What only the dialog knows, and takes along when its reader goes on in the form."""

TOLD_OF = (("offices", "offices", "pages.or_office"), ("programs", "programs_since", "pages.or_programs"))
"""What the form says that it told of whom the words reach, the publication's choice, and the sentence."""


@bp.route("/report/<key>", methods=["GET", "POST"])
@public
def report_form(key: str) -> str | AnyResponse:
    """The reader's dialog as a page that needs no script."""
    with database().read() as session:
        site = sites.by_key(session, key)
    if request.method != "POST":
        prefill = {name: text.clean(request.args.get(name, "")) for name in ("url", "exact", "lang")}
        return _form(site, prefill)
    values = {name: value for name in FIELDS if (value := request.form.get(name, ""))}
    if request.form.get("wants_reply") is None:
        values.pop("email", None)
    try:
        _check_token(site, request.form.get("token", ""))
        for name, choice, news in TOLD_OF:
            if site.policy.get(choice) and not request.form.get(name):
                # The page said that nobody else gets these words, and by now one may: their reader sends them again.
                return _form(site, values, news=news), HTTPStatus.CONFLICT  # type: ignore[return-value]
        submitted = store(site, _fields(values, site))
    except errors.InvalidFields as error:
        return _form(site, values, wrong=error.fields), HTTPStatus.UNPROCESSABLE_ENTITY  # type: ignore[return-value]
    except errors.CorrectionsError as error:
        if isinstance(error, errors.IdReused):  # who went back and wrote something else has another report
            del values["id"]
        return _form(site, values, failure=error), error.status  # type: ignore[return-value]
    return redirect(f"/r/{submitted.token}?new=1", HTTPStatus.SEE_OTHER)


@bp.route("/r/<token>", methods=["GET", "POST"])
@reader
def status(token: str) -> str | AnyResponse | tuple[str, int]:
    """A reader's report behind its secret link: see; by POST withdraw, disagree, answer, erase."""
    if request.method == "POST":
        return _change(token)
    return status_page(reports.by_token(read(), token))


@bp.route("/unsubscribe/<token>", methods=["GET", "POST"])
@public
def unsubscribe(token: str) -> str | AnyResponse:
    """Stop mails to one address (RFC 8058): GET shows a button, POST does it; for what nothing stops both say so."""
    try:
        site_id, report_id, mark = read_unsubscribe_token(token, settings())
    except (BadSignature, ValueError):
        raise errors.NotFound() from None
    report = read().get(Report, abs(report_id)) if report_id else None
    catalogue = catalogue_for(report) if report else catalogue_in("en")
    if request.method == "POST" and request.form.get("List-Unsubscribe") != "One-Click":
        raise errors.BadRequest()
    is_needless = not report_id and not sites.is_desk(read(), site_id, mark)
    if request.method != "POST" or is_needless:
        return render_template("reader/unsubscribe.html", words=catalogue, done=False, is_needless=is_needless)
    with write() as session:
        if report_id < 0:
            forgetting.stop_all_mail(session, site_id, -report_id)
        elif report_id:
            forgetting.stop_mail(session, report_id)
        else:
            desk_mail.stop(session, site_id, mark)
    return render_template("reader/unsubscribe.html", words=catalogue, done=True)


def error_page(error: errors.CorrectionsError) -> str:
    """What failed, in the language that the reader's browser asks for."""
    catalogue = catalogue_in(best(request.args.get("lang", ""), *_accepted()))
    return render_template(
        "reader/error.html", words=catalogue, failure=_sentence(catalogue, error), status=error.status
    )


def explain(error: errors.CorrectionsError, report: Mapping[str, object]) -> tuple[str, Mapping[str, str]]:
    """What failed and what each field should hold, in the report's language: the dialog shows it to its reader.

    Programs, which name no language but English, read it in full as it was raised.
    """
    fields = error.fields if isinstance(error, errors.InvalidFields) else {}
    catalogue = catalogue_in(best(str(report.get("lang", ""))))
    if catalogue.language == "en":
        return error.detail, fields
    return _sentence(catalogue, error), {name: _wrong(catalogue, name, str(report.get(name, ""))) for name in fields}


def _change(token: str) -> AnyResponse | tuple[str, int]:
    typed, action = request.form.get("text", ""), request.form.get("action", "")
    try:
        with write() as session:
            report = reports.by_token(session, token)
            _do(session, report, action, typed)
            origins = report.case.site.origins
    except (errors.InvalidFields, errors.NotClosed, errors.ChangedMeanwhile) as error:
        if not typed.strip():  # nothing to keep
            raise
        return status_page(reports.by_token(read(), token), failure=error, typed={action: typed}), error.status
    if urls.origin_allowed(request.headers.get("Origin", ""), origins):
        # The dialog in the page withdraws what it has just sent: to it, nothing more than that it is done.
        shared = {"Access-Control-Allow-Origin": request.headers["Origin"], "Vary": "Origin"}
        return Response(status=HTTPStatus.NO_CONTENT, headers=shared)
    return redirect(f"/r/{token}" + ("?answered=1" if action == "answer" else ""), HTTPStatus.SEE_OTHER)


def _do(session: Session, report: Report, action: str, typed: str) -> None:
    match action:
        case "withdraw":
            readers.withdraw(session, report)
        case "appeal":
            readers.appeal(session, report, typed)
        case "answer":
            readers.answer(session, report, typed)
        case "helped_yes" | "helped_no":
            readers.say_whether_helped(session, report, helped=action == "helped_yes")
        case "name":
            readers.offer_name(session, report, typed)
        case "pass_address":
            offices.pass_address(session, report)
        case "no_name":
            readers.take_name_away(session, report)
        case "detach":
            attachments.remove(session, report, int(typed) if re.fullmatch("[0-9]{1,9}", typed) else 0)
        case "erase":
            forgetting.erase(session, report)
        case _:
            raise errors.BadRequest()


def status_page(
    report: Report, *, failure: errors.CorrectionsError | None = None, typed: Mapping[str, str] | None = None
) -> str:
    """The page of a report; with what could not be done, and what was typed for it."""
    case, catalogue, typed = report.case, catalogue_for(report), typed or {}
    wrong = failure.fields if isinstance(failure, errors.InvalidFields) else {}
    is_told, is_proposed = not corrections.waiting(read(), case), notices.proposal(read(), case) is not None
    handed = offices.told(read(), report)
    can_say_whether_helped = case.state is State.CLOSED and report.withdrawn_at is None and is_told
    return render_template(
        "reader/status.html",
        words=catalogue,
        failure=_sentence(catalogue, failure) if failure and not wrong else "",
        wrong={name: _wrong(catalogue, name, typed.get(name, "")) for name in wrong},
        typed=typed,
        most=readers.LONGEST_SAID,
        report=report,
        case=case,
        site=case.site,
        reference=reference_of(report.id),
        headline=articles.headline_read(case.article),
        questions=answers.questions(read(), report),
        objection=answers.objection(read(), report),
        awaits_second_look=answers.awaits_second_look(read(), case),
        replies=[
            event.data.get("text", "")
            for event in case.events
            if event.kind == EventKind.REPLIED and event.report_id == report.id
        ],
        reason=answers.decided_reason(read(), case),
        corrections=corrections.standing(read(), case),
        is_proposed=is_proposed,
        is_told=is_told,
        showing=answers.when_shown(read(), case).sentence(catalogue),
        can_appeal=case.state is State.CLOSED and report.appealed_at is None and report.withdrawn_at is None,
        is_mended=case.resolution in MENDED,
        is_put_aside=case.state is State.SPAM and any(event.kind == EventKind.SPAM for event in case.events),
        is_at_work=answers.is_at_work(read(), case),
        is_changed=entries.right_since(case) is not None,
        can_be_thanked=thanks.is_possible(read(), report),
        thanks=thanks.offers(read(), [report]).get(report.id),
        longest_name=thanks.LONGEST,
        handed=handed,
        hands_on=bool(handed) or offices.may_go(report),
        reaches_programs=promises.may_go(report, promises.PROGRAMS),
        attached=attachments.of_reports(read(), [report.id]).get(report.id, []),
        takes_files=attachments.are_welcome(report) and can_draw(),
        is_attached="attached" in request.args,
        is_refused=isinstance(failure, errors.AttachmentRefused),
        here=f"/r/{(request.view_args or {})['token']}",
        can_say_whether_helped=can_say_whether_helped,
        is_new="new" in request.args,
        is_answered="answered" in request.args,
        mail_state=answers.mail_state(read(), report, is_told=is_told, is_proposed=is_proposed),
    )


def _form(
    site: Site,
    values: dict[str, str],
    *,
    wrong: Collection[str] = (),
    failure: errors.CorrectionsError | None = None,
    news: str = "",
) -> str:
    """The form, with all that the reader typed so far, and why it was not sent; a new token each time."""
    language = best(values.get("lang", ""), *_accepted(), site.language)
    catalogue = catalogue_in(language, sites.own_sentences(site, language))
    values = {"id": str(uuid.uuid4()), **values, "lang": values.get("lang") or language}
    back = urls.parse(values["url"]).href if urls.belongs_to(values.get("url", ""), site.origins) else ""
    return render_template(
        "reader/report.html",
        words=catalogue,
        site=site,
        values=values,
        limits=MOST,
        wrong={name: _wrong(catalogue, name, values.get(name, "")) for name in wrong},
        failure=_sentence(catalogue, failure) if failure else catalogue(news) if news else "",
        token=_signer().dumps(site.key),
        back=back,
        headline=articles.headline_at(read(), site, values["url"]) if back else "",
        contact_days=settings().retention_contact_days,
        carried={name: values[name] for name in CARRIED if name in values},
        kinds=list(zip(Kind, catalogue.each("dialog.kinds"), strict=True)),
    )


def _fields(values: dict[str, str], site: Site) -> Fields:
    """What was typed into the form, which takes what no page elsewhere may send: on a host that is not the site's.

    There the article is the one of the same path at the site itself, and where it was read is told to the desk.
    Raises InvalidFields.
    """
    read_at = values.get("url", "")
    try:
        if urls.belongs_to(read_at, site.origins):
            return intake.checked(values, site)
        elsewhere = urls.canonical(read_at, site.policy.get("query_parameters"))
        site_values = {**values, "url": urls.own_address(read_at, site.origins)}
    except urls.BadAddress:
        return intake.checked(values, site)
    return dataclasses.replace(intake.checked(site_values, site), page_url=elsewhere)


def _accepted() -> list[str]:
    """The languages that the reader's browser asks for, best first."""
    return [tag for tag, quality in request.accept_languages if quality]


def _wrong(catalogue: Catalogue, name: str, value: str) -> str:
    """What a field should hold."""
    most, count = MOST.get(name), len(text.clean(value).strip())
    if most and count > most:
        return f"{catalogue('pages.wrong_long', most=most)} ({catalogue.number(count)} / {catalogue.number(most)})"
    return catalogue.first(f"pages.wrong_{name}", "pages.wrong")


def _sentence(catalogue: Catalogue, error: errors.CorrectionsError) -> str:
    """What failed, as a reader has to know it."""
    return catalogue.first(f"pages.error_{error.code.replace('-', '_')}", "pages.error")


def _check_token(site: Site, token: str) -> None:
    try:
        if _signer().loads(token, max_age=FORM_SECONDS) == site.key:
            return
    except BadSignature:
        pass
    raise errors.BadRequest()


def _signer() -> URLSafeTimedSerializer:
    config = settings()
    return URLSafeTimedSerializer(config.secret_keys[::-1], salt="report-form")
