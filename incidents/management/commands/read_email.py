from argparse import ArgumentParser
from collections.abc import Sequence
import json
from pathlib import Path
import sys

from django.core.management import BaseCommand

from incidents.intake.eml import read_message
from incidents.intake.message import ReadMessage, UnreadableMessage
from incidents.intake.plain import as_plain


class Command(BaseCommand):
    """Print what intake reads from message files; nothing is stored, no database is needed."""

    help = "Read message files (.eml) and print what they say: who sent them, by which way, to whom."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="a message as saved by a mail program")
        parser.add_argument("--json", action="store_true", help="print a JSON array with one object a file")
        parser.add_argument(
            "--own-domain",
            action="append",
            default=[],
            metavar="DOMAIN",
            help="an own domain; its recipients are internal",
        )

    def handle(self, *_: object, files: Sequence[Path], own_domain: Sequence[str], **options: object) -> None:
        failed = False
        printed: list[str] = []
        for path in files:
            try:
                message = _read(path, own_domain)
            except (UnreadableMessage, OSError) as error:
                failed = True
                sentence = _sentence(error)
                as_json: dict[str, object] = {"file": str(path), "error": sentence}
                summary = f"{path}: {sentence}"
            else:
                as_json = {"file": str(path), **as_plain(message)}
                summary = _summary(path, message)
            printed.append(json.dumps(as_json) if options["json"] else summary)
        joined = ",\n".join(printed)
        self._write(f"[{joined}]" if options["json"] else "\n".join(printed))
        if failed:
            sys.exit(1)

    def _write(self, text: str) -> None:
        """Print; a character that the terminal cannot show is written as its code."""
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        self.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


def _read(path: Path, own_domains: Sequence[str]) -> ReadMessage:
    with path.open("rb") as stream:
        return read_message(stream, own_domains=own_domains, size_bytes=path.stat().st_size)


def _sentence(error: UnreadableMessage | OSError) -> str:
    if isinstance(error, UnreadableMessage):
        return error.sentence
    if isinstance(error, FileNotFoundError):
        return "There is no such file."
    if isinstance(error, IsADirectoryError):
        return "This is a folder, not a file."
    return f"The file cannot be opened: {error.strerror or type(error).__name__}."


def _summary(path: Path, message: ReadMessage) -> str:
    counts = message.counts
    lines = [
        f"{path}: {message.subject or '(no subject)'}",
        f"  from {', '.join(one.raw for one in message.senders) or 'nobody named'}, {message.date.raw or 'no date'}",
        f"  {counts.listed} recipients listed, {counts.duplicates} of them twice, {counts.unreadable} unreadable",
        f"  {counts.distinct} people: {counts.internal} internal, {counts.external} external",
        f"  {message.exposure.sentence}",
        *(f"  {sign.header}: {sign.value}. {sign.meaning}" for sign in message.sending_signs),
        *(f"  unreadable: {one.raw}. {one.reason}" for one in message.unreadable),
        *(f"  ! {problem}" for problem in message.problems),
    ]
    return "\n".join(lines)
