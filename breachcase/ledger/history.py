"""Row history by django-simple-history, with the declared actor as its author."""

from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from simple_history.models import HistoricalRecords

from breachcase.accounts.actor import Actor

declared_actor: ContextVar[Actor | None] = ContextVar("declared_actor", default=None)
"""Set by ``recording.declared`` for the length of a change; the database holds the same in its session."""


def _actor_of_change(**_: object) -> Actor | None:
    return declared_actor.get()


def _write_actor(row: Any, actor: Actor | None) -> None:
    row.history_user_id = actor.person_id if actor else None


def _read_person(row: Any) -> models.Model | None:
    person_id: UUID | None = row.history_user_id
    return apps.get_model("accounts", "Person").objects.filter(pk=person_id).first() if person_id else None


def history(*, excluded_fields: list[str] | None = None) -> HistoricalRecords:
    """
    Return the history of a model: who changed which field when.

    The author is copied as an id, not linked, so that a history row never changes because another row does (I2).
    ``excluded_fields`` keeps sealed values, and whatever names a data subject, out of the history (I10).
    """
    return HistoricalRecords(
        history_user_id_field=models.UUIDField(null=True),
        history_user_getter=_read_person,
        history_user_setter=_write_actor,
        get_user=_actor_of_change,
        excluded_fields=excluded_fields or [],
        history_id_field=models.BigAutoField(),
    )
