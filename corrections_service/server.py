"""Processes: the web server with the work in it, or the work alone.

granian has a parent, which listens, and a child, which answers. The child alone holds the database's lock, the writer
and the engine; it ends by itself when its parent is gone, so that neither port nor lock is left to an orphan.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import multiprocessing
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.engine import make_url

from corrections_service import __version__, create_app
from corrections_service.errors import ConfigurationError, CorrectionsError
from corrections_service.settings import LogFormat, Settings, read_settings
from corrections_service.store.database import Database, hold_lock, open_database

if TYPE_CHECKING:
    from flask import Flask

    from corrections_service.whole_requests import WholeRequests

log = structlog.get_logger()

CONNECTIONS = 16_384
"""Connections that a process holds at a time; what is more waits to be taken, and costs nothing until then."""

SWITCH_SECONDS = 0.001
"""Whoever holds the database's write lock must not wait long for the interpreter after each statement."""

GARBAGE = (20_000, 20, 50)
"""New objects after which the youngest are looked through for rings, and looks after which the older ones are."""

ORPHAN_SECONDS = 0.5
LOCK_SECONDS = 3.0
"""How long an orphan's lock is waited for before a second process is refused."""


def serve(settings: Settings, host: str, port: int, *, web_only: bool) -> None:
    """Serve until told to stop. Raises ConfigurationError or CorrectionsError before anything listens."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings

    if web_only and settings.is_sqlite:
        raise ConfigurationError(
            "--web-only leaves the work to `corrections worker`, and only one process may use a SQLite database: "
            "leave --web-only out, or set CORRECTIONS_DATABASE_URL to a PostgreSQL database."
        )
    configure_logs(settings)
    prepare(settings)
    _allow_connections()
    address = _free_address(host, port)
    _announce(settings, on=f"http://{f'[{address}]' if ':' in address else address}:{port}")
    _say_how_to_begin(settings)
    processes = 1 if settings.is_sqlite else max(os.cpu_count() or 1, 1)
    server = Granian(
        f"corrections_service.server:{'web_alone' if web_only else 'web_and_work'}",
        address=address,
        port=port,
        interface=Interfaces.RSGI,
        workers=processes,
        backlog=CONNECTIONS * processes,
        backpressure=CONNECTIONS,
        websockets=False,
        factory=True,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=25,
        http1_settings=HTTP1Settings(header_read_timeout=30_000, max_buffer_size=64 * 1024),
        log_enabled=False,
    )
    try:
        server.serve()
    except SystemExit as end:
        if end.code:  # granian says nothing here, and tries a process that ends within 5.5 seconds no more
            log.error(
                "ended: the process that answers ended twice within seconds; if it could say why, that stands above"
            )
        raise


def _allow_connections() -> None:
    """Raise the limit of open files to what the system lets this process have: each connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = 2 * CONNECTIONS if most == resource.RLIM_INFINITY else min(2 * CONNECTIONS, most)
    if limit > resource.getrlimit(resource.RLIMIT_NOFILE)[0]:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, most))


