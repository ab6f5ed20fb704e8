"""Mail: what is owed becomes one message, and is handed to the mail server."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from typing import Any

import css_inline
from flask import Flask, render_template
from flask_mail import Message
from itsdangerous import URLSafeSerializer
from sqlalchemy.orm import object_session

from corrections_service import errors
from corrections_service.rules import text
from corrections_service.rules.catalogue import Catalogue, best, catalogue_in, desk_in
from corrections_service.rules.mail_times import TURNS, Sort
from corrections_service.rules.references import recipient_mark, reference_of
from corrections_service.rules.workflow import HANDED_ON
from corrections_service.services import (
    answers,
    corrections,
    desk_mail,
    editors,
    incoming,
    mail_choices,
    offices,
    outbox,
    promises,
    reports,
    sites,
    webhooks,
)
from corrections_service.settings import Settings
from corrections_service.store.models import Delivery, Report
from corrections_service.work import desk_letters, letters
from corrections_service.work.smtp import LONGEST_NAME, MailRefused, MailServer

KEY_LOST = (
    "The reader’s link was made with a secret key that this service no longer knows: "
    "name it in SECRET_KEY_FALLBACKS, then try again."
)


ABOUT_TROUBLE = (outbox.ALARM, webhooks.OFF)
"""Mails to administrators about what does not work."""


class Mailer(MailServer):
    """Composes what is owed, and sends it."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        super().__init__(app, settings)
        self._inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)

    def render(self, deliveries: Sequence[Delivery], count: int = 1, room: int = letters.DIGEST_WORDS[0]) -> Message:
        """The message for one delivery, or one digest for several of the same desk."""
        first = deliveries[0]
        several = "cases_new" if first.template in outbox.TO_DESKS else "answers"
        template = several if count > 1 and first.template not in outbox.TO_OFFICES else first.template
        with self.app.test_request_context(base_url=self.settings.base_url or None):
            values = self._values(first, deliveries, count, room)
            plain = render_template(f"mail/{template}.txt", **values)
            html = render_template(f"mail/{template}.html", **values)
        subject, _, body = plain.partition("\n")
        body = re.sub(r"\n{3,}", "\n\n", body)
        body = letters.right_to_left(body) if values["words"].direction == "rtl" else body
        return self.letter(
            values["site"]["name"],
            first.recipient,
            subject,
            body=body.strip() + "\n",
            html=self._inliner.inline(html),
            extra_headers=self._headers(first, deliveries, count) | self._reply_to(deliveries),
        )

    def compose(self, deliveries: Sequence[Delivery], *, together: Sequence[int] = ()) -> Message:
        """Render, and give the message the Message-ID that is the same for every try.

        `together` numbers all deliveries of a digest; with others in it, it is another message, which no mail
        program may take for one that it has already.
        """
        own_id = _id_of_digest(deliveries[0], together, self.settings.host)
        with self.app.app_context():
            for room in letters.DIGEST_WORDS:
                message = self.render(deliveries, len(together) or 1, room)
                message.msgId = own_id
                if len(message.as_bytes()) <= letters.LARGEST:
                    break
        return message

    def compose_minimal(self, delivery: Delivery) -> Message | None:
        """No more than that there is news, and where; None for a mail that says no more than that anyway."""
        if delivery.template not in (*outbox.DIGESTED, *outbox.ANSWERS, outbox.RECEIPT) or delivery.case is None:
            return None
        with self.app.app_context(), self.app.test_request_context(base_url=self.settings.base_url or None):
            values = self._values(delivery, [delivery], 1, letters.DIGEST_WORDS[0])
            subject, _, body = render_template("mail/minimal.txt", **values).partition("\n")
            headers = self._headers(delivery, [delivery], 1) | self._reply_to([delivery])
            name, body = values["site"]["name"], body.strip() + "\n"
            message = self.letter(name, delivery.recipient, subject, body=body, extra_headers=headers)
        message.msgId = message_id(delivery, self.settings.host)
        return message

    def _headers(self, delivery: Delivery, deliveries: Sequence[Delivery], count: int) -> dict[str, str]:
        headers = {"Auto-Submitted": "auto-generated"}
        address = self._less_url(deliveries)
        is_ours = delivery.template in (*outbox.TO_DESKS, *outbox.TO_OFFICES)
        if not address and (not is_ours or outbox.is_to_desk(delivery)):
            token = unsubscribe_token(delivery, self.settings, all_reports=count > 1)
            address = f"{self.settings.base_url}/unsubscribe/{token}"
        if address:
            headers["List-Unsubscribe"] = f"<{address}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        if delivery.case_id is not None:
            root = message_id(outbox.first_of(delivery), self.settings.host)
            headers["X-Corrections-Case"] = str(delivery.case_id)
            if root != message_id(delivery, self.settings.host):
                headers |= {"In-Reply-To": root, "References": root}
        return headers

    def _reply_to(self, deliveries: Sequence[Delivery]) -> dict[str, str]:
        """Where an answer to the mail goes: of several to a reader, to the latest question, else to the first."""
        if len(deliveries) > 1 and deliveries[0].template in outbox.TO_DESKS:
            return {}  # nobody could tell which of its cases is meant
        if deliveries[0].template in outbox.TO_OFFICES:
            return {"Reply-To": deliveries[0].site.desk} if deliveries[0].site.desk else {}
        asked_first = sorted(deliveries, key=lambda delivery: (delivery.template != outbox.ASKED, -delivery.id))
        address = incoming.reply_address(asked_first[0], self.settings)
        return {"Reply-To": address} if address else {}

    def _values(self, first: Delivery, deliveries: Sequence[Delivery], count: int, room: int) -> dict[str, Any]:
        site = {"name": text.one_line(first.site.name, LONGEST_NAME)}
        words = catalogue_for(first.report) if first.report is not None else _catalogue_for_colleague(first)
        values: dict[str, Any] = {
            "site": site,
            "base_url": self.settings.base_url,
            "data": first.data,
            "words": words,
            "direction_of": letters.direction_of,
        }
        if first.template in outbox.TO_DESKS:
            values["less_url"] = self._less_url(deliveries)
            values |= desk_letters.values(deliveries, count, room, words, self.settings)
            is_answerable = bool(self._reply_to(deliveries)) and first.template == outbox.TURN
            values["reply_hint"] = letters.reply_hint(desk_letters.event_of(first), words) if is_answerable else ""
        elif first.template in outbox.TO_OFFICES:
            values |= office_values(deliveries)
        elif first.template in ABOUT_TROUBLE:
            values |= letters.trouble_values(first.data, words)
        elif first.report is not None:
            values["answers"] = [self._answer_values(delivery) for delivery in deliveries]
            values |= values["answers"][0]
        return values

    def _less_url(self, deliveries: Sequence[Delivery]) -> str:
        """Where a person ends the sorts of mail that this one is of; "" for a desk, and for who works there no more."""
        first = deliveries[0]
        session = object_session(first)
        if session is None or first.template not in outbox.TO_DESKS or outbox.is_to_desk(first):
            return ""
        person = mail_choices.person_at(session, first.recipient, first.site_id)
        if person is None:
            return ""
        sorts = {desk_mail.sort_of(delivery) for delivery in deliveries}
        return (
            f"{self.settings.base_url}/unsubscribe/mine/{silence_token(person.id, first.site_id, sorts, self.settings)}"
        )

    def _answer_values(self, delivery: Delivery) -> dict[str, Any]:
        """What a mail says to one reader about one report. Raises MailRefused where its link is lost."""
        assert delivery.case is not None
        assert delivery.report is not None
        secrets = self.settings.secret_keys
        try:
            token = reports.token_for(delivery.report, secrets)
        except errors.NotFound:
            raise MailRefused(KEY_LOST, for_good=True, of_content=True) from None
        words = catalogue_for(delivery.report)
        return {
            "reader": letters.reader_values(delivery.case, delivery.report.id),
            "showing": shown_when(delivery, words),
            "office": office_of(delivery),
            "hands_on": offices.may_go(delivery.report),
            "reaches_programs": promises.may_go(delivery.report, promises.PROGRAMS),
            "notice_url": self._notice_url(delivery),
            "status_url": f"{self.settings.base_url}/r/{token}",
            "data": delivery.data,
            "words": words,
            "can_reply": bool(incoming.base_of(delivery.site, self.settings)),
        }

    def _notice_url(self, delivery: Delivery) -> str:
        """Where the public reads what was decided; "" where a mail tells something else, or nothing is public."""
        session = object_session(delivery)
        if session is None or delivery.case is None or delivery.template != outbox.RESOLVED:
            return ""
        standing = corrections.standing(session, delivery.case)
        log = f"{self.settings.base_url}/log/{delivery.site.slug}"
        return f"{log}/corrections/{standing[-1].id}" if standing else ""


