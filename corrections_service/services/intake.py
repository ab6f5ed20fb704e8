"""Intake: a report is checked, counted against its sender's limit, and stored, from whichever door it comes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from corrections_service.rules import text
from corrections_service.rules.fields import LONGEST_EXACT, ForSite, NewReport, wrong
from corrections_service.services import limits, reports
from corrections_service.services.reports import Fields, Submitted
from corrections_service.store.models import Site


def site_key(values: Mapping[str, Any]) -> str:
    """The site's key as it was sent. Raises InvalidFields where it is missing or no text."""
    try:
        return ForSite.model_validate(values).site
    except ValidationError as error:
        raise wrong(error) from None


def checked(values: Mapping[str, Any], site: Site) -> Fields:
    """The report for this site in these fields, clean and cut. Raises InvalidFields, which names each that is wrong."""
    try:
        sent = NewReport.model_validate({**values, "site": site.key}, context=site)
    except ValidationError as error:
        raise wrong(error) from None
    exact = text.cut(sent.exact, LONGEST_EXACT)
    own_sha256 = hashlib.sha256(sent.exact.encode()).hexdigest() if len(exact) < len(sent.exact) else ""
    return Fields(
        client_id=sent.id,
        url=sent.url,
        page_url=sent.page_url if sent.page_url != sent.url else "",
        several=sent.several,
        exact=exact,
        prefix=sent.prefix,
        suffix=sent.suffix,
        exact_length=sent.selection_length or len(sent.exact),
        exact_sha256=sent.selection_sha256 or own_sha256,
        start=sent.start,
        place=sent.place,
        suggestion=sent.suggestion,
        remove=sent.remove,
        comment=sent.comment,
        kind=sent.kind,
        source_url=sent.source_url,
        email=sent.email,
        language=sent.lang,
        title=sent.title,
        elapsed_ms=sent.elapsed_ms,
        website=sent.website,
    )


def receive(session: Session, *, site: Site, fields: Fields, secret: str, block: str, limit: str) -> Submitted:
    """Store a report, counted against the limit of the network it comes from in the same transaction.

    Raises TooManyReports, IdReused.
    """
    limits.count(session, "report", block, limit)
    return reports.submit(session, site=site, fields=fields, secret=secret, block=block)
