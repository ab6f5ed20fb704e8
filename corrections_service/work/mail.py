"""Mail: what is owed becomes one message, and is handed to the mail server."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import css_inline
from flask import Flask, render_template
from flask_mail import Message
from itsdangerous import URLSafeSerializer
from sqlalchemy.orm import object_session

from corrections_service import errors
from corrections_service.rules import text
from corrections_service.rules.catalogue import Catalogue, best, catalogue_in
from corrections_service.rules.references import recipient_mark
from corrections_service.services import incoming, outbox, people, reports, sites, wishes
from corrections_service.settings import Settings
from corrections_service.store.models import Delivery, Event, Report
from corrections_service.work import letters
from corrections_service.work.smtp import LONGEST_NAME, MailRefused, MailServer

KEY_LOST = (
    "The reader's link was made with a secret key that this service no longer knows: "
    "name it in SECRET_KEY_FALLBACKS, then try again."
)


class Mailer(MailServer):
    """Composes what is owed, and sends it."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        super().__init__(app, settings)
        self._inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)

    def render(self, deliveries: Sequence[Delivery], count: int = 1) -> Message:
        """The message for one delivery, or one digest for several of the same desk."""
        first = deliveries[0]
        several = "cases_new" if first.template == outbox.DESK_TEMPLATE else "answers"
        template = several if count > 1 else first.template
        with self.app.test_request_context(base_url=self.settings.base_url or None):
            values = self._values(first, deliveries, count)
            plain = render_template(f"mail/{template}.txt", **values)
            html = render_template(f"mail/{template}.html", **values)
        subject, _, body = plain.partition("\n")
        return self.letter(
            values["site"]["name"],
            first.recipient,
            subject,
            body=body.strip() + "\n",
            html=self._inliner.inline(html),
            extra_headers=self._headers(first, count) | self._reply_to(deliveries),
        )

    def compose(self, deliveries: Sequence[Delivery], *, together: Sequence[int] = ()) -> Message:
        """Render, and give the message the Message-ID that is the same for every try.

        `together` numbers all deliveries of a digest; with others in it, it is another message, which no mail
        program may take for one that it has already.
        """
        with self.app.app_context():
            message = self.render(deliveries, len(together) or 1)
        message.msgId = message_id(deliveries[0], self.settings.host)
        if len(together) > 1:
            mark = hashlib.sha256(repr(sorted(together)).encode()).hexdigest()[:16]
            message.msgId = message.msgId.replace("<", f"<digest.{mark}.", 1)
        return message

    def _headers(self, delivery: Delivery, count: int) -> dict[str, str]:
        headers = {"Auto-Submitted": "auto-generated"}
        if delivery.template not in outbox.TO_DESKS or outbox.is_to_desk(
            delivery
        ):  # one to an editor alone nothing stops
            token = unsubscribe_token(delivery, self.settings, all_reports=count > 1)
            headers["List-Unsubscribe"] = f"<{self.settings.base_url}/unsubscribe/{token}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        if delivery.case_id is not None:
            root = message_id(outbox.first_of(delivery), self.settings.host)
            headers["X-Corrections-Case"] = str(delivery.case_id)
            if root != message_id(delivery, self.settings.host):
                headers |= {"In-Reply-To": root, "References": root}
        return headers

    def _reply_to(self, deliveries: Sequence[Delivery]) -> dict[str, str]:
        """Where an answer to the mail goes: of several in one, to the latest question, else to the first."""
        asked_first = sorted(deliveries, key=lambda delivery: (delivery.template != "case_asked", -delivery.id))
        address = incoming.reply_address(asked_first[0], self.settings)
        return {"Reply-To": address} if address else {}

    def _values(self, first: Delivery, deliveries: Sequence[Delivery], count: int) -> dict[str, Any]:
        site = {"name": text.one_line(first.site.name, LONGEST_NAME)}
        catalogue = catalogue_for(first.report) if first.report is not None else catalogue_in("en")
        values: dict[str, Any] = {
            "site": site,
            "base_url": self.settings.base_url,
            "data": first.data,
            "words": catalogue,
        }
        if first.template == outbox.DESK_TEMPLATE:
            most = letters.DIGEST_WORDS if count > 1 else 0
            cases = [delivery.case for delivery in deliveries[: letters.DIGEST_CASES] if delivery.case is not None]
            session = object_session(first)
            wished = wishes.others(session, cases) if session else {}
            values["cases"] = [letters.case_values(case, most, wished.get(case.id, ())) for case in cases]
            values["case"], values["count"] = values["cases"][0], count
        elif first.template == people.TEMPLATE and first.case is not None:
            session = object_session(first)
            event = session.get(Event, first.event_id) if session and first.event_id else None
            turn = letters.turn_values(first.data["turn"], event)
            values |= {"case": letters.case_values(first.case), "turn": turn}
            values["reply_hint"] = letters.reply_hint(event) if self._reply_to([first]) else ""
        elif first.template == outbox.REMINDER:
            cases = outbox.still_due(first)
            shown_cases = [letters.case_values(case, letters.DIGEST_WORDS) for case in cases[: letters.DIGEST_CASES]]
            values |= {"cases": shown_cases, "case": shown_cases[0], "count": len(cases)}
        elif first.report is not None:
            values["answers"] = [self._answer_values(delivery) for delivery in deliveries]
            values |= values["answers"][0]
        return values

    def _answer_values(self, delivery: Delivery) -> dict[str, Any]:
        """What a mail says to one reader about one report. Raises MailRefused where its link is lost."""
        assert delivery.case is not None
        assert delivery.report is not None
        secrets = [self.settings.secret_key, *self.settings.secret_key_fallbacks]
        try:
            token = reports.token_for(delivery.report, secrets)
        except errors.NotFound:
            raise MailRefused(KEY_LOST, for_good=True, of_content=True) from None
        return {
            "reader": letters.reader_values(delivery.case, delivery.report.id),
            "status_url": f"{self.settings.base_url}/r/{token}",
            "data": delivery.data,
            "words": catalogue_for(delivery.report),
            "can_reply": bool(incoming.base_of(delivery.site, self.settings)),
        }


