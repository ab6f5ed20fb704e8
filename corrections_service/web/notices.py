"""A public notice as pages, feeds and data show it, in one language: what it is, what it says, what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import date as Day
from functools import cache, cached_property
from typing import Any

from sqlalchemy.orm import Session

from corrections_service import __version__, shipped
from corrections_service.rules import placing, text, urls
from corrections_service.rules.catalogue import LANGUAGES, Catalogue, best, catalogue_in
from corrections_service.services import entries, sites, thanks
from corrections_service.services.entries import Version
from corrections_service.store.models import Base, Case, Correction, EntryKind, Site, now
from corrections_service.store.rows import table_of
from corrections_service.web.access import settings


@dataclass(frozen=True)
class Notice:
    """A notice with what the log last wrote down of it, in the language of who reads it."""

    notice: Correction
    case: Case
    """Where what is seen and decided of the error stands."""
    first_reported: datetime
    words: Catalogue
    last: Version | None = None
    standing: Version | None = None
    """The last that was written down of it but that the article was seen to read right."""
    thanked: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The permanent address."""
        return f"{log_url(self.notice.site)}/corrections/{self.notice.id}"

    @cached_property
    def label(self) -> str:
        """What kind of notice it is."""
        return self.words(f"public.class_{self.notice.notice_class.value}")

    @cached_property
    def text(self) -> str:
        """What it says, without the name of its kind before it, which its label tells."""
        return without_label(self.notice.text, self.notice.notice_class.value)

    @property
    def wrong(self) -> str:
        """What the passage said; "" where the notice is about more than a passage, or nothing was wrong."""
        return entries.changed_words(self.notice)["wrong"]

    @property
    def right(self) -> str:
        """What the passage should say, or "" likewise."""
        return entries.changed_words(self.notice)["right"]

    @property
    def language(self) -> str:
        """The language that its words are in, where that is known."""
        return self.notice.article.language or self.notice.site.language

    @property
    def headline(self) -> str:
        """Of the article, or its address where nobody read it yet."""
        return self.notice.article.headline or self.notice.article.url

    @property
    def title(self) -> str:
        """What kind of notice on which article, in one line; of one that was taken back that it was."""
        parts = [self.words("public.taken_back")] if self.notice.retracted_at else []
        return text.one_line(": ".join([*parts, self.label, self.headline]))

    @property
    def article_address(self) -> str:
        """Where the article is: http or https and one of the site's own, or nothing."""
        url = self.notice.article.canonical_url or self.notice.article.url
        return url if urls.belongs_to(url, self.notice.site.origins) else ""

    @property
    def published(self) -> datetime:
        """When it became public."""
        return self.notice.published_at or now()

    @property
    def changed(self) -> datetime:
        """When it last became another."""
        return max(self.last.at, self.published) if self.last else self.notice.retracted_at or self.published

    @property
    def date(self) -> str:
        """The day when it became public, in words."""
        return self.on(self.published)

    def day(self, at: datetime) -> Day:
        """The day of a moment by the publication's clock."""
        return at.astimezone(sites.zone_of(self.notice.site)).date()

    def on(self, at: datetime) -> str:
        """The same in words."""
        return self.words.day(self.day(at))

    @cached_property
    def fate(self) -> str:
        """What became of it since, in a sentence; "" where it stands as it was published."""
        kind, at = (self.standing.kind, self.standing.at) if self.standing is not None else ("", self.published)
        if self.notice.retracted_at is None:
            return self.words("public.reopened", date=self.on(at)) if kind == EntryKind.REOPENED else ""
        date, reason = self.on(self.notice.retracted_at), self.notice.retraction
        if kind == EntryKind.REPLACED:
            return " ".join([self.words("public.replaced", date=date), reason]).strip()
        if reason:
            return self.words("public.retracted_why", date=date, reason=reason)
        return self.words("public.retracted", date=date)

    @property
    def replaced_by(self) -> int | None:
        """The number of the notice that took its place."""
        return self.last.replaced_by if self.last is not None and self.notice.retracted_at is not None else None

    @cached_property
    def ran(self) -> list[str]:
        """Where the error ran, in words."""
        return [
            self.words("public.ran_print_of", date=self.words.day(day)) if day else self.words(f"public.ran_{place}")
            for place, day in placing.ran_in(self.notice.ran)
        ]

    @property
    def right_since(self) -> datetime | None:
        """When the article was first seen to read right, if it still did at the last look."""
        return entries.right_since(self.case)

    @cached_property
    def facts(self) -> list[tuple[str, str, str]]:
        """What else there is to know: a name, its value in words, and as HTML's `datetime`."""
        first = self.first_reported
        rows = [(self.words("public.first_reported"), self.on(first), f"{self.day(first)}")]
        since = self.right_since
        if since is not None:
            rows.append((self.words("public.right_since"), self.on(since), f"{self.day(since)}"))
        if self.ran:
            rows.append((self.words("public.ran"), self.words.join(self.ran), ""))
        return rows

    @property
    def gravity(self) -> placing.Gravity:
        """How grave the error is."""
        return placing.gravity_of(self.notice.notice_class, self.notice.gravity)

    @cached_property
    def thanks(self) -> str:
        """Which readers are thanked by name; "" where none is."""
        return self.words("public.thanks", names=self.words.join(self.thanked)) if self.thanked else ""

    @property
    def body(self) -> str:
        """All that it says, as plain text: what feeds carry."""
        parts = [self.fate, self.text]
        if self.wrong and self.right:
            parts.append(f"{self.words('public.said')}: {self.wrong}\n{self.words('public.should')}: {self.right}")
        parts.append("\n".join(f"{name}: {value}" for name, value, _ in self.facts))
        parts.append(self.thanks)
        return text.clean("\n\n".join(part for part in parts if part))

    def linked(self) -> dict[str, Any]:
        """The notice as schema.org's CorrectionComment; its text says first what became of it, where anything did."""
        is_gone = self.notice.retracted_at is not None
        comment = {
            "@type": "CorrectionComment",
            "@id": self.address,
            "url": self.address,
            "name": self.label,
            "text": f"{self.fate}\n\n{self.notice.text}" if self.fate else self.notice.text,
            "datePublished": self.published.isoformat(),
            "dateModified": self.changed.isoformat(),
            "inLanguage": self.language,
            "about": {"@type": "NewsArticle", "url": self.article_address, "headline": self.notice.article.headline},
            "publisher": publisher(self.notice.site),
        }
        return {**comment, "creativeWorkStatus": "Retracted"} if is_gone else comment

    def listed(self) -> dict[str, Any]:
        """The same in short, as one of many on a page."""
        names = ("@type", "@id", "url", "text", "datePublished")
        return {
            **{name: value for name, value in self.linked().items() if name in names},
            "about": {"@type": "NewsArticle", "url": self.article_address},
            "publisher": {"@type": "NewsMediaOrganization", "correctionsPolicy": f"{log_url(self.notice.site)}/policy"},
        }

    def data(self) -> dict[str, Any]:
        """The notice's fields, as values and in words."""
        notice, article = self.notice, self.notice.article
        return {
            "id": notice.id,
            "url": self.address,
            "class": notice.notice_class.value,
            "label": self.label,
            "gravity": self.gravity.value,
            "text": self.text,
            "wrong": self.wrong,
            "right": self.right,
            "published": self.published.isoformat(),
            "date": self.date,
            "first_reported": f"{self.day(self.first_reported)}",
            "reads_right_since": self.right_since.isoformat() if self.right_since else None,
            "ran": [
                {"place": place, "date": f"{day:%Y-%m-%d}" if day else None}
                for place, day in placing.ran_in(notice.ran)
            ],
            "thanks": list(self.thanked),
            "thanks_text": self.thanks,
            "ran_text": self.words.join(self.ran),
            "changed": self.changed.isoformat(),
            "fate": self.fate or None,
            "retracted": {"at": notice.retracted_at.isoformat(), "reason": notice.retraction}
            if notice.retracted_at
            else None,
            "article": {
                "url": self.article_address,
                "headline": article.headline,
                "author": article.author,
                "section": article.section,
                "language": article.language,
            },
            "entry": {"number": self.last.number, "hash": self.last.hash} if self.last else None,
        }


