"""Tables and enums of PRODUCT's words; no queries."""

from corrections_service.store.models.articles import Article, Host, Wording
from corrections_service.store.models.base import (
    NEVER,
    SEEN_RIGHT,
    Base,
    BlockKind,
    Clock,
    DeliveryState,
    EventKind,
    FixState,
    Policy,
    Purpose,
    Scope,
    UtcTime,
    now,
)
from corrections_service.store.models.batches import Batch, BatchCase, Outcome
from corrections_service.store.models.blocks import Block
from corrections_service.store.models.cases import Case, Correction, Event, Mention, Reader, Report, Spread, Thanks
from corrections_service.store.models.counts import Attempt, Refusal, Salt, SpamWord, Tally, TallyDue, TallyMark
from corrections_service.store.models.entries import Checkpoint, Entry, EntryKind
from corrections_service.store.models.letters import Letter, Place
from corrections_service.store.models.outbox import Delivery, Worker
from corrections_service.store.models.presence import Presence
from corrections_service.store.models.sites import (
    Editor,
    MailChoice,
    Membership,
    Passkey,
    ProgramToken,
    RefusedOrigin,
    SavedAnswer,
    SavedView,
    Site,
    Token,
)
from corrections_service.store.models.webhooks import Call, Try, Webhook

__all__ = [
    "NEVER",
    "SEEN_RIGHT",
    "Article",
    "Attempt",
    "Base",
    "Batch",
    "BatchCase",
    "Block",
    "BlockKind",
    "Call",
    "Case",
    "Checkpoint",
    "Clock",
    "Correction",
    "Delivery",
    "DeliveryState",
    "Editor",
    "Entry",
    "EntryKind",
    "Event",
    "EventKind",
    "FixState",
    "Host",
    "Letter",
    "MailChoice",
    "Membership",
    "Mention",
    "Outcome",
    "Passkey",
    "Place",
    "Policy",
    "Presence",
    "ProgramToken",
    "Purpose",
    "Reader",
    "Refusal",
    "RefusedOrigin",
    "Report",
    "Salt",
    "SavedAnswer",
    "SavedView",
    "Scope",
    "Site",
    "SpamWord",
    "Spread",
    "Tally",
    "TallyDue",
    "TallyMark",
    "Thanks",
    "Token",
    "Try",
    "UtcTime",
    "Webhook",
    "Wording",
    "Worker",
    "now",
]
