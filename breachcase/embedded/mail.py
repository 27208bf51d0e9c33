"""The mail server of a copy that has none: takes every message and writes it to a folder; nothing leaves."""

import asyncio
from pathlib import Path
import sys
from uuid import uuid4

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Outbox:
    """Writes each message to a file of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the message; the answer is given once it is on disk."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        name = uuid4().hex
        half = self.folder / f".{name}"
        half.write_bytes(raw)
        half.rename(self.folder / f"{name}.eml")
        return "250 kept"


def controller(port: int, folder: Path) -> Controller:
    """Return a mail server for 127.0.0.1 that is not started yet."""
    return Controller(Outbox(folder), hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)


def main(arguments: list[str]) -> None:
    """Run until stopped: ``python -m breachcase.embedded.mail PORT FOLDER``."""
    port, folder = arguments
    server = controller(int(port), Path(folder))
    server.start()
    try:
        asyncio.new_event_loop().run_forever()
    except KeyboardInterrupt:
        server.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
