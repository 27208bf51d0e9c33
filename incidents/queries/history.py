"""The record of a case in plain words, act by act, from the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
import json
from typing import Any
from uuid import UUID

from breachcase.accounts.models import Person
from breachcase.ledger.models import Entry
from incidents.law.library import library
from incidents.models import Incident, Question

PAGE_ROWS = 50

SENTENCES: dict[str, str] = {
    "log_breach": "opened the case",
    "admit_member": "let {person} into the case",
    "remove_member": "showed {person} out of the case",
    "add_evidence": "added evidence item E{number}",
    "list_data_subjects": "listed {new} data subjects from a message ({unreadable} addresses could not be read)",
    "edit_facts": "wrote down facts: {changed}",
    "record_attribution": "recorded who did it ({kind}, {certainty})",
    "record_involvement": "recorded the involvement of {person}: {kind}",
    "withdraw_involvement": "took back the involvement of {person}",
    "add_statement": "put a statement on file",
    "record_awareness": "recorded awareness",
    "derive_obligation": "the obligation {rule} is now {state}",
    "fulfil_obligation": "fulfilled the obligation {rule}",
    "give_advice": "advised on {question}: {affirmative}",
    "record_decision": "decided on {question}: {affirmative}",
    "close_incident": "closed the case",
    "reopen_incident": "opened the case again",
    "add_measure": "added a {kind} measure",
    "complete_measure": "marked a measure as done",
    "drop_measure": "decided not to carry out a measure",
    "write_wording": "wrote version {version} of a wording",
    "ask_for_approval": "asked for approval of version {version}",
    "approve_wording": "approved version {version} of a wording",
    "send_back_wording": "sent version {version} of a wording back",
    "prepare_dispatch": "prepared {messages} messages",
    "run_dispatch": "started or resumed sending",
    "stop_dispatch": "halted sending: {state}",
    "finish_dispatch": "all messages of a dispatch were dealt with: {sent} sent",
    "resolve_doubt": "decided about a delivery in doubt",
    "prepare_report": "prepared the {phase} report to the authority",
    "sign_off_report": "signed off a report",
    "render_report": "downloaded a report",
    "record_filing": "recorded the filing of a report",
    "export_people": "exported {rows} data subjects",
    "refuse_attempt": "was refused: {attempted}",
}


@dataclass(frozen=True, slots=True)
class Act:
    """One entry of the ledger, said so that anybody understands it."""

    sequence: int
    at: datetime
    who: str
    sentence: str
    action: str
    sha256: str
    details: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class River:
    """A page of acts, newest first, with what one can filter by."""

    acts: list[Act]
    older: int | None
    people: list[tuple[str, str]]
    actions: list[tuple[str, str]]


def river(incident: Incident, *, person: str = "", action: str = "", before: int | None = None) -> River:
    """
    Return a page of the case's record, filtered by person and kind of act; a constant number of queries.

    It goes by the chain, which each entry's hash covers, so that no entry can be hidden without a trace.
    """
    entries = Entry.objects.filter(chain_id=incident.pk)
    actors = list(entries.order_by("actor_id").values_list("actor_id", flat=True).distinct())
    actions = list(entries.order_by("action").values_list("action", flat=True).distinct())
    if (asked := _uuid(person)) is not None:
        entries = entries.filter(actor_id=asked)
    if action:
        entries = entries.filter(action=action) if action in actions else entries.none()
    if before is not None:
        entries = entries.filter(sequence__lt=before)
    found = list(entries.order_by("-sequence")[: PAGE_ROWS + 1])
    page = found[:PAGE_ROWS]
    names = _names(page, actors)
    return River(
        acts=[_act(entry, names) for entry in page],
        older=page[-1].sequence if len(found) > PAGE_ROWS else None,
        people=sorted(((str(one), names.get(one, "somebody")) for one in actors), key=lambda pair: pair[1]),
        actions=[(one, one.replace("_", " ")) for one in actions],
    )


def latest(incident: Incident, *, limit: int = 6) -> list[Act]:
    """Return the newest acts, without the duties that the library derived by itself."""
    entries = Entry.objects.filter(chain_id=incident.pk).exclude(action="derive_obligation")
    page = list(entries.order_by("-sequence")[:limit])
    names = _names(page, [])
    return [_act(entry, names) for entry in page]


def _act(entry: Entry, names: dict[UUID, str]) -> Act:
    payload: dict[str, Any] = json.loads(entry.payload)
    said = {name: _in_words(name, value) or _said(value, names) for name, value in payload.items()}
    who = names.get(entry.actor_id, "Somebody")
    if entry.on_behalf_of_id:
        who = f"{who} for {names.get(entry.on_behalf_of_id, 'somebody')}"
    sentence = SENTENCES.get(entry.action, entry.action.replace("_", " "))
    return Act(
        sequence=entry.sequence,
        at=entry.recorded_at,
        who=who,
        sentence=sentence.format_map(_Blanks(said)),
        action=entry.action,
        sha256=entry.sha256,
        details=[(name.replace("_", " "), value) for name, value in sorted(said.items()) if value != "–"],
    )


class _Blanks(dict[str, str]):
    """Lets a sentence stand though an older entry lacks one of its values."""

    def __missing__(self, key: str) -> str:
        return "0" if key in ("sent", "new", "unreadable") else "–"


def _in_words(name: str, value: object) -> str:
    """Say a code of the library or of the questions as a page says it; nothing for what is no code."""
    if name == "rule" and isinstance(value, str):
        known = {rule.id: rule.title for rule in library().rules}
        return f"“{known.get(value, value)}”"
    if name == "question" and isinstance(value, str):
        labels = dict(Question.choices)
        return f"“{labels.get(value, value)}”"
    return ""


def _said(value: object, names: dict[UUID, str]) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    person = _uuid(value) if isinstance(value, str) else None
    if person is not None and person in names:
        return names[person]
    return str(value).replace("_", " ")


def _names(entries: Iterable[Entry], more: Iterable[UUID]) -> dict[UUID, str]:
    ids = set(more)
    for entry in entries:
        ids |= {entry.actor_id, entry.on_behalf_of_id or entry.actor_id}
        named = json.loads(entry.payload).get("person")
        if isinstance(named, str) and (found := _uuid(named)):
            ids.add(found)
    return {
        pk: name or email for pk, name, email in Person.objects.filter(pk__in=ids).values_list("pk", "name", "email")
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
