"""Organisations, their people and roles: who belongs. Each act leaves a ledger entry."""

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import available_timezones

from django.db.models import QuerySet
from django.utils import timezone

from breachcase.accounts.actor import WORKER, Actor
from breachcase.accounts.models import Organisation, Person, RoleGrant
from breachcase.accounts.roles import Role
from breachcase.errors import Refused, RuleBroken
from breachcase.ledger.recording import Recorder, recording


def found_organisation(
    *,
    name: str,
    address: str,
    time_zone: str,
    established_in: Sequence[str],
    own_domains: Sequence[str],
    contact_email: str,
    contact_phone: str = "",
) -> Organisation:
    """Write down an organisation; done by whoever runs the server. Records: ``found_organisation``."""
    organisation = Organisation(
        name=name,
        address=address,
        time_zone=time_zone,
        established_in=list(established_in),
        own_domains=[domain.lower() for domain in own_domains],
        contact_email=contact_email,
        contact_phone=contact_phone,
    )
    with recording(WORKER, "found_organisation", chain_id=organisation.id) as recorder:
        organisation.save(force_insert=True)
        recorder.entry(organisation.id, {"established_in": list(established_in)})
    return organisation


def found_person(
    organisation: Organisation, *, email: str, name: str, roles: Sequence[Role], time_zone: str
) -> Person:
    """
    Make a person with roles without an invitation: the first administrator, or the demonstration's people.

    They have no password until they set one. Records: ``grant_role`` for each role.
    """
    with recording(WORKER, "found_person", chain_id=organisation.id) as recorder:
        person = Person(email=email.lower(), name=name, time_zone=time_zone)
        person.set_unusable_password()
        person.save(force_insert=True)
        recorder.entry(person.id, {"roles": [role.value for role in roles]})
        for role in roles:
            give_role(recorder, organisation.id, person.id, role)
    return person


def grant_role(actor: Actor, organisation_id: UUID, *, person_id: UUID, role: Role) -> RoleGrant:
    """
    Give a person of the organisation a further role.

    Checks: an administrator, and not to themselves. Records: ``grant_role``.

    :raises Refused: the actor is no administrator.   :raises RuleBroken: it is for themselves, or given already.
    """
    with recording(actor, "grant_role", chain_id=organisation_id) as recorder:
        require_administrator(actor, organisation_id)
        if person_id == actor.person_id:
            raise RuleBroken("Nobody gives themselves a role. Ask another administrator.", field="person")
        require_colleague(organisation_id, person_id)
        return give_role(recorder, organisation_id, person_id, role)


def revoke_role(actor: Actor, organisation_id: UUID, *, person_id: UUID, role: Role) -> RoleGrant:
    """
    Take a role back.

    Checks: an administrator; the last administrator stays. Records: ``revoke_role``.

    :raises Refused: the actor is no administrator.   :raises RuleBroken: no such role, or the last administrator.
    """
    with recording(actor, "revoke_role", chain_id=organisation_id) as recorder:
        one_at_a_time(organisation_id)
        require_administrator(actor, organisation_id)
        grant = RoleGrant.objects.filter(
            organisation_id=organisation_id, person_id=person_id, role=role, revoked_at=None
        ).first()
        if grant is None:
            raise RuleBroken("This person does not have this role.", field="person")
        others = administrators_of(organisation_id).exclude(person_id=person_id)
        if role == Role.ADMINISTRATOR and not others.exists():
            raise RuleBroken("This is the last administrator. Make another one first.", field="person")
        grant.revoked_at = timezone.now()
        grant.save(update_fields=["revoked_at"])
        recorder.entry(grant.id, {"person": str(person_id), "role": role.value})
        return grant


