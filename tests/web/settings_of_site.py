"""Pages of a site's own settings, one after another in each state that says more, to be read in several languages."""

from __future__ import annotations

from collections.abc import Iterator

from werkzeug.test import TestResponse

from corrections_service.services import origins
from tests.services.newsroom import Newsroom
from tests.web.visitors import Visitor

PATH = "/settings/sites/news"


def site(admin: Visitor, newsroom: Newsroom) -> Iterator[TestResponse]:
    """Refused addresses, many and allowed ones; another matrix before it is kept; each refusal; mail again."""
    hosts = [f"https://h{number}.news.example" for number in range(25)]
    newsroom.db.intake(origins.count, refused={(newsroom.site.id, host): 2 for host in hosts})
    yield admin.get(PATH)
    right = {"origins": "https://news.example", "desk": "desk@news.example", "ways_in": "key", "soft_words": ""}
    rules = {"approver_corrected": "standards", "second_person_updated": "yes", "author_alone_updated": "yes"}
    yield admin.post(PATH, **right, **rules, action="preview")
    yield admin.post(PATH, **right, action="preview")
    wrong = {"origins": ("https://ann@news.example", ""), "desk": ("nobody",), "ways_in": ("",), "soft_words": ("–",)}
    yield from (admin.post(PATH, **{**right, name: value}) for name, values in wrong.items() for value in values)
    for host, action in zip(hosts, ("allow", "keep_out"), strict=False):
        admin.post(f"{PATH}/origins", origin=host, action=action, next=PATH)
        yield admin.get(PATH)
    admin.post(f"{PATH}/desk-mail")
    yield admin.get(PATH)


PAGES = [site]
