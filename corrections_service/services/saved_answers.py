"""Saved answers: what a site's editors write again and again to readers, by decision and language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import phrases, text
from corrections_service.rules.catalogue import LANGUAGES, best, catalogue_in
from corrections_service.rules.workflow import Resolution
from corrections_service.store.models import Case, Report, SavedAnswer, Site, now

MOST, LONGEST = 100, 2000
"""Answers of one site, and characters of one: as many as a reader can be written."""


@dataclass(frozen=True)
class Offer:
    """A saved answer as it would be written to the readers of one case."""

    number: int
    resolution: Resolution
    language: str
    text: str


def of_site(session: Session, site: Site) -> Sequence[SavedAnswer]:
    """The site's answers, by decision and language."""
    where = select(SavedAnswer).where(SavedAnswer.site_id == site.id)
    order = {resolution: at for at, resolution in enumerate(Resolution)}
    rows = session.scalars(where.order_by(SavedAnswer.id)).all()
    return sorted(rows, key=lambda answer: (order[answer.resolution], LANGUAGES.index(best(answer.language))))


def get(session: Session, site: Site, number: int) -> SavedAnswer:
    """The site's answer with this number. Raises NotFound, also for another's."""
    answer = session.get(SavedAnswer, number)
    if answer is None or answer.site_id != site.id:
        raise errors.NotFound()
    return answer


def checked(phrase: str) -> str:
    """An answer that can be kept. Raises InvalidFields with a sentence."""
    plain = phrase.strip()
    if not text.is_visible(plain):
        raise errors.InvalidFields({"text": "Write the answer first."})
    if len(plain) > LONGEST:
        raise errors.InvalidFields({"text": errors.too_long(len(plain), LONGEST)})
    try:
        phrases.check(plain)
    except phrases.BadPhrase as error:
        raise errors.InvalidFields({"text": str(error)}) from None
    return plain


def keep(
    session: Session, site: Site, resolution: Resolution, language: str, phrase: str, *, number: int | None = None
) -> SavedAnswer:
    """Keep an answer, in the place of the one with this number if there is one. Raises InvalidFields, NotFound."""
    plain = checked(phrase)
    if number is not None and session.get(SavedAnswer, number) is not None:
        answer = get(session, site, number)
    else:  # also where a colleague took it away meanwhile: nothing that was typed is lost
        if len(of_site(session, site)) >= MOST:
            raise errors.InvalidFields({"text": f"There are {MOST} answers already; take one away first."})
        answer = SavedAnswer(site_id=site.id)
        session.add(answer)
    answer.resolution, answer.language, answer.text = resolution, best(language), plain
    session.flush()
    return answer


def take_away(session: Session, site: Site, number: int) -> None:
    """Offer it no more. Raises NotFound."""
    session.delete(get(session, site, number))


def offered(session: Session, case: Case, base_url: str) -> list[Offer]:
    """What can be answered in this case: in the language of its readers, else of its site, filled in."""
    answers = of_site(session, case.site)
    if not answers:
        return []
    where = (Report.case_id == case.id, Report.withdrawn_at.is_(None), Report.reader.has())
    reader_language = session.scalar(select(Report.language).where(*where).order_by(Report.id).limit(1))
    language_of_readers = best(reader_language or "", case.article.language, case.site.language)
    offers = []
    for resolution in Resolution:
        fit = [answer for answer in answers if answer.resolution is resolution]
        languages = {answer.language for answer in fit}
        language = language_of_readers if language_of_readers in languages else best(case.site.language)
        offers += [
            Offer(answer.id, resolution, language, filled_in(answer.text, language, case.site, base_url, case))
            for answer in fit
            if answer.language == language
        ]
    return offers


def filled_in(phrase: str, language: str, site: Site, base_url: str, case: Case | None = None) -> str:
    """The answer with what is known: of the article only what the service itself read there, for it goes into mails."""
    article = case.article if case is not None else None
    log = f"{base_url}/log/{site.slug}"
    values = {
        "site": site.name,
        "headline": article.headline if article is not None and article.read_status == "read" else "",
        "date": catalogue_in(language).date(now()),
        "log": log,
        "policy": f"{log}/policy",
    }
    return phrases.fill(phrase, values)
