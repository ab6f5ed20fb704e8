"""What all tables are made of: the clock, times, enums, the base."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, TypedDict

from sqlalchemy import JSON, BigInteger, DateTime, Enum, Integer, MetaData, TypeDecorator, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase

from corrections_service.rules.catalogue import Sentence
from corrections_service.rules.changes import Kind
from corrections_service.rules.offices import Office
from corrections_service.rules.owners import Owner
from corrections_service.rules.workflow import NoticeClass, NoticeState, Resolution, Role, State, Turn

LARGE = BigInteger().with_variant(Integer, "sqlite")
"""The type of numbers of which there may be more than 2**31; on SQLite all are so."""


def now() -> datetime:
    """The time, aware, in UTC: the one clock of the service."""
    return datetime.now(UTC)


NEVER = datetime(3000, 1, 1, tzinfo=UTC)
"""When something is due that is not due at all: an index sorts it last on every database."""


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time on every database (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware times only; SQLite stores them without their zone."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class DeliveryState(StrEnum):
    """What became of a message that is owed."""

    OWED = "owed"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    HELD = "held"


class FixState(StrEnum):
    """What the last look at the article said about a case (the rules' states, and that it could not be read)."""

    PRESENT = "present"
    APPLIED = "applied"
    CHANGED = "changed"
    GONE = "gone"
    UNCLEAR = "unclear"
    UNREACHABLE = "unreachable"


SEEN_RIGHT = (FixState.APPLIED, FixState.CHANGED, FixState.GONE)
"""What says that the wrong words are in the article no more."""


class EventKind(StrEnum):
    """What happened to a case; kept for good, so that none is ever taken out or renamed here."""

    REPORTED = "reported"
    IMPORTED = "imported"
    SUGGESTED = "suggested"
    CLAIMED = "claimed"
    ASSIGNED = "assigned"
    TAKEN_FROM = "taken_from"
    RELEASED = "released"
    NOTED = "noted"
    SHOWN = "shown"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    TRACKED = "tracked"
    UNTRACKED = "untracked"
    ASKED = "asked"
    ANSWERED = "answered"
    MAILED = "mailed"
    REPLIED = "replied"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    DECIDED = "decided"
    PROPOSED = "proposed"
    SENT_BACK = "sent_back"
    FROZEN = "frozen"
    THAWED = "thawed"
    REMINDED = "reminded"
    PUBLISHED = "published"
    RETRACTED = "retracted"
    FIX_SEEN = "fix_seen"
    AUTO_CLOSED = "auto_closed"
    CAME_BACK = "came_back"
    CLOSED = "closed"
    LOCATED = "located"
    RECHECKED = "rechecked"
    REOPENED = "reopened"
    SPAM = "spam"
    NOT_SPAM = "not_spam"
    MERGED = "merged"
    JOINED = "joined"
    PARTED = "parted"
    SPLIT = "split"
    KEPT_APART = "kept_apart"
    SPLIT_OFF = "split_off"
    MOVED = "moved"
    TAKEN_OVER = "taken_over"
    GIVEN_BACK = "given_back"
    ELSEWHERE = "elsewhere"
    SIBLING = "sibling"
    OPENED_ELSEWHERE = "opened_elsewhere"
    UNDONE = "undone"
    READER_WITHDREW = "reader_withdrew"
    NAME_OFFERED = "name_offered"
    THANKED = "thanked"
    UNTHANKED = "unthanked"
    ADDRESS_PASSED = "address_passed"
    PICTURE_ADDED = "picture_added"
    PICTURE_REMOVED = "picture_removed"
    APPEALED = "appealed"
    ERASED = "erased"


class Purpose(StrEnum):
    """What a token in a link is good for."""

    SIGN_IN = "sign_in"
    INVITATION = "invitation"
    SESSION = "session"
    CHALLENGE = "challenge"


class BlockKind(StrEnum):
    """What a site takes no reports from."""

    SENDER = "sender"
    ADDRESS = "address"
    HOST = "host"


class Scope(StrEnum):
    """What a program may do by its token."""

    CASES_READ = "cases:read"
    ARTICLES_CHANGED = "articles:changed"


def enum_of(enum: type[StrEnum]) -> Enum:
    """A column of an enum's values."""
    return Enum(
        enum, native_enum=False, length=32, values_callable=lambda members: [member.value for member in members]
    )


def only(where: str) -> dict[str, Any]:
    """An index of these rows alone, on every database."""
    return {"sqlite_where": text(where), "postgresql_where": text(where)}


class Clock(TypedDict):
    """When a publication works, and how many working hours a case of each kind may wait."""

    zone: str
    days: list[int]
    """From 0, which is Monday."""
    opens: str
    closes: str
    targets: dict[str, int]


class Policy(TypedDict, total=False):
    """What a publication chose; what it did not choose is left out."""

    approvers: dict[str, str]
    """The least role that may decide, by resolution."""
    second_person: dict[str, bool]
    """Whether another person has to approve it, by resolution."""
    author_alone: dict[str, bool]
    """Whether the article's author may decide it alone, by resolution."""
    unused: list[str]
    """The resolutions that nobody decides: they are not offered, and not taken."""
    cache_minutes: int
    """How long readers may get an article as it was before a change."""
    spread: bool
    """Whether each public notice has a list of where else it has to be told."""
    figures: bool
    """Whether the public log shows figures."""
    thanks: bool
    """Whether readers may offer a name to be thanked by."""
    attachments: bool
    """Whether readers may add pictures to their reports."""
    wrong_unsaid: bool
    """Whether notices do not repeat the wrong words."""
    soft_words: list[str]
    """Words that hide an error, besides those of its languages."""
    auto_close: bool
    desk_mail_off: bool
    desk_mail_stopped: str
    """When a link in a mail stopped the desk's mail; "" or left out where an administrator chose."""
    ways_in: list[str]
    doors: list[str]
    """Systems of before whose captions open the dialog."""
    words: dict[str, dict[str, Sentence]]
    """The publication's own sentences, by language and "section.key"."""
    editor_link: str
    """The pattern of the CMS's address where an article is edited."""
    blocked_until: str
    """When the last of its blocks ends."""
    spam_taught: bool
    """Whether its editors have judged so many reports that words of new ones are looked up."""
    query_parameters: list[str]
    """Parts of an address's query that make it another article's."""
    weights: dict[str, int]
    """The most points that each factor of a case's priority gives."""
    clock: Clock
    reply_address: str
    """Where mails in its name are answered, where that is not the service's REPLY_ADDRESS."""
    offices: list[Office]
    """To whom readers' words can be handed on that are not for its desk."""
    offices_since: str
    """Since when its readers are told so."""
    programs_since: str
    """Since when its readers are told that programs can get what they write."""
    owners: list[Owner]
    """Whose matter which cases are; the first that fits counts."""


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcTime,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[list[str]]: JSON,
        Policy: JSON,
        Kind: enum_of(Kind),
        State: enum_of(State),
        Turn: enum_of(Turn),
        Resolution: enum_of(Resolution),
        Role: enum_of(Role),
        NoticeClass: enum_of(NoticeClass),
        NoticeState: enum_of(NoticeState),
        DeliveryState: enum_of(DeliveryState),
        FixState: enum_of(FixState),
        Purpose: enum_of(Purpose),
        BlockKind: enum_of(BlockKind),
    }
