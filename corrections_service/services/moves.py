"""Articles that are one: joined at one address, and with them the cases of the same error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service.rules import urls
from corrections_service.rules.workflow import LIVE, State
from corrections_service.services import articles, corrections, history, joining, wishes
from corrections_service.store.models import Article, Case, EventKind

MOST = 200
"""Cases of an article, the newest, that are compared with those of the article it joins."""

BOTH_DECIDED = "the same words are changed, and both are decided already"
CONTRADICT = "the same words are changed, and one is decided without a notice, which the other has"
HELD = "the same words are changed, and one of them is under an embargo or a legal hold"


def named_address(session: Session, article: Article, address: str) -> str:
    """The address of the site that a page names, in canonical form; "" where that is no other article's than its own."""
    site = article.site
    if not urls.belongs_to(address, site.origins):
        return ""
    url = urls.canonical(address, site.policy.get("query_parameters"))
    return "" if url == article.url or articles.at(session, site, url) == article.id else url


def join(session: Session, article: Article, url: str) -> Article:
    """Take an article along to the address where it stands, as `articles.move` does.

    Live cases of the same error become one, which can be undone; those that may be are suggested. Two that are both
    decided are not merged by themselves: their readers are owed two answers. Nor is one that is frozen.
    """
    title, language = article.headline, article.language
    target = session.get_one(Article, articles.find_or_add(session, article.site, url, title=title, language=language))
    if target.id == article.id:
        return article
    articles.hold(session, article.id, target.id)
    cases = _live(session, article)
    history.hold(session, *cases, *_live(session, target))
    alike = [(case, *_same(session, target, case)) for case in cases if case.state in LIVE]
    destination = articles.move(session, article, url)
    if destination.id == target.id:
        _merge(session, alike)
    return destination


def _live(session: Session, article: Article) -> Sequence[Case]:
    live = select(Case).where(Case.article_id == article.id, Case.state.in_(LIVE))
    return session.scalars(live.order_by(Case.id.desc()).limit(MOST)).all()


def _same(session: Session, target: Article, case: Case) -> tuple[int | None, dict[str, Any]]:
    """The live case of another article about the same error, if it were one with this case's; or what to suggest."""
    wish = wishes.sighting(case)
    case_id = joining.with_key(session, joining.key_of(target.id, wish, case.place, case.comment))
    if case_id is not None or not case.exact:
        return case_id, {}
    return joining.same_error(session, target.id, wish)


def _merge(session: Session, alike: Sequence[tuple[Case, int | None, dict[str, Any]]]) -> None:
    """Merge each case with its like; what editors keep apart on one side is not put together over the other."""
    twin_ids: set[int] = set()
    hints: list[tuple[Case, dict[str, Any]]] = []
    for case, same, hint in alike:
        twin = session.get(Case, same) if same is not None else None
        if twin is None or twin.state not in LIVE:
            hints.append((case, hint))
        elif State.FIXING is case.state is twin.state:
            hints.append((case, {"case": twin.id, "reason": BOTH_DECIDED}))
        elif corrections.is_frozen(case) or corrections.is_frozen(twin):
            hints.append((case, {"case": twin.id, "reason": HELD}))
        elif joining.contradicts(session, *_lesser_first(case, twin)):
            hints.append((case, {"case": twin.id, "reason": CONTRADICT}))
        elif twin.id in twin_ids:
            hints.append((case, {"case": twin.id, "reason": "several cases are about these words"}))
        else:
            twin_ids.add(twin.id)
            joining.unite(session, *_lesser_first(case, twin))
    for case, hint in hints:
        _suggest(session, case, hint)


def _suggest(session: Session, case: Case, hint: dict[str, Any]) -> None:
    """Say once of which case this one may be the same, also where that was merged just now."""
    twin = session.get(Case, hint["case"]) if hint else None
    while twin is not None and twin.merged_into_id is not None:
        twin = session.get(Case, twin.merged_into_id)
    is_news = case.state in LIVE and joining.looks_like(session, case) is None
    if twin is not None and twin.id != case.id and is_news:
        history.record(session, case, EventKind.SUGGESTED, case=twin.id, reason=hint["reason"])


def _lesser_first(case: Case, twin: Case) -> tuple[Case, Case]:
    """The one that is counted under the other: never the one that is decided, nor the one that somebody works on."""
    first, second = sorted(
        (case, twin),
        key=lambda candidate: (
            candidate.state is State.FIXING,
            candidate.assignee_id is not None,
            candidate.state is not State.NEW,
            -candidate.id,
        ),
    )
    return first, second
