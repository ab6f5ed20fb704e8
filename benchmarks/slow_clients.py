"""Normal reports while 200 slow-header and 200 slow-body connections are open."""

from __future__ import annotations

import asyncio
import time

from benchmarks.load import ORIGIN, Outcome, answer_status, bodies, service, show

NAME = "slow-clients"
SLOW, RATE = 200, 50


def run(seconds: int = 10) -> dict[str, object]:
    """50 reports a second beside 400 slow connections: the 99th percentile of the normal ones."""
    with service() as (port, key, _):
        outcome = asyncio.run(_run(port, bodies(key, RATE * seconds), seconds))
    figures = {f"p{share}_ms": outcome.percentile(share / 100) for share in (50, 99)}
    return {**figures, "max_ms": max(outcome.taken) * 1000, "answers": outcome.statuses, "slow_connections": 2 * SLOW}


async def _run(port: int, payloads: list[bytes], seconds: int) -> Outcome:
    outcome = Outcome()
    slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2 * SLOW)]
    drips = [asyncio.create_task(_drip(writer, number < SLOW)) for number, (_, writer) in enumerate(slow)]
    await asyncio.sleep(1)
    began = time.perf_counter()
    sends = []
    for number, payload in enumerate(payloads):
        await asyncio.sleep(max(began + number / RATE - time.perf_counter(), 0))
        sends.append(asyncio.create_task(_send(port, payload, outcome)))
    await asyncio.wait_for(asyncio.gather(*sends), seconds + 30)
    outcome.seconds = time.perf_counter() - began
    for drip in drips:
        drip.cancel()
    for _, writer in slow:
        writer.close()
    return outcome


async def _drip(writer: asyncio.StreamWriter, header: bool) -> None:
    start = b"POST /api/v1/reports HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
    if not header:
        start += b"yes\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n"
    writer.write(start)
    while True:
        await asyncio.sleep(1)
        writer.write(b"a")


async def _send(port: int, payload: bytes, outcome: Outcome) -> None:
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /api/v1/reports HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {ORIGIN}\r\nConnection: close\r\n"
    kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(payload)}\r\n\r\n"
    writer.write((head + kind).encode() + payload)
    status = await answer_status(reader)
    outcome.taken.append(time.perf_counter() - began)
    outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
    writer.close()


def main() -> None:
    """Print the figures."""
    show(NAME, run())


if __name__ == "__main__":
    main()
