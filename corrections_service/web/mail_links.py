"""What the links in mails to editors do: GET shows one button and changes nothing, POST does it."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature

from corrections_service import errors
from corrections_service.services import history, mail_choices
from corrections_service.store.models import Editor, Site
from corrections_service.web.access import public, read, settings, write
from corrections_service.web.language import failure as failure_words
from corrections_service.web.language import say, speak_to, words
from corrections_service.work import acting, letters
from corrections_service.work.acting import Act, Link
from corrections_service.work.mail import read_silence_token

bp = Blueprint("mail_links", __name__)


@bp.route("/unsubscribe/mine/<token>", methods=["GET", "POST"])
@public
def silence(token: str) -> str:
    """End the sorts of mail that one mail was of, to one person (RFC 8058): GET shows a button, POST does it."""
    try:
        editor_id, site_id, sorts = read_silence_token(token, settings())
    except (BadSignature, ValueError):
        raise errors.NotFound() from None
    is_done = request.method == "POST"
    if is_done:
        if request.form.get("List-Unsubscribe") != "One-Click":
            raise errors.BadRequest()
        with write() as session:
            person = session.get(Editor, editor_id)
            if person is not None and person.role_on(site_id) is not None:
                mail_choices.silence(session, editor_id, site_id, sorts)
    site = read().get(Site, site_id)
    if site is None:
        raise errors.NotFound()
    person = read().get(Editor, editor_id)
    if person is not None:
        speak_to(person)
    return render_template(
        "account/silence.html", site=site, sorts=[say(f"desk.sorts_of_mail.{sort}") for sort in sorts], is_done=is_done
    )


@bp.route("/act/<token>", methods=["GET", "POST"])
@public
def act(token: str) -> ResponseReturnValue:
    """Act on a case from a mail: GET shows what it is and one button, POST does it, once, and offers the way back."""
    link = acting.read_token(token, settings())
    if request.method != "POST":
        return _page(link)
    try:
        with write() as session:
            version = acting.do(session, link)
    except errors.CorrectionsError as error:
        if error.status in (HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE):
            raise
        return _page(link, failure=error), error.status
    if link.act is Act.UNDO:
        return _page(link, is_undone=True)
    undo = replace(link, act=Act.UNDO, version=version)
    return redirect(f"/act/{acting.token(undo, settings())}", HTTPStatus.SEE_OTHER)


def _page(link: Link, *, failure: errors.CorrectionsError | None = None, is_undone: bool = False) -> str:
    """What a link would do with its case as it is now; or what became of the case since its mail was written."""
    case, person = acting.find(read(), link)
    speak_to(person)
    return render_template(
        "account/act.html",
        act=link.act.value,
        case=case,
        shown=letters.case_values(case, words()),
        person=person,
        meanwhile=[] if is_undone else history.since(read(), case, link.version),
        is_changed=case.version != link.version and not is_undone,
        is_undone=is_undone,
        failure=failure,
        failure_words=failure_words(failure) if failure else "",
    )
