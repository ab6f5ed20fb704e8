"""The first run: what is asked, and what is made of the answers, whole or not at all; or no more than the browser needs."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from corrections_service.console import one_line, writing
from corrections_service.errors import ConfigurationError, InvalidFields
from corrections_service.rules.workflow import Role
from corrections_service.services import editors, sites, starts
from corrections_service.settings import PREFIX, Settings, check_serving, make_data_dir
from corrections_service.store.database import FIRST_RUN_LOCK, open_database
from corrections_service.store.models import Purpose

LINK_HOURS = 24

EMPTY_DISK = {"lost+found"}
"""What a disk has on which nothing was stored yet."""

QUESTIONS = {
    "admin": "Your e-mail address",
    "site": "The publication's name",
    "origin": "The address of its articles, such as https://news.example (several: with spaces between)",
    "desk": "The address that hears of new cases",
}

_CHECKS: Mapping[str, Callable[[str], object]] = {
    "admin": lambda answer: sites.checked_address(answer, "admin"),
    "site": sites.checked_name,
    "origin": lambda answer: sites.checked_origins(answer.split()),
    "desk": lambda answer: sites.checked_address(answer, "desk"),
}


@dataclass(frozen=True)
class Made:
    """What the first run made: the site's key, tag and guide, and the administrator's link."""

    key: str
    tag: str
    guide: str
    sign_in: str


def check_settings(settings: Settings) -> None:
    """Promise that links can be made. Raises ConfigurationError."""
    if not settings.base_url:
        raise ConfigurationError(
            "CORRECTIONS_BASE_URL is not set: the address at which readers reach the service, such as "
            "https://corrections.example."
        )


def begin(settings: Settings) -> None:
    """Make data directory and secret key where nothing was ever kept, so that the rest can be done in the browser.

    Where something is there already, a key that is missing is lost, or the directory is another one: nothing is made. Of
    machines that begin at once on one PostgreSQL, one makes the key and the schema. Raises ConfigurationError for the others, and
    where another setting is wrong, for then it would stand there half made.
    """
    if settings.secret_key:
        return
    check_settings(settings)
    check_serving(settings.model_copy(update={"secret_key": secrets.token_urlsafe(48)}))
    if settings.is_sqlite:
        database_is_new = not Path(make_url(settings.sqlalchemy_url).database or "").exists()
        if database_is_new and _holds_nothing(settings.data_dir):
            with _or_nothing(settings.data_dir):
                make_data_dir(settings.data_dir)
        return
    with contextlib.closing(open_database(settings)) as database, database.alone(FIRST_RUN_LOCK):
        if not _holds_nothing(settings.data_dir):
            return
        if not database.is_empty():
            raise ConfigurationError(
                f"{PREFIX}SECRET_KEY is not set, and the database is in use already: have it say here what it says where that "
                "began, or what stands in DATA_DIR/secret-key there."
            )
        with _or_nothing(settings.data_dir):
            make_data_dir(settings.data_dir)
            database.migrate()


def _holds_nothing(directory: Path) -> bool:
    """Whether nothing was ever kept in the directory, if it is there at all."""
    return not directory.is_dir() or {path.name for path in directory.iterdir()} <= EMPTY_DISK


def answers(options: Mapping[str, str], *, ask: bool) -> dict[str, str]:
    """The answers, each of them good: those that were given, and where `ask`, asked for until they are.

    Raises InvalidFields where one that was given is wrong and nobody is to be asked.
    """
    checked = {}
    for name, question in QUESTIONS.items():
        answer = options.get(name, "")
        try:
            if not answer and ask:
                answer = click.prompt(question, value_proc=_checked(name))
            _CHECKS[name](answer)
        except InvalidFields as error:
            if not ask:
                raise
            click.echo(f"Error: {one_line(_sentence(error))}", err=True)
            answer = click.prompt(question, value_proc=_checked(name))
        checked[name] = answer
    return checked


def make(settings: Settings, chosen: Mapping[str, str]) -> Made:
    """Make data directory, secret key, schema, the site and its administrator; after a failure none of them is left."""
    with _or_nothing(settings.data_dir):
        make_data_dir(settings.data_dir)
        with writing(migrate=True) as (session, config):
            sites.check_free(session, chosen["site"])
            site = sites.create(session, name=chosen["site"], origins=chosen["origin"].split(), desk=chosen["desk"])
            editor = editors.add(session, chosen["admin"], site=site, role=Role.ADMIN)
            link = editors.link(session, editor, Purpose.SIGN_IN, hours=LINK_HOURS)
            tag, guide = sites.embed_tag(site, config.base_url), starts.guide_address(site, config.base_url)
            return Made(site.key, tag, guide, f"{config.base_url}/sign-in/{link}")


def _checked(name: str) -> Callable[[str], str]:
    def check(answer: str) -> str:
        try:
            _CHECKS[name](answer)
        except InvalidFields as error:
            raise click.UsageError(_sentence(error)) from None
        return answer

    return check


def _sentence(error: InvalidFields) -> str:
    return " ".join(error.fields.values())


@contextlib.contextmanager
def _or_nothing(directory: Path) -> Iterator[None]:
    """After a failure, take away what was not in the directory before, and the directory if it was not there."""
    was_there = directory.is_dir()
    before = set(directory.iterdir()) if was_there else set()
    try:
        yield
    except BaseException:
        for path in set(directory.iterdir()) - before if directory.is_dir() else ():
            path.unlink()
        if not was_there and directory.is_dir():
            directory.rmdir()
        raise