def shown(session: Session, notices: Sequence[Correction], words: Catalogue) -> list[Notice]:
    """These notices as somebody reads them."""
    last, thanked = entries.latest(session, notices), thanks.names(session, notices)
    fixed = [notice for notice in notices if notice.id in last and last[notice.id].kind == EntryKind.FIXED]
    standing = last | entries.latest(session, fixed, but=(EntryKind.FIXED,)) if fixed else last
    homes = {notice.id: entries.home_of(session, notice) for notice in notices}
    first = entries.first_reported(session, set(homes.values()))
    return [
        Notice(
            notice,
            homes[notice.id],
            first[homes[notice.id].id],
            words,
            last.get(notice.id),
            standing.get(notice.id),
            thanked.get(notice.id, ()),
        )
        for notice in notices
    ]


def tag(site: Site, notices: Sequence[Notice], *also: object) -> str:
    """What a page of these notices is known by: all that was read for it, where it is, and which edition writes it."""
    rows = [
        (
            *map(_read, (notice.notice, notice.notice.article, notice.case)),
            notice.first_reported,
            notice.last,
            notice.standing,
            notice.thanked,
        )
        for notice in notices
    ]
    state = repr((_edition(), log_url(site), _read(site), rows, also))
    return hashlib.sha256(state.encode()).hexdigest()[:20]


def _read(row: Base) -> list[object]:
    """What was read of a row."""
    return [vars(row).get(column.name) for column in table_of(type(row)).columns]


@cache
def _edition() -> str:
    """The version of the service, and the templates and sentences that it writes pages with."""
    files = sorted([*(shipped("templates") / "public").glob("*.html"), *shipped("translations").glob("*.json")])
    return hashlib.sha256(b"".join([__version__.encode(), *(path.read_bytes() for path in files)])).hexdigest()


def without_label(sentence: str, notice_class: str) -> str:
    """A notice's words without the name of its kind before them, in whichever language that is."""
    for language in LANGUAGES:
        name = catalogue_in(language)(f"public.class_{notice_class}")
        rest = sentence[len(name) :].lstrip()
        if sentence[: len(name)].casefold() == name.casefold() and rest[:1] in (":", "："):
            return rest[1:].lstrip() or sentence
    return sentence


def publisher(site: Site) -> dict[str, str]:
    """The publication as schema.org's NewsMediaOrganization."""
    return {
        "@type": "NewsMediaOrganization",
        "name": site.name,
        "url": next((origin for origin in site.origins if "*" not in origin), log_url(site)),
        "correctionsPolicy": f"{log_url(site)}/policy",
    }


def log_url(site: Site) -> str:
    """The address of a site's log."""
    return f"{settings().base_url}/log/{site.slug}"


def catalogue_of(site: Site, *languages: str) -> Catalogue:
    """The sentences of a site's public pages, in the first of these languages that is known, or its own."""
    language = best(*languages, site.language)
    return catalogue_in(language, sites.own_sentences(site, language))


def month_in_words(words: Catalogue, month: str) -> str:
    """A month, as 2026-11, in words."""
    year, _, number = month.partition("-")
    return words.month(datetime(int(year), int(number), 1, tzinfo=UTC))