def shown_when(delivery: Delivery, words: Catalogue) -> str:
    """When its reader sees what was decided; "" where a mail tells something else, or there is nothing to wait for."""
    session = object_session(delivery)
    if session is None or delivery.case is None or delivery.template != outbox.RESOLVED:
        return ""
    return answers.when_shown(session, delivery.case).sentence(words)


def office_of(delivery: Delivery) -> str:
    """To which office its reader's words go with what was decided; "" where a mail tells something else, or to none."""
    session = object_session(delivery)
    if session is None or delivery.report is None or delivery.template != outbox.RESOLVED:
        return ""
    if delivery.report.case.resolution not in HANDED_ON:  # they went with an earlier decision, which that mail told
        return ""
    handed = offices.told(session, delivery.report)
    return handed.name if handed is not None else ""


def office_values(deliveries: Sequence[Delivery]) -> dict[str, Any]:
    """What a mail to an office gives of reports, as they are now. Raises MailRefused where none is to go any more."""
    delivery = deliveries[0]
    office = text.one_line(delivery.data["office"], LONGEST_NAME)
    if delivery.template == outbox.ASKED_BACK:
        return {"office": office, "reference": reference_of(delivery.data["report"])}
    session = object_session(delivery)
    about = (offices.report_of(session, delivery) for delivery in deliveries) if session is not None else ()
    standing = [report for report in about if report is not None]
    if not standing:
        raise MailRefused("The reader took back what this mail says.", for_good=True)
    is_address = delivery.template == outbox.ADDRESS_PASSED
    address = standing[0].reader.email if is_address and standing[0].reader is not None else ""
    return letters.handed_values(standing[0]) | {
        "office": office,
        "address": address,
        "reports": [letters.handed_values(report) for report in standing],
        "total": delivery.data["total"] if offices.goes_with_others(delivery) else 0,
    }


