"""How tests speak of time: by what was done in the same test, or by a limit of the product's own; never in seconds.

A machine that is five times slower, or as much busier, passes the same tests. Only here is a clock read.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

TRIES = 5
"""What takes long does so each time, a busy machine doesn't: the shortest of so many runs counts."""

PATIENCE = 120.0
"""Seconds after which what is waited for won't come any more; a good machine needs a tenth of it."""

ROOM = 10
"""How many times a limit of the product's own a slow and busy machine may take until it has acted on it."""

PAINTED = """(() => {
  const say = console.debug.bind(console), frame = requestAnimationFrame.bind(window);
  let pressed;
  addEventListener("keydown", event => { if (event.key == "Enter") pressed = event.timeStamp }, true);
  document.addEventListener("corrections:open", () => frame(() => { const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => say(`painted ${performance.now() - pressed}`); port2.postMessage(0) }));
})()"""
"""For a page: says in its console after how many milliseconds the keys had the dialog painted, to compare pages by."""

BARE_DIALOG = """() => new Promise(done => {
  const began = performance.now(), dialog = document.createElement("dialog");
  dialog.innerHTML = "<textarea></textarea>"; document.documentElement.append(dialog); dialog.showModal();
  requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { done(performance.now() - began); dialog.remove() }; port2.postMessage(0) });
})"""
"""For a page: after how many milliseconds a dialog with nothing behind it is painted there, the yardstick for ours."""


def takes_at_most(
    times: float, do: Callable[[], object], yardstick: Callable[[], object], *, waiting: bool = False
) -> None:
    """Something takes at most so many times what the yardstick takes, in computing (or `waiting`: in time that passes).

    The yardstick is laid on again and again for as long as that took, so that both meet the same machine.
    """
    clock = time.perf_counter if waiting else time.process_time
    allowed, taken, ratio = _once(yardstick, clock), float("inf"), float("inf")
    for _ in range(TRIES):
        taken = min(taken, _once(do, clock))
        if taken <= times * allowed:
            return
        laid, passed = 0, 0.0
        while laid == 0 or passed < min(taken, times * allowed):
            laid, passed = laid + 1, passed + _once(yardstick, clock)
        allowed = max(allowed, passed / laid)
        ratio = taken / allowed
        if ratio <= times:
            return
        if ratio > ROOM * times:  # no machine is that busy
            break
    raise AssertionError(f"takes {ratio:.1f} times the yardstick, {times:g} times are allowed")


def passes_at_most(times: float, do: Callable[[], object], text: str | bytes) -> None:
    """Something takes at most so many plain passes over a text: what reads it again for each letter takes thousands."""
    takes_at_most(times, do, lambda: plain_pass(text))


def grows_at_most(times: float, do: Callable[[int], object], size: int) -> None:
    """Twice the size takes at most so many times as long: about 2 where each part is met once, 4 where it meets all others."""
    takes_at_most(times, lambda: do(2 * size), lambda: do(size))


def plain_pass(text: str | bytes) -> int:
    """Look at each character once: the yardstick."""
    lines = 0
    for one in text:
        if one == "\n":
            lines += 1
    return lines


@contextlib.contextmanager
def lasting(limit: float, *, at_least: float = 0.0) -> Iterator[None]:
    """What happens within ends by a limit of the product's own, in seconds and with room, and not before `at_least`."""
    began = moment()
    yield
    taken = moment() - began
    assert at_least <= taken < ROOM * limit, f"took {taken:.1f} s where the limit is {limit:g} s"


def moment() -> float:
    """Seconds, to tell what came too early; what comes late comes late on a slow machine."""
    return time.monotonic()


def computed() -> float:
    """Seconds that this thread has computed, to compare with those that passed: a busy machine only lowers their share."""
    return time.thread_time()


def let_pass(seconds: float) -> None:
    """Let time pass in which something must not happen, or goes on; no test needs it to be enough for anything."""
    time.sleep(seconds)


def wait_for(condition: Callable[[], object], what: str = "what comes next", seconds: float = PATIENCE) -> None:
    """Wait until a condition holds."""
    deadline, pause = time.monotonic() + seconds, 0.02
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain: {what}"
        time.sleep(pause)
        pause = min(pause * 1.5, 0.5)


def wait_in(page: Page | Frame, condition: str) -> None:
    """Wait until an expression holds in a page, also where the page's own policy lets no string be run.

    Playwright's `wait_for_function` runs the string from the page's timers, which such a policy (the desk's, too) forbids;
    only its first look is the browser's own. So it fails there on a machine that is not fast enough for that look.
    """
    wait_for(lambda: page.evaluate(f"!!({condition})"), condition)


def _once(do: Callable[[], object], clock: Callable[[], float]) -> float:
    began = clock()
    do()
    return clock() - began
