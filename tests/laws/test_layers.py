"""A floor imports only from floors before it; within a floor, a file only files that are listed before it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "corrections_service"

ORDER = """
errors accounts_settings setting_choices setting_checks settings
rules.text rules.personal rules.owners rules.marks rules.urls rules.slugs rules.addresses rules.offices rules.references rules.dates rules.facts rules.policies rules.embedding rules.asides rules.encoding rules.pages rules.sightings rules.doubts rules.passages rules.brackets rules.quotes rules.sentences rules.named rules.evidence rules.twins rules.pictures
rules.lexicon.words rules.lexicon.forms rules.lexicon.tables
rules.lexicon.common rules.lexicon.en rules.lexicon.uk rules.lexicon.ru rules.lexicon.de rules.lexicon.fr rules.lexicon.es rules.lexicon.pt
rules.lexicon.it rules.lexicon.pl rules.lexicon.tr rules.lexicon.sv rules.lexicon.nl rules.lexicon.ar rules.lexicon.he rules.lexicon.ko
rules.lexicon.east rules.lexicon rules.pieces rules.slips rules.proper_names rules.quotations rules.guard rules.changes rules.fields rules.overlaps rules.stretches rules.grouping
rules.spam rules.lessons rules.later rules.priority rules.clocks rules.mail_times rules.workflow rules.placing rules.chain rules.catalogue rules.showing rules.soft_words rules.notices rules.links rules.cms rules.browsers rules.seals rules.webhooks rules.phrases rules.ukrainian rules.stems rules.queries rules.mime rules.reply_addresses rules.lexicon.mails rules.lexicon.robots rules.lexicon.offers rules.offers rules.bounces rules.quoted rules.mail_links rules.incoming
store.models.base store.models.sites store.models.articles store.models.blocks store.models.cases store.models.entries store.models.outbox store.models.letters store.models.counts store.models.batches store.models.presence store.models.webhooks store.models store.rows store.erasures store.trouble store.turns store.precedence store.writer store.database store.jobs store.engine store.words store.search store.views store.cursors store.queue store.migrations
services.limits services.senders services.outbox services.reader_mail services.sites services.promises services.origins services.editors services.accounts services.second_factors services.passkeys services.hosts services.articles services.calls services.entries services.corrections services.wishes services.lessons services.steps services.history services.answers services.log services.offices services.spreading services.notices services.personal services.mail_choices services.people services.mending services.thanks services.approvals services.freezes services.joining services.crowds services.scores services.parting services.cases services.proposals services.presence services.batches
services.waves services.retractions
services.routing services.desk_mail services.clocks services.priorities services.wave_mail services.alarms services.sending
services.looks services.blocks
services.reports services.intake services.readers services.attachments services.returns services.forgetting services.moves services.named services.siblings services.figures services.tallies services.periods services.privacy services.exchange services.tables services.mistape services.comments services.mailboxes services.letter_reports services.incoming services.sources services.imports services.tokens services.links services.starts services.setup services.practice services.cms services.saved_answers services.shapes services.webhooks
services.finding services.saved_views
services.backup
work.smtp work.letters work.acting work.desk_letters work.mail work.means work.networks work.fetch work.robots work.reading work.decoding work.attachments work.page_checks work.canonical work.inbound work.polling work.mail_watch work.deliveries work.rechecks work.chats work.webhooks work.jobs
front_door
web.peers web.access web.language web.sessions web.headers web.controls web.forms web.decision_forms web.site_forms web.people_forms web.display web.refusals web.answers web.openapi web.arrivals web.api web.embed web.reader web.attachments web.notices web.feeds web.matrix web.public web.passwords web.keys web.mail_choices web.mail_links web.account web.accounts web.second_factors web.session_list web.passkeys web.decisions web.desk web.moderation web.finding web.dashboard web.charts web.figures web.live web.cases web.batches web.samples web.trials web.background web.urgency_forms web.urgency web.owners web.links web.cms web.public_settings web.saved_answers web.blocks web.letters web.webhooks web.start web.admin web.publications web.setup_forms web.setup web.practice
web.operations web.programs web.wiring
whole_requests server doctor
demo.mailbox demo.newspaper demo.receiver demo.seed demo.changes demo.story
console first_run cli.running cli.newsroom cli.reports cli.copies cli.log cli.outbox cli __main__
""".split()

FORBIDDEN = {
    "rules": {"sqlalchemy", "flask", "alembic", "dbos", "urllib3", "socket", "smtplib", "time", "os", "pathlib"},
    "store": {"flask", "urllib3", "smtplib"},
    "services": {"flask", "urllib3", "smtplib", "socket", "dbos"},
}
"""What a floor does without: rules are pure, the store knows no web, services know neither web nor network."""


def _files() -> list[Path]:
    """Every file of the package; its own `__init__.py` joins all floors into an application when it is asked to."""
    found = [path for path in sorted(PACKAGE.rglob("*.py")) if "versions" not in path.parts]
    return [path for path in found if path != PACKAGE / "__init__.py" and _says(path)]


def _says(path: Path) -> bool:
    """Whether a file holds more than a sentence on its folder."""
    return path.name != "__init__.py" or len(ast.parse(path.read_text("utf-8")).body) > 1


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return "store.migrations" if name.startswith("store.migrations") else name


def imports(path: Path) -> set[str]:
    """All that a file imports, wherever in it that stands: within functions and for types alone too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found |= {node.module or ""} | {f"{node.module}.{one.name}" for one in node.names}
    return found


@pytest.mark.parametrize("path", _files(), ids=_name)
def test_a_file_imports_only_what_stands_before_it(path: Path) -> None:
    place = ORDER.index(_name(path))
    for imported in imports(path):
        inside = imported.removeprefix("corrections_service.")
        if inside != imported and inside in ORDER and inside != _name(path):
            assert ORDER.index(inside) < place, f"{_name(path)} imports {inside}"


@pytest.mark.parametrize("path", _files(), ids=_name)
def test_a_floor_does_without_what_belongs_to_others(path: Path) -> None:
    floor = _name(path).partition(".")[0]
    roots = {imported.partition(".")[0] for imported in imports(path)}
    assert not roots & FORBIDDEN.get(floor, set())


def test_imports_inside_functions_and_for_types_alone_are_counted(tmp_path: Path) -> None:
    late = tmp_path / "late.py"
    late.write_text(
        """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from corrections_service.web.wiring import wire
try:
    import socket
except ImportError:
    pass
class Late:
    async def load(self):
        def inner():
            from corrections_service.work import jobs, mail
            import urllib3.util as util
"""
    )
    assert {
        *("corrections_service.web.wiring", "corrections_service.web.wiring.wire"),
        *("corrections_service.work.jobs", "corrections_service.work.mail", "urllib3.util", "socket"),
    } <= imports(late)
