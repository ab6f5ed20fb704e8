"""What each benchmark's figures are to be: the one place that the printing, the report and the tests read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """The least and the most that a figure may be, and what the figure is."""

    what: str
    least: float | None = None
    most: float | None = None
    against: str = ""
    """What it is measured against in the same run: its raw figures stand beside, as `ours` and `yardstick`."""

    @property
    def value(self) -> float:
        """The figure that is to be reached."""
        return self.most if self.least is None else self.least  # type: ignore[return-value]

    @property
    def words(self) -> str:
        """The goal as it is said."""
        return f"at {'most' if self.least is None else 'least'} {self.value:g}" if self.value else "0"

    def is_reached(self, figure: float) -> bool:
        """Whether the figure is what it is to be."""
        return (self.least is None or figure >= self.least) and (self.most is None or figure <= self.most)


def at_least(value: float, what: str, against: str = "") -> Goal:
    """A goal that is better exceeded."""
    return Goal(what, least=value, against=against)


def at_most(value: float, what: str, against: str = "") -> Goal:
    """A goal that is better undercut."""
    return Goal(what, most=value, against=against)


BARE, HELLO, ISSO = "bare", "hello", "Isso"
DATABASES = (("sqlite", "SQLite"), ("postgresql", "PostgreSQL"))

GOALS: dict[str, dict[str, Goal]] = {
    "intake-sqlite": {"ratio": at_least(1.6, "reports a second", BARE)},
    "intake-slowdisk": {"ratio": at_least(8, "reports a second, with 2 ms added to each fsync", BARE)},
    "intake-hello": {"ratio": at_least(0.5, "reports a second", HELLO)},
    "intake-postgresql": {
        "ratio": at_least(1.5, "reports a second", BARE),
        "refused": at_most(0, "reports that were refused"),
    },
    "intake-vs-isso": {
        "ratio": at_least(12, "reports a second", ISSO),
        "p99_ratio": at_most(0.2, "99th percentile, ours / Isso's"),
    },
    "intake-tail": {
        "p999_to_p50": at_most(8, "99.9th percentile / median, beside editors, mail and indexing"),
        "server_errors": at_most(0, "answers 5xx"),
    },
    "intake-grow": {"ratio": at_least(0.95, "reports a second at 1,000,000 reports", "an empty database")},
    "slow-clients": {"p99_ms": at_most(50, "99th percentile beside 400 slow connections, ms")},
    "queue": {
        f"{database}_{figure}": at_most(most, f"{label}: {what}")
        for database, label in DATABASES
        for figure, most, what in (
            ("page1000_to_page1", 1.1, "page 1000 / page 1"),
            ("slowest_ms", 1, "the slowest page, ms in the database"),
        )
    },
    "queue-http": {"ratio": at_least(0.6, "queue pages a second", "the same template filled with constants")},
    "desk-pages": {
        f"{database}_slowest_ms": at_most(200, f"{label}: the slowest page of the desk, 95th percentile, ms")
        for database, label in DATABASES
    },
    "desk-poll": {"core_share": at_most(0.1, "share of one core that 50 open dashboards cost")},
    "counts": {
        f"{database}_{figure}": at_most(most, f"{label}: {what}")
        for database, label in DATABASES
        for figure, most, what in (
            ("drift", 0, "cases miscounted after 100,000 operations"),
            ("slowest_ms", 1, "the slowest count, ms in the database"),
        )
    },
    "search": {
        f"{database}_slowest_ms": at_most(2, f"{label}: the slowest search, ms in the database")
        for database, label in DATABASES
    },
    "group": {
        f"{name}_200_share": at_most(0.1, f"share of a request that grouping takes, 200 cases, {name}")
        for name in ("exact", "fuzzy")
    },
    "group-quality": {
        "precision_300": at_least(0.995, "pairs said to be the same that are"),
        "recall_300": at_least(0.95, "pairs that are the same and said to be"),
        "ambiguous_unsure_300": at_least(0.5, "ambiguous pairs that it is unsure of"),
    },
    "kinds": {
        "agreement": at_least(0.85, "kinds guessed as people do"),
        "facts_missed_by_the_guard": at_most(0, "changes of facts that pass for typos"),
        "spelling_guarded": at_most(0.05, "typos taken for changes of facts"),
    },
    "fix-quality": {
        f"{context}_{name}": Goal(f"{context}: {what}", least, most)
        for context in ("short", "snippet")
        for name, least, most, what in (
            ("clear", 0.995, None, "right answers on clear labels"),
            ("said_fixed_of_present", None, 0.001, "wrongly said to be fixed"),
            ("said_present_of_fixed", None, 0.001, "wrongly said to be there still"),
            ("rewritten_and_fixed", 0.8, None, "fixed in a rewritten passage, seen"),
            ("rewritten_said_present", None, 0, "rewritten, wrongly said to be there still"),
            ("gone_said_present", None, 0, "gone, wrongly said to be there still"),
        )
    },
    "fix-speed": {
        "rewritten_ms": at_most(50, "one re-check of a 200 kB page with 50 cases, ms of CPU"),
        **{
            f"{name}_checks_ms": at_most(5, f"of that beyond parsing, page {name}, ms of CPU")
            for name in ("unchanged", "fixed", "edited", "rewritten")
        },
    },
    "snippet-size": {
        "loader_kb": at_most(0.7, "the loader, kB"),
        "everything_kb": at_most(6, "all that a reader loads, kB"),
        "ratio": at_most(0.33, "all that a reader loads / Isso's embed"),
    },
    "snippet-load": {
        f"x{rate}_{figure}": at_most(most, f"{what}, CPU x{rate}", against)
        for rate in (1, 4)
        for figure, most, what, against in (
            ("ratio", 0.03, "script time while a page loads", "Isso's embed"),
            ("requests", 1, "requests", ""),
            ("long_tasks", 0, "long tasks", ""),
        )
    },
    "snippet-open": {
        "2mb_x1_ratio": at_most(1.3, "keys to painted dialog in 2 MB", "a bare dialog"),
        "2mb_x1_ms": at_most(50, "the same, ms, CPU x1"),
        "2mb_x4_ms": at_most(150, "the same, ms, CPU x4"),
    },
    "mail": {
        f"{delay}ms_ratio": at_least(least, f"mails a second, {delay} ms a reply", "one connection a mail")
        for delay, least in ((0, 1.8), (5, 8))
    },
    "inbound": {
        "s_1000": at_most(60, "1,000 incoming mails read, kept and placed, s"),
        "ms_25_mib": at_most(5000, "one of 25 MiB, ms"),
    },
    "drain": {
        "jobs_a_second_under_load": at_least(20, "mails a second at full load"),
        "jobs_a_second_after": at_least(100, "mails a second after it"),
    },
    "start": {
        "ratio": at_most(3, "process start to the first report, s", HELLO),
        "version_ratio": at_most(1.5, "`corrections --version` / `import flask`"),
    },
    "install": {
        "ratio": at_most(2, "installing with a warm cache, s", ISSO),
        "needs_compiler": at_most(0, "whether a compiler is needed"),
    },
    "memory": {"at_rest_mib": at_most(150, "one serving process at rest, MiB")},
    "soak": {
        "lost": at_most(0, "acknowledged and not stored"),
        "memory_growth": at_most(0.05, "memory, growth from minute 10"),
        "descriptors_growth": at_most(0.05, "file descriptors, growth from minute 10"),
        "bytes_a_report": at_most(4000, "bytes a report"),
    },
}
"""The figures of each benchmark by the name that it prints."""

WHATEVER_THE_MACHINE = ("fix-quality", "group-quality", "kinds")
"""Benchmarks that judge fixed data: no machine is too slow for these goals."""
