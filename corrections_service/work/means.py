"""What jobs work with."""

from __future__ import annotations

from dataclasses import dataclass

from corrections_service.services import outbox
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.work.mail import Mailer

BATCH = 100
"""So many of what is due are taken at once."""


@dataclass(frozen=True)
class Work:
    """What jobs work with: the database, the settings and the mail connection of this process."""

    database: Database
    settings: Settings
    mailer: Mailer

    @property
    def reader_limits(self) -> dict[str, str]:
        """How many mails to readers may go in a publication's name, by template."""
        answers = dict.fromkeys(outbox.ANSWERS, self.settings.limit_answers)
        return {outbox.RECEIPT: self.settings.limit_receipts, **answers}
