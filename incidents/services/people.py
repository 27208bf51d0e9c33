"""Taking the list of people out of the house: a right of its own, on record, and an alarm where it is much."""

from collections.abc import Iterator
import csv
import io
from uuid import UUID

from breachcase.accounts.actor import Actor
from incidents.access import Action
from incidents.models import DataSubject, Reading
from incidents.queries.people import opened
from incidents.services.change import change
from incidents.services.reading import record_reading

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export_people(actor: Actor, incident_id: UUID) -> int:
    """
    Allow an export of everybody on the case, and put it on record before the first line leaves (I13).

    Checks: a DPO who is not implicated. Records: ``export_people`` with the number of rows, and a line of the read
    log, which alarms the DPOs where it is unusually much. Returns the number of rows.

    :raises Refused: the actor may not.
    """
    with change(actor, Action.EXPORT_PEOPLE, incident_id) as under:
        rows = under.incident.data_subjects.count()
        under.recorder.entry(incident_id, {"rows": rows})
    record_reading(
        actor, incident_id, Action.EXPORT_PEOPLE, what=Reading.What.EXPORT, subject_id=incident_id, rows=max(1, rows)
    )
    return rows


def csv_lines(incident_id: UUID, rows: int) -> Iterator[str]:
    """Yield the lines of the export, at most ``rows`` people; cells that a spreadsheet could run are defused."""
    yield _line(["number", "name", "e-mail", "own domain"])
    people = DataSubject.objects.filter(incident_id=incident_id).order_by("number")[:rows]
    for person in opened(incident_id, people):
        yield _line([str(person.number), person.name, person.email, "yes" if person.internal else "no"])


def _line(cells: list[str]) -> str:
    target = io.StringIO()
    csv.writer(target).writerow(defused(cell) for cell in cells)
    return target.getvalue()


def defused(cell: str) -> str:
    """
    Return ``cell`` so that no spreadsheet takes it for a formula.

    >>> defused("=1+1"), defused("Amira")
    ("'=1+1", 'Amira')
    """
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
