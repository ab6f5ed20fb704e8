"""Settings of webhooks: added, tried out, changed, switched off and on, and what became of each call."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any

import structlog
from flask import Blueprint, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from corrections_service import errors
from corrections_service.rules.webhooks import EVENTS, WebhookKind
from corrections_service.rules.workflow import Role
from corrections_service.services import calls, webhooks
from corrections_service.store.models import Site, Webhook
from corrections_service.web import access
from corrections_service.web.access import read, requires, settings, write
from corrections_service.web.controls import named
from corrections_service.web.language import say
from corrections_service.web.site_forms import WEBHOOK_KINDS, WebhookForm
from corrections_service.work.webhooks import send

log = structlog.get_logger()

bp = Blueprint("webhooks", __name__, url_prefix="/settings/sites")

SHOWN = 50
"""Calls that a webhook's page lists."""


@bp.route("/<slug>/webhooks", methods=["GET", "POST"])
@requires(Role.ADMIN)
def of_site(slug: str) -> str | Response | tuple[str, int]:
    """A site's webhooks; one is added, and its secret is shown once."""
    if request.method != "POST":
        return _list(access.site_with(read(), slug, Role.ADMIN), WebhookForm(events=list(EVENTS)))
    form = WebhookForm(request.form)
    try:
        form.check()
        with write() as session:
            site = access.site_with(session, slug, Role.ADMIN)
            config, kind = settings(), WebhookKind(form.kind.data)
            own_networks = bool(config.fetch_allow)
            webhook, secret = webhooks.add(
                session,
                site,
                kind,
                form.address.data,
                form.events.data,
                keys=config.secret_keys,
                own_networks=own_networks,
            )
            number = webhook.id
    except errors.InvalidFields as error:
        form.blame(error)
        return _list(access.site_with(read(), slug, Role.ADMIN), form), HTTPStatus.UNPROCESSABLE_ENTITY
    _note(slug, number, "add")
    if kind is WebhookKind.PLAIN:
        return _page(slug, number, secret=secret)
    return redirect(f"/settings/sites/{slug}/webhooks/{number}", HTTPStatus.SEE_OTHER)


@bp.route("/<slug>/webhooks/<int:number>", methods=["GET", "POST"])
@requires(Role.ADMIN)
def one(slug: str, number: int) -> str | Response | tuple[str, int]:
    """One webhook with its last calls and their answers: tried out, changed, given another secret, off, on, sent again."""
    if request.method != "POST":
        return _page(slug, number)
    form = WebhookForm(request.form)
    action = form.action.data
    if action == "test":
        return _try_out(slug, number)
    secret = ""
    try:
        with write() as session:
            webhook = webhooks.get(session, access.site_with(session, slug, Role.ADMIN), number)
            secret = _act(session, webhook, form)
    except errors.InvalidFields as error:
        form.blame(error)
        return _page(slug, number, form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    _note(slug, number, action)
    if secret:
        return _page(slug, number, secret=secret, is_changed=True)
    flash(say(f"desk.webhook.done_{action}"), "done")
    path = f"/settings/sites/{slug}/webhooks"
    return redirect(path if action == "remove" else f"{path}/{number}", HTTPStatus.SEE_OTHER)


def _act(session: Session, webhook: Webhook, form: WebhookForm) -> str:
    """Do what the form says; the new secret, if it gives one. Raises InvalidFields, NotFound, BadRequest."""
    match form.action.data:
        case "choose":
            webhooks.choose(webhook, form.events.data)
        case "rotate":
            return webhooks.rotate(webhook, keys=settings().secret_keys)
        case "off":
            webhooks.switch_off(session, webhook)
        case "on":
            webhooks.switch_on(session, webhook)
        case "replay":
            calls.replay(session, webhook, form.call.data or 0)
        case "replay_failed":
            calls.replay(session, webhook)
        case "remove":
            webhooks.remove(session, webhook)
        case _:
            raise errors.BadRequest()
    return ""


def _try_out(slug: str, number: int) -> str:
    """Send a test at once, and show what the other side itself said."""
    site = access.site_with(read(), slug, Role.ADMIN)
    webhook, config = webhooks.get(read(), site, number), settings()
    kind, values, payload = webhook.kind, webhooks.opened(webhook, config.secret_keys), webhooks.trial(site)
    access.end_reading()
    outcome = send(kind, values, f"msg_{secrets.token_hex(16)}", payload, config)
    return _page(slug, number, outcome=outcome)


def _note(slug: str, number: int, action: str) -> None:
    log.info("webhook", site=slug, webhook=number, action=action, editor=access.editor_id())


def _list(site: Site, form: WebhookForm) -> str:
    return render_template(
        "dashboard/settings_webhooks.html",
        site=site,
        form=form,
        webhooks=webhooks.of_site(read(), site),
        kinds=_kinds(),
    )


def _page(slug: str, number: int, *, form: WebhookForm | None = None, **more: Any) -> str:
    access.end_reading()  # what was written just now is seen
    site = access.site_with(read(), slug, Role.ADMIN)
    webhook = webhooks.get(read(), site, number)
    return render_template(
        "dashboard/settings_webhook.html",
        site=site,
        webhook=webhook,
        form=form or WebhookForm(events=webhook.events),
        calls=calls.latest(read(), webhook, SHOWN),
        kinds=_kinds(),
        days=webhooks.PATIENCE.days,
        **more,
    )


def _kinds() -> dict[str, str]:
    """What may be told, by kind, as people call it."""
    return {kind: named(name) for kind, name in WEBHOOK_KINDS.items()}
