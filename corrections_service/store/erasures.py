"""The erasure log, beside the database, for a restore of an older backup: who was erased, whose mail stopped, whose name taken away.

It names reports by the random ids that their senders made, and nobody; it only ever grows.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from corrections_service.errors import BadBackup, StorageFull
from corrections_service.store.models import now

ERASED, MAIL_STOPPED, DESK_STOPPED, DESK_MAILED = "erased", "mail_stopped", "desk_stopped", "desk_mailed"
NAME_GONE, ATTACHMENT_GONE = "name_gone", "attachment_gone_"
"""The second with the position of the attachment behind it."""


class Erasure(NamedTuple):
    """What happened (`ERASED` …), at which site (its key), to which report (its client id; none for a desk), and when."""

    what: str
    site: str
    report: str = ""
    at: str = ""

    @property
    def moment(self) -> datetime:
        """When it happened; where the log does not say, this moment, so that nothing counts as later."""
        with suppress(ValueError):
            at = datetime.fromisoformat(self.at)
            return at if at.tzinfo is not None else now()
        return now()


def note(session: Session, kind: str, site_key: str, client_id: str = "") -> None:
    """Have this written into the log before what the session did is stored."""
    erasure = Erasure(kind, site_key, client_id, f"{now():%Y-%m-%dT%H:%M:%S.%fZ}")
    session.info.setdefault("erasures", []).append(erasure)


def keep(session: Session) -> None:
    """Write what was noted, durably. Raises StorageFull, and then nothing may be stored."""
    erasures = _last(session.info.pop("erasures", ()))
    path = session.info.get("erasure_log")
    if not erasures or path is None:
        return
    lines = "".join(json.dumps({"at": erasure.at} | erasure._asdict()) + "\n" for erasure in erasures)
    try:
        touch(path)
        with open(path, "a", encoding="ascii") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageFull(f"The erasure log {path} cannot be written: {error}. Nothing was erased.") from error


def touch(path: Path) -> None:
    """Make the log (0600) where there is none, and its directory: one with PostgreSQL may have had no need of it."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))


def read(paths: Iterable[Path]) -> list[Erasure]:
    """What these logs hold; a last line that was cut off by a power cut had erased nothing. Raises BadBackup."""
    erasures: list[Erasure] = []
    for path in paths:
        try:
            lines = path.read_text("utf-8").splitlines(keepends=True)
            for number, line in enumerate(lines, 1):
                if not line.endswith("\n") and number == len(lines):
                    break
                row = json.loads(line)
                erasures.append(Erasure(row["what"], row["site"], row.get("report", ""), row.get("at", "")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadBackup(f"{path} cannot be read as an erasure log: {error}") from error
    return _last(erasures)


def _last(erasures: Iterable[Erasure]) -> list[Erasure]:
    """Of what happened more than once, the last time."""
    last: dict[tuple[str, ...], Erasure] = {}
    for erasure in erasures:
        last.pop(erasure[:3], None)
        last[erasure[:3]] = erasure
    return list(last.values())
