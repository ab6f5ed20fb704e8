"""Webhooks of a site: added, changed, switched off and on; what a call says, and what follows from its answer."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import text, urls
from corrections_service.rules.seals import WEBHOOK, BadSeal, seal, unseal
from corrections_service.rules.webhooks import (
    EVENTS,
    PUBLISHED,
    RETRACTED,
    SECRET_BYTES,
    SEVERAL,
    TEST,
    WebhookKind,
    address_of,
    as_secret,
)
from corrections_service.services import outbox, promises, sites
from corrections_service.services.shapes import case_of
from corrections_service.store.models import (
    Article,
    Call,
    Case,
    Correction,
    DeliveryState,
    Entry,
    Site,
    Try,
    Webhook,
    now,
)

MOST = 20
"""Webhooks of one site."""

ROTATION = timedelta(days=1)
"""How long a former secret still signs, beside the new one."""

PATIENCE = timedelta(days=5)
"""How long a webhook may fail, without one call that was taken, before it is switched off."""

MOST_ARTICLES = 3
"""Articles that one message about many events names."""

LONGEST_WORDS = 300
OFF = "webhook_off"
SEAL_LOST = (
    "Its address was kept with a secret key that this service no longer knows: name it in SECRET_KEY_FALLBACKS, or "
    "remove the webhook and add it anew."
)
GONE = 410
TO_NOTICE = ("class", "wrong", "right", "text", "gravity", "ran", "published", "retracted", "reason", "replaced_by")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request: the answer's status, None where there was none; the first of its words; how long it took."""

    status: int | None
    words: str
    seconds: float
    retry_after: int | None = None
    is_ours: bool = False
    """Whether it failed here, before anything was sent."""

    @property
    def is_taken(self) -> bool:
        """Whether the program has it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_away(self) -> bool:
        """Whether the program takes nothing at all at this moment, so that none of the others is tried in vain."""
        return not self.is_ours and (self.status is None or self.status >= 500 or self.status in (408, 429))


def of_site(session: Session, site: Site) -> Sequence[Webhook]:
    """The site's webhooks, the oldest first."""
    return session.scalars(select(Webhook).where(Webhook.site_id == site.id).order_by(Webhook.id)).all()


def get(session: Session, site: Site, number: int) -> Webhook:
    """The site's webhook with this number. Raises NotFound, also for another's."""
    webhook = session.get(Webhook, number)
    if webhook is None or webhook.site_id != site.id:
        raise errors.NotFound()
    return webhook


def add(
    session: Session,
    site: Site,
    kind: WebhookKind,
    address: str,
    events: Sequence[str],
    *,
    keys: Sequence[str],
    own_networks: bool = False,
) -> tuple[Webhook, str]:
    """A new webhook, and its secret, which is shown once. Raises InvalidFields.

    `keys` are the service's own. Without https:// it may be only where there are `own_networks`.
    """
    if len(of_site(session, site)) >= MOST:
        raise errors.InvalidFields({"address": f"There are {MOST} webhooks already; remove one first."})
    try:
        values: dict[str, Any] = dict(address_of(kind, address.strip()))
    except urls.BadAddress as error:
        raise errors.InvalidFields({"address": str(error)}) from None
    if not own_networks and not values["url"].startswith("https:"):
        raise errors.InvalidFields({"address": "The address must begin with https://."})
    secret = as_secret(secrets.token_bytes(SECRET_BYTES))
    values["secrets"] = [[secret, ""]]
    host = urls.parse(values["url"]).host[:255]
    webhook = Webhook(
        site_id=site.id, kind=kind, host=host, sealed=seal(values, keys, WEBHOOK), events=_checked(events)
    )
    session.add(webhook)
    session.flush()
    _tell_readers(site, webhook)
    return webhook, secret


def choose(webhook: Webhook, events: Sequence[str]) -> None:
    """Tell it of these events from now on. Raises InvalidFields."""
    webhook.events = _checked(events)
    _tell_readers(webhook.site, webhook)


def _tell_readers(site: Site, webhook: Webhook) -> None:
    """Have readers told where their words can go, where it is told more than what is public."""
    if set(webhook.events) - {PUBLISHED, RETRACTED}:
        promises.let_programs_in(site)


