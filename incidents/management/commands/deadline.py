from argparse import ArgumentParser
from datetime import UTC, datetime
import json
import sys
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management import BaseCommand

from incidents.law.calendars import Calendar, UnknownCalendar
from incidents.law.counts import Circumstances
from incidents.law.deadline import Answer, deadline, default_calendar
from incidents.law.library import library
from incidents.law.starts import BadStart, read_start

REFUSED = 2


class Command(BaseCommand):
    """Print one deadline of one rule, in each reading, with the steps of the count; no database is needed."""

    help = "Count a rule's deadline from a start, and explain each step."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rule", metavar="RULE", help="a rule's id in the law library, such as eu-gdpr-33-1")
        parser.add_argument("--start", required=True, metavar="ISO8601", help="the instant or day from which it runs")
        parser.add_argument("--timezone", required=True, metavar="ZONE", help="where the clock hangs: Europe/Paris")
        parser.add_argument("--calendar", metavar="CODE", help="whose holidays count: FR, US-CA, GB-EAW or NONE")
        parser.add_argument("--awareness", metavar="ISO8601", help="when the entity became aware (DORA)")
        parser.add_argument("--classification", metavar="ISO8601", help="when it was classified as major (DORA)")
        parser.add_argument("--entity-class", metavar="NAME", help="the kind of entity: credit_institution, other …")
        parser.add_argument("--phase", default="", metavar="NAME", help="count this later phase of the rule instead")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_: object, json: bool, **said: str | None) -> None:
        try:
            answer = _answer(said)
        except (BadStart, UnknownCalendar) as error:
            answer = {"error": getattr(error, "code", "UNKNOWN_CALENDAR"), "message": str(error)}
        self.stdout.write(_as_json(answer) if json else _as_text(answer))
        if "error" in answer:
            sys.exit(REFUSED)


def _answer(said: dict[str, str | None]) -> Answer:
    zone, rule = _zone(said["timezone"] or ""), said["rule"] or ""
    code = said["calendar"]
    about = Circumstances(
        zone,
        Calendar(code) if code else default_calendar(library(), rule, zone),
        _instant(said["awareness"], zone),
        _instant(said["classification"], zone),
        said["entity_class"],
    )
    return deadline(library(), rule, read_start(said["start"] or "", zone), about, phase=said["phase"] or "")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadStart(f"There is no time zone {name!r}. Name one as in Europe/Paris.") from error


def _instant(text: str | None, zone: ZoneInfo) -> datetime | None:
    if text is None:
        return None
    moment = read_start(text, zone)
    if not isinstance(moment, datetime):
        raise BadStart(f"{text!r} is a day; this needs the time too, as in 2026-11-17T09:00:00+01:00.")
    return moment.astimezone(UTC)


def _as_json(answer: Answer) -> str:
    return json.dumps(answer, indent=2)


def _as_text(answer: Answer) -> str:
    if "error" in answer:
        return str(answer["message"])
    steps = answer["steps"]
    due = answer["binding_display"] or "no fixed time"
    lines = [f"{answer['rule']} ({answer['article']}): {due}", *(steps if isinstance(steps, list) else [])]
    return "\n".join(str(line) for line in lines)
