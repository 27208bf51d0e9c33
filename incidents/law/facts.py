"""What the engine is told: facts of an organisation and its case, and the instants from which periods run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from incidents.law.calendars import Calendar
from incidents.law.schema import Role, StartEvent


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What the engine needs to know of an organisation and its case; None is unknown, which is not "no".

    ``established_in``: countries ("GB", "FR", "US-CA"), the main one first. ``people_in``: how many people by country,
    with None for a country whose number is not known. ``serves``: countries to whose people it offers goods or
    services, or whom it monitors (GDPR Art. 3(2)). ``decisions``: what management has decided, question → yes or no.
    """

    established_in: tuple[str, ...]
    zone: ZoneInfo
    decisions: tuple[tuple[str, bool], ...] = ()
    role: Role = Role.CONTROLLER
    sectors: tuple[str, ...] | None = None
    people_in: Mapping[str, int | None] | None = None
    serves: tuple[str, ...] | None = None
    entity_class: str | None = None
    calendar: Calendar | None = None


@dataclass(frozen=True, slots=True)
class Starts:
    """
    The recorded instants from which periods run: by event, and for what follows on a report by the rule filed.

    ``at``: start event → instant. ``filed``: rule id → when that report went out.
    """

    at: Mapping[StartEvent, datetime] = field(default_factory=dict)
    filed: Mapping[str, datetime] = field(default_factory=dict)

    @classmethod
    def aware(cls, aware_at: datetime | None) -> "Starts":
        """
        Return the starts of a case of which only the awareness is recorded, or not even that.

        >>> Starts.aware(None).at
        {}
        """
        return cls({StartEvent.AWARENESS: aware_at} if aware_at else {})