def rotate(webhook: Webhook, *, keys: Sequence[str]) -> str:
    """Give it another secret, which is shown once; the former one signs besides for a day. Raises ChangedMeanwhile."""
    values = opened(webhook, keys)
    secret = as_secret(secrets.token_bytes(SECRET_BYTES))
    former = [valid for valid in valid_secrets(values) if valid != secret][:1]
    until = (now() + ROTATION).isoformat()
    values["secrets"] = [[secret, ""], *([valid, until] for valid in former)]
    webhook.sealed = seal(values, keys, WEBHOOK)
    return secret


def opened(webhook: Webhook, keys: Sequence[str]) -> dict[str, Any]:
    """Its address and its secrets. Raises ChangedMeanwhile where the key is lost that they were kept with."""
    try:
        return unseal(webhook.sealed, keys, WEBHOOK)
    except BadSeal:
        raise errors.ChangedMeanwhile(SEAL_LOST) from None


def valid_secrets(values: dict[str, Any]) -> list[str]:
    """The secrets that sign at this moment, the newest first."""
    return [secret for secret, until in values["secrets"] if not until or datetime.fromisoformat(until) > now()]


def switch_on(session: Session, webhook: Webhook) -> None:
    """Tell it again what happens from now on; what is owed from before counts as failed, to be sent by hand."""
    if not webhook.active:
        _give_up(session, webhook)
    webhook.active, webhook.off_reason, webhook.failing_since = True, "", None
    webhook.failures, webhook.next_at = 0, now()


def switch_off(session: Session, webhook: Webhook, reason: str = "", *, is_told: bool = False, **facts: object) -> None:
    """Tell it nothing any more; what is owed counts as failed, to be sent by hand.

    `is_told`: the administrators are mailed, with these facts to say it in their language.
    """
    webhook.active, webhook.off_reason = False, reason
    _give_up(session, webhook)
    for address in sites.in_charge(session, webhook.site) if is_told else ():
        key = f"{OFF}.{webhook.id}.{secrets.token_hex(8)}"
        data = {"host": webhook.host, "site": webhook.site.slug, "number": webhook.id, "why": reason, **facts}
        outbox.owe(session, OFF, address, site=webhook.site, data=data, key=key)


def switch_all_off(session: Session, reason: str) -> None:
    """Tell none anything until it is switched on again; what is held back waits."""
    session.execute(update(Webhook).values(active=False, off_reason=reason))


def _give_up(session: Session, webhook: Webhook) -> None:
    is_owed = (Call.webhook_id == webhook.id, Call.state == DeliveryState.OWED)
    session.execute(update(Call).where(*is_owed).values(state=DeliveryState.FAILED, claimed_by=None))


def remove(session: Session, webhook: Webhook) -> None:
    """Let it go, with all that it was told."""
    calls = select(Call.id).where(Call.webhook_id == webhook.id)
    for model, condition in ((Try, Try.call_id.in_(calls)), (Call, Call.webhook_id == webhook.id)):
        session.execute(model.__table__.delete().where(condition))  # type: ignore[attr-defined]
    session.delete(webhook)


def compose(session: Session, call: Call, base_url: str) -> dict[str, Any]:
    """What a call says, the same for every try: the case as it is at the first one, or the notice as it was entered.

    Of readers no address, and personal details in their words masked.
    """
    if not call.payload:
        site = call.webhook.site
        data: dict[str, Any] = {"site": {"slug": site.slug, "name": site.name}}
        if call.entry_id is not None:
            data |= _notice(session.get_one(Entry, call.entry_id), f"{base_url}/log/{site.slug}/corrections")
        elif call.case_id is not None:
            case = session.get_one(Case, call.case_id)
            data["case"] = {
                **case_of(session, case, base_url).model_dump(mode="json"),
                "merged_into": case.merged_into_id,
            }
        call.payload = message(call.event, call.at, data)
    return call.payload


