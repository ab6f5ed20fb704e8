"""Normal reports while slow connections are open: some of each kind, and crowds of slow bodies."""

from __future__ import annotations

import asyncio
import contextlib

from benchmarks.intake import REPORTS
from benchmarks.load import Outcome, bodies, pace, posts
from benchmarks.servers import service

RATE = 50


def run(seconds: float = 10, slow: int = 200, many: int = 2000) -> dict[str, object]:
    """50 reports a second beside slow connections: the 99th percentile of the normal ones.

    Beside 200 slow heads and 200 slow bodies; beside 2,000 slow bodies from one peer, and from as many peers.
    """
    figures: dict[str, object] = {}
    with service() as (port, key, _):
        crowds = {
            "": [("127.0.0.1", number < slow) for number in range(2 * slow)],
            "one_peer_": [("127.0.0.1", False)] * many,
            "many_peers_": [(f"127.1.{number // 250}.{number % 250 + 1}", False) for number in range(many)],
        }
        for name, crowd in crowds.items():
            outcome = asyncio.run(_run(port, bodies(key, int(RATE * seconds)), seconds, crowd))
            figures |= {f"{name}p{share}_ms": outcome.percentile(share / 100) for share in (50, 99)}
            figures |= {f"{name}max_ms": max(outcome.taken) * 1000, f"{name}answers": outcome.statuses}
            figures[f"{name}slow_connections"] = len(crowd)
    return figures


async def _run(port: int, payloads: list[bytes], seconds: float, crowd: list[tuple[str, bool]]) -> Outcome:
    slow = [(await _open(port, address), header) for address, header in crowd]
    drips = [
        asyncio.create_task(_drip(port, address, writer, header))
        for (writer, header), (address, _) in zip(slow, crowd, strict=True)
    ]
    await asyncio.sleep(min(seconds, 1))
    requests = posts(port, REPORTS, payloads, more="Connection: close\r\n")
    outcome = await asyncio.wait_for(pace(port, requests, RATE), seconds + 30)
    for drip in drips:
        drip.cancel()
    await asyncio.gather(*drips, return_exceptions=True)
    return outcome


async def _open(port: int, address: str) -> asyncio.StreamWriter:
    _, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
    return writer


async def _drip(port: int, address: str, writer: asyncio.StreamWriter, header: bool) -> None:
    """Send a byte now and then; when the server hangs up, come again."""
    start = b"POST /api/v1/reports HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
    if not header:
        start += b"yes\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n"
    try:
        while True:
            writer.write(start)
            while not writer.is_closing():
                await asyncio.sleep(1)
                writer.write(b"a")
            await asyncio.sleep(1)
            with contextlib.suppress(OSError):
                writer = await _open(port, address)
    finally:
        writer.close()