def message_id(delivery: Delivery, host: str) -> str:
    """`<what is told.to whom@host>`: the same for every try of one delivery."""
    _, occasion, mark = delivery.key.split(":")
    return f"<{occasion}.{mark}@{host}>"


def _id_of_digest(first: Delivery, together: Sequence[int], host: str) -> str:
    if len(together) < 2:
        return message_id(first, host)
    mark = hashlib.sha256(repr(sorted(together)).encode()).hexdigest()[:16]
    return message_id(first, host).replace("<", f"<digest.{mark}.", 1)


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


def silence_token(editor_id: int, site_id: int, sorts: Collection[Sort], settings: Settings) -> str:
    """A signed token that ends these sorts of mail of a site to one person, and does nothing else."""
    return _signer(settings, "silence").dumps([editor_id, site_id, *sorted(sort.value for sort in sorts)])


def read_silence_token(token: str, settings: Settings) -> tuple[int, int, list[Sort]]:
    """Person, site, and which sorts of mail. Raises BadSignature, ValueError."""
    facts = _signer(settings, "silence").loads(token)
    if not isinstance(facts, list) or not all(isinstance(number, int) for number in facts[:2]):
        raise ValueError
    editor_id, site_id, *sorts = facts
    return editor_id, site_id, [TURNS.get(str(sort)) or Sort(sort) for sort in sorts]


def catalogue_for(report: Report) -> Catalogue:
    """The sentences for a reader: in the report's language, else the article's, else the site's."""
    site = report.case.site
    language = best(report.language, report.case.article.language, site.language)
    return catalogue_in(language, sites.own_sentences(site, language))


def _catalogue_for_colleague(delivery: Delivery) -> Catalogue:
    """The sentences for who has an account, in their language; for a desk and for an office in the publication's."""
    session = object_session(delivery)
    has_account = session is not None and delivery.template not in outbox.TO_OFFICES
    person = editors.by_email(session, delivery.recipient) if session is not None and has_account else None
    return desk_in(editors.language_of(person) if person is not None else best(delivery.site.language))


def _signer(settings: Settings, purpose: str = "unsubscribe") -> URLSafeSerializer:
    keys = settings.secret_keys[::-1]
    return URLSafeSerializer(keys, salt=purpose)