def message_id(delivery: Delivery, host: str) -> str:
    """`<what is told.to whom@host>`: the same for every try of one delivery."""
    _, occasion, mark = delivery.key.split(":")
    return f"<{occasion}.{mark}@{host}>"


def unsubscribe_token(delivery: Delivery, settings: Settings, *, all_reports: bool = False) -> str:
    """A signed token that stops mails of this sort to this address, and does nothing else; those about accounts don't stop.

    `all_reports`: the mail is about several reports of one reader; a negative number says so.
    """
    report_id = delivery.report_id or 0
    mark = recipient_mark(delivery.recipient, settings.secret_key) if outbox.is_to_desk(delivery) else ""
    return _signer(settings).dumps([delivery.site_id, -report_id if all_reports else report_id, mark])


def read_unsubscribe_token(token: str, settings: Settings) -> tuple[int, int, str]:
    """Site, report (0 for a desk, negative for all that its reader sent), a desk's mark. Raises BadSignature."""
    site_id, report_id, mark = _signer(settings).loads(token)
    return int(site_id), int(report_id), str(mark)


def catalogue_for(report: Report) -> Catalogue:
    """The sentences for a reader: in the report's language, else the article's, else the site's."""
    site = report.case.site
    language = best(report.language, report.case.article.language, site.language)
    return catalogue_in(language, sites.own_sentences(site, language))


def _signer(settings: Settings) -> URLSafeSerializer:
    keys = [*reversed(settings.secret_key_fallbacks), settings.secret_key]
    return URLSafeSerializer(keys, salt="unsubscribe")