def one_at_a_time(organisation_id: UUID) -> None:
    """Lock the organisation: two administrators who take each other's role at once must not both succeed."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)


def administrators_of(organisation_id: UUID) -> QuerySet[RoleGrant]:
    """Return who can administer the organisation; a closed account cannot."""
    return RoleGrant.objects.filter(
        organisation_id=organisation_id, role=Role.ADMINISTRATOR, revoked_at=None, person__is_active=True
    )


def give_role(recorder: Recorder, organisation_id: UUID, person_id: UUID, role: Role) -> RoleGrant:
    """
    Give a role within an open change. Records: ``grant_role``.

    :raises RuleBroken: it is given already.
    """
    if holds(organisation_id, person_id, role):
        raise RuleBroken("This person has this role already.", field="role")
    grant = RoleGrant.objects.create(
        organisation_id=organisation_id,
        person_id=person_id,
        role=role,
        granted_by_id=recorder.actor.person_id,
        granted_at=timezone.now(),
    )
    recorder.entry(grant.id, {"person": str(person_id), "role": role.value}, action="grant_role")
    return grant


def require_administrator(actor: Actor, organisation_id: UUID) -> None:
    """
    Insist that ``actor`` administers the organisation.

    :raises Refused: they do not.
    """
    if not holds(organisation_id, actor.person_id, Role.ADMINISTRATOR):
        raise Refused("This is open to administrators.", admitted=False)


def require_colleague(organisation_id: UUID, person_id: UUID) -> None:
    """
    Insist that the person belongs to the organisation.

    :raises RuleBroken: they do not.
    """
    if not RoleGrant.objects.filter(
        organisation_id=organisation_id, person_id=person_id, person__is_active=True, revoked_at=None
    ).exists():
        raise RuleBroken("Choose somebody of your organisation.", field="person")


def holds(organisation_id: UUID, person_id: UUID, role: Role) -> bool:
    """Return whether the person holds the role in the organisation now."""
    return RoleGrant.objects.filter(
        organisation_id=organisation_id, person_id=person_id, role=role, revoked_at=None, person__is_active=True
    ).exists()


def change_profile(actor: Actor, organisation_id: UUID, *, name: str, time_zone: str) -> Person:
    """
    Change one's own name and time zone. Records: ``change_profile`` with the names of the fields.

    :raises RuleBroken: no name, or an unknown zone.
    """
    with recording(actor, "change_profile", chain_id=organisation_id) as recorder:
        if not name.strip():
            raise RuleBroken("Your name is shown wherever you act; it cannot be empty.", field="name")
        if time_zone not in available_timezones():
            raise RuleBroken("Choose a time zone from the list.", field="time_zone")
        person = Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)
        changed = [
            field for field, new in (("name", name.strip()), ("time_zone", time_zone)) if getattr(person, field) != new
        ]
        person.name, person.time_zone = name.strip(), time_zone
        person.save(update_fields=["name", "time_zone"])
        recorder.entry(person.id, {"changed": changed})
        return person


def deactivate_person(actor: Actor, organisation_id: UUID, *, person_id: UUID) -> Person:
    """
    Close a person's account: they cannot sign in any more, and what they did stays.

    Checks: an administrator, not themselves; nobody who works for another organisation as well. Records:
    ``deactivate_person``. Their sessions end with the next request.

    :raises Refused: the actor is no administrator.   :raises RuleBroken: it is themselves, or somebody elsewhere.
    """
    with recording(actor, "deactivate_person", chain_id=organisation_id) as recorder:
        one_at_a_time(organisation_id)
        require_administrator(actor, organisation_id)
        if person_id == actor.person_id:
            raise RuleBroken("Nobody closes their own account. Ask another administrator.", field="person")
        require_colleague(organisation_id, person_id)
        if RoleGrant.objects.filter(person_id=person_id, revoked_at=None).exclude(organisation_id=organisation_id):
            raise RuleBroken(
                "They work for another organisation too. Take back their roles here instead.", field="person"
            )
        person = Person.objects.select_for_update(no_key=True).get(pk=person_id)
        person.is_active = False
        person.save(update_fields=["is_active"])
        recorder.entry(person.id, {})
        return person
