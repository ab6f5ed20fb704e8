"""The setup of an empty installation: who has the code that its start printed makes the first administrator, once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import clocks, editors, sites
from corrections_service.store.models import Clock, Editor, Site
from corrections_service.store.rows import keep_others_out

CODE_LETTERS, GROUP = 12, 4
_SEEN_AS = str.maketrans("018", "OIB")
"""Digits that no code has, and the letters that people take for them."""


def code(secret_key: str) -> str:
    """The code of an installation, of 60 bits: whoever has its secret key can make it, so that nobody has to keep it.

    All processes of an installation know the same one.
    """
    digest = hmac.new(secret_key.encode(), b"setup", hashlib.sha256).digest()
    letters = base64.b32encode(digest).decode()[:CODE_LETTERS]
    return "-".join(letters[start : start + GROUP] for start in range(0, CODE_LETTERS, GROUP))


def is_right(typed: str, secret_key: str) -> bool:
    """Whether this is the code, however it is spaced and in whatever case; compared in the same time whatever is typed."""
    letters = re.sub(r"[^A-Z2-7]", "", typed[:100].upper().translate(_SEEN_AS))
    return hmac.compare_digest(letters.encode(), code(secret_key).replace("-", "").encode())


def is_open(session: Session) -> bool:
    """Whether nobody signs in here yet, nor ever did."""
    return not session.scalar(select(exists().where(Editor.id.is_not(None))))


def begin(
    session: Session,
    email: str,
    *,
    name: str,
    password_hash: str,
    site_name: str,
    site_language: str,
    zone: str,
    language: str,
) -> tuple[Editor, Site]:
    """Make the first administrator and their publication, whose articles are nowhere yet.

    Of two who come at once, the second is refused. `language` is what the desk speaks to the administrator. Raises
    NotFound where somebody signs in here already, InvalidFields.
    """
    keep_others_out(session, Editor)
    if not is_open(session):
        raise errors.NotFound()
    sites.check_free(session, site_name)
    site = sites.create(session, name=site_name, origins=None, desk=email, language=site_language)
    clocks.choose(site, Clock(**{**clocks.USUAL, "zone": zone}))
    editor = editors.add(session, email, site=site, role=Role.ADMIN, name=name)
    for other in sites.all_sites(session):  # which the console has made: nobody else could administer them
        editors.set_role(session, editor, other, Role.ADMIN)
    editor.password = password_hash
    editors.choose(session, editor, language=language)
    session.flush()
    return editor, site
