"""A snapshot laid out as an authority asks: sections, questions, answers, and what is not known yet. PURE."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from notifications.reports.snapshot import Snapshot

NOT_YET = "Not yet known. It will follow without undue further delay (Article 33(4))."


@dataclass(frozen=True, slots=True)
class Answer:
    """One question with its answer; ``source`` says where the answer comes from, ``known`` whether there is one."""

    question: str
    lines: tuple[str, ...]
    source: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    answers: tuple[Answer, ...]


def sections(snapshot: Snapshot) -> tuple[Section, ...]:
    """Return the report's sections, in the order of the EDPB's common template; the same for page and PDF."""
    zone = ZoneInfo(snapshot["report"]["zone"])
    return (
        Section("notification", "About this notification", _notification(snapshot, zone)),
        Section("controller", "The controller and whom to ask", _controller(snapshot)),
        Section("timeline", "Timeline", _timeline(snapshot, zone)),
        Section("nature", "What happened", _nature(snapshot)),
        Section("people", "The people concerned", _people(snapshot)),
        Section("data", "The data concerned", _data(snapshot)),
        Section("consequences", "Likely consequences", _consequences(snapshot)),
        Section("measures", "Measures", _measures(snapshot, zone)),
        Section("telling", "Telling the people concerned", _telling(snapshot, zone)),
        Section("decisions", "Decisions and advice", _decisions(snapshot, zone)),
        Section("missing", "What is not yet known", _missing(snapshot)),
    )


def said(moment: str | None, zone: ZoneInfo) -> str:
    """
    Say a moment with its offset and zone.

    >>> said("2026-11-23T09:00:00+00:00", ZoneInfo("Europe/Paris"))
    'Monday 23 November 2026, 10:00 (UTC+01:00, Europe/Paris)'
    """
    if moment is None:
        return ""
    local = datetime.fromisoformat(moment).astimezone(zone)
    offset = local.strftime("%z")
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} (UTC{offset[:3]}:{offset[3:]}, {zone.key})"


def _answer(question: str, text: str | list[str], source: str) -> Answer:
    lines = tuple(line for line in ([text] if isinstance(text, str) else text) if line)
    return Answer(question, lines or (NOT_YET,), source, known=bool(lines))


def _codes(codes: list[str]) -> str:
    return ", ".join(code.replace("e_mail", "e-mail").replace("_", " ") for code in codes)


def _notification(snapshot: Snapshot, zone: ZoneInfo) -> tuple[Answer, ...]:
    report = snapshot["report"]
    due = said(report["due_at"], zone)
    phase = {"initial": "Initial notification", "supplementary": "Further information", "final": "Final report"}
    follows = f" It follows the report with SHA-256 {report['previous_sha256']}." if report["previous_sha256"] else ""
    return (
        _answer("To", report["authority"], "law library"),
        _answer("Under", report["law"], "law library"),
        _answer("Kind", f"{phase[report['phase']]}, number {report['number']}.{follows}", "report"),
        _answer("Our reference", report["reference"], "case"),
        _answer("As known at", said(report["as_of"], zone), "snapshot"),
        Answer("Due", (due or "No clock is running: awareness is not recorded.",), "clock", known=True),
        Answer("Reasons for delay", (snapshot["delay_reasons"] or "None: the notification is not late.",), "clock"),
    )


def _controller(snapshot: Snapshot) -> tuple[Answer, ...]:
    controller, contact = snapshot["controller"], snapshot["contact"]
    return (
        _answer("Controller", [controller["name"], controller["address"]], "organisation"),
        _answer("Established in", ", ".join(controller["established_in"]), "organisation"),
        _answer("Data protection officer", contact["officers"], "organisation"),
        _answer("Contact for more information", [contact["email"], contact["phone"]], "organisation"),
    )


def _timeline(snapshot: Snapshot, zone: ZoneInfo) -> tuple[Answer, ...]:
    timeline = snapshot["timeline"]
    aware = said(timeline["aware_at"], zone)
    return (
        _answer("First noticed", said(timeline["noticed_at"], zone), "facts"),
        _answer("Became aware", [aware, timeline["aware_reasons"]] if aware else [], "awareness"),
        _answer("Case opened", said(timeline["opened_at"], zone), "case"),
    )


def _nature(snapshot: Snapshot) -> tuple[Answer, ...]:
    nature = snapshot["nature"]
    return (
        _answer("In one sentence", nature["title"], "facts"),
        _answer("Nature of the breach", _codes(nature["types"]), "facts"),
        _answer("Cause", _codes([nature["cause"]] if nature["cause"] else []), "facts"),
        _answer("What happened", nature["narrative"].split("\n"), "facts"),
    )


def _people(snapshot: Snapshot) -> tuple[Answer, ...]:
    people = snapshot["people"]
    count = people["count"]
    number = "" if count is None else f"{'About ' if people['approximate'] else ''}{count:,}"
    unreadable = people["unreadable_addresses"]
    return (
        _answer("Number of data subjects", number, "people"),
        _answer("Categories of data subjects", _codes(people["kinds"]), "facts"),
        Answer("Addresses that could not be read", (f"{unreadable:,}",), "people"),
    )


def _data(snapshot: Snapshot) -> tuple[Answer, ...]:
    data = snapshot["data"]
    return (
        _answer("Categories of data", _codes(data["categories"]), "facts"),
        Answer("Given away by being on the list", (_codes(data["implied"]) or "Nothing recorded.",), "facts"),
        Answer("Special categories (Articles 9 and 10)", (_codes(data["special"]) or "None recorded.",), "facts"),
    )


def _consequences(snapshot: Snapshot) -> tuple[Answer, ...]:
    return (_answer("Likely consequences for the people", snapshot["consequences"].split("\n"), "facts"),)


def _measures(snapshot: Snapshot, zone: ZoneInfo) -> tuple[Answer, ...]:
    answers = [
        Answer(f"{measure['kind']}: {measure['title']}", _measure_lines(measure, zone), "measures")
        for measure in snapshot["measures"]
    ]
    return tuple(answers) or (_answer("Measures taken or proposed", "", "measures"),)


def _measure_lines(measure: Mapping[str, Any], zone: ZoneInfo) -> tuple[str, ...]:
    if measure["ended_at"]:
        return (f"{measure['state']}, {said(measure['ended_at'], zone)}.", measure["proof"])
    return (f"{measure['state']}, planned for {measure['due_on']}.",)


def _telling(snapshot: Snapshot, zone: ZoneInfo) -> tuple[Answer, ...]:
    telling = snapshot["telling"]
    decided = {None: "", True: "Yes, they are told.", False: "No. The reasons stand under decisions."}[
        telling["decided"]
    ]
    sent = [
        f"{one['sent']:,} of {one['of']:,} messages sent, one to each person, from {said(one['started_at'], zone)}. "
        f"SHA-256 of the approved wording: {one['wording_sha256']}."
        for one in telling["dispatches"]
        if one["started_at"]
    ]
    return (
        _answer("Are the people told?", decided, "decisions"),
        Answer("Messages", tuple(sent) or ("None has been sent yet.",), "dispatches"),
    )


def _decisions(snapshot: Snapshot, zone: ZoneInfo) -> tuple[Answer, ...]:
    answers = []
    for one in snapshot["decisions"]:
        lines = [f"{'Yes' if one['affirmative'] else 'No'}, {said(one['decided_at'], zone)}. {one['reasons']}"]
        if one["advice"] is not None:
            lines.append(
                f"Advice of the data protection officer: {'yes' if one['advice'] else 'no'}. {one['advice_reasons']}"
            )
        if one["departure_reasons"]:
            lines.append(f"Reasons for departing from the advice: {one['departure_reasons']}")
        answers.append(Answer(one["question"], tuple(lines), "decisions"))
    return tuple(answers) or (_answer("Decisions", "", "decisions"),)


def _missing(snapshot: Snapshot) -> tuple[Answer, ...]:
    found = tuple(Answer(one["field"], (one["why"],), "snapshot", known=False) for one in snapshot["missing"])
    return found or (Answer("Nothing", ("Every question above has an answer.",), "snapshot"),)