def _free_address(host: str, port: int) -> str:
    """The numeric address of this host, where nobody listens on the port yet: granian says neither in one line."""
    try:
        family, kind, protocol, _, address = min(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CorrectionsError(f"Cannot listen on {host}, port {port}: {error.strerror or error}") from None
    return str(address[0])


def prepare(settings: Settings) -> None:
    """Bring the schema to head, alone. Raises ConfigurationError when another process has the database."""
    with hold_lock(settings, patience=LOCK_SECONDS) or contextlib.nullcontext():
        database = open_database(settings)
        database.migrate()
        database.close()


def web_and_work() -> WholeRequests:
    """The application of a serving process, with the work running beside it."""
    settings, database = _open()
    app = create_app(settings, database=database)
    return _whole_requests(app, settings, start_work(app, settings, database))


def web_alone() -> WholeRequests:
    """The application of a serving process that leaves the work to others (PostgreSQL)."""
    settings, database = _open()
    return _whole_requests(create_app(settings, database=database), settings)


def _whole_requests(app: Flask, settings: Settings, stop_work: Callable[[], None] = lambda: None) -> WholeRequests:
    """The application as granian calls it, and, once it takes no more requests, what ends the work beside it."""
    from corrections_service.whole_requests import WholeRequests

    _keep_loaded()
    refusals, arrivals = app.extensions["refusals"], app.extensions["arrivals"]
    is_upload = app.extensions["is_upload"]
    return WholeRequests(app, settings, refusals.count, arrivals.without_thread, stop_work, is_upload)


def work(settings: Settings) -> None:
    """Do the background work until told to stop."""
    configure_logs(settings)
    prepare(settings)
    _announce(settings)
    with hold_lock(settings) or contextlib.nullcontext():
        database = open_database(settings)
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        stop_work = start_work(create_app(settings, database=database), settings, database)
        print("working", flush=True)
        stop.wait()
        stop_work()
        database.close()


def _keep_loaded() -> None:
    """Spare the garbage collector what stays as long as the process does: it would look through it again and again.

    What a request leaves behind goes by itself but for a few rings, so that it is looked through less often, too.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def start_work(app: Flask, settings: Settings, database: Database) -> Callable[[], None]:
    """Start the engine with all jobs in this process, and the mail watch; what ends them.

    To be ended ahead of the process: in its last moments Python starts no thread's work, and jobs that are taken then
    wait for another process to take them over.
    """
    from corrections_service.store.engine import Engine  # the parent, which only listens, needs none of these
    from corrections_service.work import jobs
    from corrections_service.work.mail import Mailer
    from corrections_service.work.mail_watch import MailWatch
    from corrections_service.work.means import Work

    engine, work = Engine(database, settings), Work(database, settings, Mailer(app, settings))
    jobs.register(engine, work)
    engine.start()
    watch = MailWatch(work)
    watch.start()

    def stop() -> None:
        watch.stop()
        engine.stop()

    return stop


def configure_logs(settings: Settings) -> None:
    """One line a record, of LOG_LEVEL or more, as LOG_FORMAT says; nothing of readers in it (P-24)."""
    plain = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
    is_json = settings.log_format is LogFormat.JSON
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([structlog.processors.format_exc_info, structlog.processors.JSONRenderer()] if is_json else [plain]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level.value),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _announce(settings: Settings, **more: str) -> None:
    """Say at the start what is about to run, on what, where its data is, and what about that is easily wrong."""
    database = make_url(settings.sqlalchemy_url).render_as_string(hide_password=True)
    directory = settings.data_dir.resolve()
    where = {"data": str(directory)} if settings.is_sqlite else {"database": database}
    log.info("starting", version=__version__, **more, address=settings.base_url, **where)
    if settings.is_sqlite and not settings.data_dir.is_absolute():
        log.warning(
            "CORRECTIONS_DATA_DIR is relative: started from another directory the service would find no data",
            data_dir=str(settings.data_dir),
            now=str(directory),
        )


def _say_how_to_begin(settings: Settings) -> None:
    """While nobody signs in here yet, print where the service is set up, and the code; it stands nowhere else."""
    from corrections_service.services import setup  # of use once, before the first administrator

    database = open_database(settings)
    try:
        with database.read() as session:
            is_open = setup.is_open(session)
    finally:
        database.close()
    if is_open:
        code = setup.code(settings.secret_key)
        print(f"setup: nobody signs in here yet. Open {settings.base_url}/setup with the code {code}", flush=True)


def _open() -> tuple[Settings, Database]:
    sys.setswitchinterval(SWITCH_SECONDS)
    settings = read_settings()
    configure_logs(settings)
    _end_with_parent()
    lock = hold_lock(settings, patience=LOCK_SECONDS)
    if lock is not None:
        atexit.register(lock.close)
    return settings, open_database(settings, reach=False)  # one that is down meanwhile is a 503, not an end


def _end_with_parent() -> None:
    """End this process when its parent is gone, also before this: an orphan would keep the port and the lock."""
    parent = multiprocessing.parent_process()  # as the parent said before it began this one
    number = os.getppid() if parent is None else parent.pid

    def watch() -> None:
        while os.getppid() == number:
            threading.Event().wait(ORPHAN_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
