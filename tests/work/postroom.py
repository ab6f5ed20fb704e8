"""A newsroom with a real mail server, for tests of what is mailed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select

from corrections_service.demo.mailbox import Mail, Mailbox
from corrections_service.rules.workflow import Decision, Resolution
from corrections_service.services import articles, cases, corrections, looks, reports
from corrections_service.services.reports import Fields
from corrections_service.store.database import Database
from corrections_service.store.models import Case, Editor, FixState, Site, now
from corrections_service.work import deliveries
from corrections_service.work.means import Work


@dataclass
class Desk:
    """A newsroom with a real mail server."""

    db: Database
    site: Site
    work: Work
    mailbox: Mailbox
    editor: Editor

    def report(self, **said: object) -> int:
        """Let a reader report an error in an article that was looked at, in vain; the case's number."""
        number = self.report_unread(**said)
        with self.db.write() as session:
            article = session.get_one(Case, number).article
            if article.read_at is None:
                articles.record_failure(session, article, "There is no such newspaper.")
        return number

    def report_unread(self, **said: object) -> int:
        """Let a reader report an error in an article that nobody may have looked at yet; the case's number."""
        good = {"client_id": str(uuid.uuid4()), "url": "https://news.example/bridge", "title": "The bridge"}
        good |= {
            "exact": "2.4 kilometres",
            "suggestion": "2.4 metres",
            "prefix": "It flows at ",
            "suffix": " a second.",
        }
        fields = Fields(**{**good, **said})  # type: ignore[arg-type]
        with self.db.write() as session:
            reports.submit(session, site=session.get_one(Site, self.site.id), fields=fields, secret=self.secret)
        with self.db.read() as session:
            return session.scalars(select(func.max(Case.id))).one()

    @property
    def secret(self) -> str:
        return self.work.settings.secret_key

    def mails(self) -> list[Mail]:
        """Publish and send what is due; all mails so far, the oldest first."""
        deliveries.publish_due(self.work)
        while deliveries.deliver(self.work):
            pass
        return self.mailbox.messages()[::-1]

    def decide(self, number: int, *, reason: str = "") -> None:
        """Decide a case as corrected, and see the page fixed."""
        decision = Decision(Resolution.CORRECTED, "2.4 kilometres", "2.4 metres", "It said kilometres. It is metres.")
        with self.db.write() as session:
            case, actor = session.get_one(Case, number), session.get_one(Editor, self.editor.id)
            case.article.read_status, case.article.headline = "read", "The bridge that waited"
            case.article.canonical_url = "https://news.example/bridge"
            looks.see_fix(session, case, FixState.PRESENT, before="The river flows at 2.4 kilometres a second.")
            cases.decide(session, case, decision, actor=actor, reason=reason)
        with self.db.write() as session:
            case = session.get_one(Case, number)
            case.decided_at = now() - corrections.UNDO  # what is seen before that is told only then
            for notice in case.corrections:
                notice.publish_at = now()
            after = "The river flows at 2.4 metres a second."
            looks.see_fix(session, case, FixState.APPLIED, before="", after=after)