def compose_all(session: Session, calls: Sequence[Call], base_url: str) -> dict[str, Any]:
    """What one message says of several calls: how many of each sort, and the articles of most of their cases."""
    site = calls[0].webhook.site
    articles = Counter[str]()
    of_notices = select(Correction.case_id).join(Entry, Entry.correction_id == Correction.id)
    of_notices = of_notices.where(Entry.id.in_([call.entry_id for call in calls if call.entry_id is not None]))
    case_ids = {*session.scalars(of_notices), *(call.case_id for call in calls if call.case_id is not None)}
    query = select(Article.headline, Article.url, func.count(Case.id)).join(Case, Case.article_id == Article.id)
    for headline, url, count in session.execute(query.where(Case.id.in_(case_ids)).group_by(Article.id)):
        articles[headline or url] += count
    data = {
        "site": {"slug": site.slug, "name": site.name},
        "events": dict(Counter(call.event for call in calls)),
        "articles": [{"headline": name, "count": count} for name, count in articles.most_common(MOST_ARTICLES)],
        "page": f"{base_url}/",
    }
    return message(SEVERAL, max(call.at for call in calls), data)


def message(event: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """What is sent, in the form of the specification."""
    return {"type": event, "timestamp": at.isoformat(), "data": data}


def trial(site: Site) -> dict[str, Any]:
    """What is sent by hand, to see whether a webhook works."""
    return message(TEST, now(), {"site": {"slug": site.slug, "name": site.name}})


def _notice(entry: Entry, pages: str) -> dict[str, Any]:
    content = json.loads(entry.content)
    number = entry.correction_id
    notice = {"number": number, "page": f"{pages}/{number}", **{name: content.get(name) for name in TO_NOTICE}}
    return {
        "correction": {**notice, "article": content["article"]},
        "entry": {"number": entry.number, "hash": entry.hash},
    }


def keep(session: Session, call_ids: Sequence[int], worker: str, outcome: Outcome, *, keep_trying: timedelta) -> None:
    """Keep what became of a try of calls that went as one, and say when the next one is.

    A webhook that fails for days is switched off.
    """
    calls = session.scalars(select(Call).where(Call.id.in_(call_ids)).order_by(Call.id)).all()
    if not calls:  # they were removed meanwhile
        return
    words, at = text.one_line(outcome.words, LONGEST_WORDS), now()
    milliseconds = int(outcome.seconds * 1000)
    session.add_all(
        Try(call_id=call.id, status=outcome.status, words=words, milliseconds=milliseconds) for call in calls
    )
    webhook = session.get_one(Webhook, calls[0].webhook_id, with_for_update={"key_share": True})
    if outcome.is_taken:
        for call in calls:
            call.state, call.sent_at, call.claimed_by = DeliveryState.SENT, at, None
        webhook.failing_since, webhook.failures, webhook.next_at = None, 0, at
        return
    webhook.failing_since = webhook.failing_since or at
    for call in calls:
        if call.claimed_by == worker and call.state == DeliveryState.OWED:
            call.claimed_by, call.next_at = None, now() + _wait(call.attempts, outcome)
            if call.owed_since < now() - keep_trying:
                call.state = DeliveryState.FAILED
    if outcome.is_away:
        webhook.failures += 1
        webhook.next_at = now() + _wait(webhook.failures, outcome)
    if webhook.active and outcome.status == GONE:
        switch_off(session, webhook, "It answered that it is gone for good (410).", is_told=True)
    elif webhook.active and webhook.failing_since < now() - PATIENCE:
        last = f"it answered {outcome.status}." if outcome.status else words  # no word of the other side's in a mail
        since = f"{webhook.failing_since:%d %b %Y}"
        facts = {
            "since": webhook.failing_since.isoformat(),
            "status": outcome.status or "",
            "last": "" if outcome.status else words,
        }
        switch_off(session, webhook, f"It has failed since {since}. Last: {last}", is_told=True, **facts)


def _wait(failures: int, outcome: Outcome) -> timedelta:
    """How long until it is tried again: as long as it asks for, else longer each time, up to an hour."""
    growing: timedelta = outbox.RETRY_FIRST * 2 ** min(max(failures - 1, 0), 10)
    return max(timedelta(seconds=outcome.retry_after or 0), min(growing, outbox.RETRY_LONGEST))


def _checked(events: Sequence[str]) -> list[str]:
    chosen = [event for event in EVENTS if event in events]
    if not chosen:
        raise errors.InvalidFields({"events": "Choose at least one."})
    return chosen
