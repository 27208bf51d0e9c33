"""The door of a case: who may come in, and what every page behind it needs to know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from breachcase.accounts.people import colleagues_in
from breachcase.errors import LedElsewhere, Refused
from breachcase.web.requests import SignedInRequest
from incidents.access import NO_SUCH_INCIDENT, Action, Standing, may
from incidents.models import Incident
from incidents.queries.frame import CaseFrame, case_frame
from incidents.queries.standing import known_to, standing_of, visible_to


@dataclass(frozen=True, slots=True)
class Case:
    """An incident that the person has been let into, and what they are to it."""

    incident: Incident
    standing: Standing
    room: str
    now: datetime

    @property
    def context(self) -> dict[str, Any]:
        """Return what base_case.html needs."""
        frame: CaseFrame = case_frame(self.incident, self.standing, self.room, self.now)
        return {"incident": self.incident, "case": frame, "now": self.now}

    def refusal(self, action: Action) -> str:
        """Return why the person may not do this, or nothing; the same answer that the service gives."""
        return may(action, self.standing).refusal

    @property
    def zones(self) -> tuple[str, ...]:
        """Return the zone in which the organisation counts, to be offered first."""
        return (self.incident.organisation.time_zone,)

    @property
    def colleagues(self) -> list[tuple[UUID, str]]:
        """Return the people of the organisation, to choose from."""
        return colleagues_in(self.incident.organisation_id)

    @property
    def evidence(self) -> list[tuple[UUID, str]]:
        """Return the case's evidence items, to choose from."""
        return [
            (item.pk, f"E{item.number} {item.description}") for item in self.incident.evidence_items.order_by("number")
        ]


def enter(request: SignedInRequest, incident_id: UUID, room: str, *, to: Action = Action.READ_REPORT) -> Case:
    """
    Return the case, if the person has been let into it and their role opens this room.

    :raises Http404: they have not been let in; the same answer as for no incident at all (I12).
    :raises LedElsewhere: they are kept out (I5), or only reported it; they have a page of their own.
    :raises Refused: the room is not for their role.
    """
    incident = visible_to(request.actor).select_related("organisation").filter(pk=incident_id).first()
    if incident is None:
        if known_to(request.actor).filter(pk=incident_id).exists():
            raise LedElsewhere(reverse("incidents:mine", args=[incident_id]))
        raise Http404(NO_SUCH_INCIDENT)
    standing = standing_of(request.actor, incident_id)
    verdict = may(to, standing)
    if not verdict.allowed:
        raise Refused(verdict.refusal, admitted=True)
    return Case(incident, standing, room, timezone.now())
