"""What is known about a breach, and keeping two people from overwriting each other."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.errors import RuleBroken, Stale
from incidents.access import Action
from incidents.models import Incident
from incidents.services.change import change
from incidents.services.obligations import refresh_obligations

TITLE_MAX_CHARS = 200
Facts = Mapping[str, object]


def edit_facts(
    actor: Actor,
    incident_id: UUID,
    *,
    version: int,
    title: str,
    narrative: str,
    noticed_at: datetime | None,
    facts: Facts,
) -> Incident:
    """
    Write down what is known about the breach.

    ``version``: the one that the form was filled from; ``facts``: the vocabulary of the law library, where what is
    left out is unknown. Checks: a handler or DPO who is not implicated (I5); nobody wrote meanwhile.
    Records: ``edit_facts`` with the names of the fields that changed, never their words; obligations that follow.

    :raises Refused: the actor may not.   :raises RuleBroken: title or moment does not hold.
    :raises Stale: somebody else wrote meanwhile.
    """
    with change(actor, Action.EDIT_FACTS, incident_id) as under:
        incident = under.incident
        if incident.version != version:
            raise Stale("Somebody else wrote down facts while you were typing. Both versions are shown below.")
        new = {
            "title": clean_title(title),
            "narrative": narrative.strip(),
            "noticed_at": clean_noticed_at(noticed_at),
            "facts": dict(facts),
        }
        changed = sorted(name for name, value in new.items() if getattr(incident, name) != value)
        if not changed:
            raise RuleBroken("Nothing was changed.")
        for name in changed:
            setattr(incident, name, new[name])
        incident.version += 1
        incident.save(update_fields=[*changed, "version"])
        under.recorder.entry(incident.id, {"changed": changed, "version": incident.version})
        refresh_obligations(under)
        return incident


def clean_title(title: str) -> str:
    """
    Return the title on one line.

    :raises RuleBroken: it is empty, too long, or holds characters that cannot be shown.
    """
    text = " ".join(title.split())
    if not text:
        raise RuleBroken("Say in one sentence what happened.", field="title")
    if len(text) > TITLE_MAX_CHARS:
        raise RuleBroken(f"This is longer than {TITLE_MAX_CHARS} characters; the rest belongs below.", field="title")
    if not text.isprintable():
        raise RuleBroken("There is a character in it that cannot be shown. Type the sentence anew.", field="title")
    return text


def clean_noticed_at(noticed_at: datetime | None) -> datetime | None:
    """
    Return the moment [instant] at which somebody first noticed, or None where that is not known.

    :raises RuleBroken: it lies in the future.
    """
    if noticed_at is not None and noticed_at > timezone.now():
        raise RuleBroken("This moment has not come yet.", field="noticed_at")
    return noticed_at
