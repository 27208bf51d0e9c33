"""What a person on the case, kept out or not, wants on file."""

from uuid import UUID

from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.errors import RuleBroken
from incidents.access import Action
from incidents.models import Statement
from incidents.services.change import change


def add_statement(actor: Actor, incident_id: UUID, *, text: str) -> Statement:
    """
    Put a statement on file, in the person's own words.

    Checks: a member of the case or its reporter, implicated or not. Records: ``add_statement``; the words stay in
    the row.

    :raises Refused: the actor has nothing to do with the case.   :raises RuleBroken: it is empty.
    """
    with change(actor, Action.ADD_STATEMENT, incident_id) as under:
        if not text.strip():
            raise RuleBroken("Write the statement before you put it on file.", field="text")
        statement = Statement.objects.create(
            incident=under.incident, text=text.strip(), made_by_id=actor.person_id, made_at=timezone.now()
        )
        under.recorder.entry(statement.id, {})
        return statement
