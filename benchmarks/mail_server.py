"""A mail server that takes all and keeps nothing: `python -m benchmarks.mail_server PORT DELAY_MS`, for each reply."""

from __future__ import annotations

import asyncio
import sys
from typing import AnyStr

from aiosmtpd.smtp import SMTP, Envelope, Session


class Taking:
    """What becomes of a message."""

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:
        """Take it."""
        return "250 OK"


class Late(SMTP):
    """A session in which each reply comes late, as from far away; one of several lines does so once."""

    delay = 0.0

    async def push(self, status: AnyStr) -> None:
        """Reply with a line."""
        if status[3:4] in (" ", b" "):
            await asyncio.sleep(self.delay)
        await super().push(status)


async def main(port: int, delay_ms: float) -> None:
    """Serve until the process ends."""
    Late.delay = delay_ms / 1000
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Late(Taking(), hostname="localhost"), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
