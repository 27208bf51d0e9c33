"""Organisations, their people and roles: who belongs. Each act leaves a ledger entry."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
import secrets
from uuid import UUID
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from breachcase.accounts.actor import WORKER, Actor
from breachcase.accounts.models import Invitation, Organisation, Person, RoleGrant
from breachcase.accounts.roles import Role
from breachcase.errors import Refused, RuleBroken
from breachcase.ledger.recording import Recorder, recording

INVITATION_LASTS = timedelta(days=7)


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
            _grant(recorder, organisation.id, person.id, role)
    return person


def invite(
    actor: Actor, organisation_id: UUID, *, email: str, name: str, roles: Sequence[Role]
) -> tuple[Invitation, str]:
    """
    Invite somebody by e-mail; return the invitation and its token, which is shown once and never stored.

    Checks: an administrator; at least one role; no running invitation for the address. Records: ``invite``.

    :raises Refused: the actor is no administrator.   :raises RuleBroken: address, name or roles do not hold.
    """
    with recording(actor, "invite", chain_id=organisation_id) as recorder:
        require_administrator(actor, organisation_id)
        if not roles:
            raise RuleBroken("Choose at least one role.", field="roles")
        if not name.strip():
            raise RuleBroken("Say who it is: their name is shown wherever they act.", field="name")
        now = timezone.now()
        running = Invitation.objects.filter(
            organisation_id=organisation_id, email__iexact=email, accepted_at=None, revoked_at=None, expires_at__gt=now
        )
        if running.exists():
            raise RuleBroken("This address has an invitation that is still good.", field="email")
        token = secrets.token_urlsafe(32)
        invitation = Invitation.objects.create(
            organisation_id=organisation_id,
            email=email.lower(),
            name=name.strip(),
            roles=[role.value for role in roles],
            token_sha256=_hash(token),
            invited_by_id=actor.person_id,
            invited_at=now,
            expires_at=now + INVITATION_LASTS,
        )
        recorder.entry(invitation.id, {"roles": [role.value for role in roles]})
        return invitation, token


def running_invitation(token: str) -> Invitation | None:
    """Return the invitation that this token opens, if it is still good."""
    return (
        Invitation.objects.filter(
            token_sha256=_hash(token), accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
        )
        .select_related("organisation")
        .first()
    )


def accept_invitation(*, token: str, password: str, time_zone: str) -> Person:
    """
    Join with the token from the invitation and a password of one's own choice, which nobody else sees or sets.

    Checks: the token is good and unused; a strong password. Records: ``accept_invitation`` and each role.

    :raises RuleBroken: the invitation is used, withdrawn or too old, or the password is weak.
    """
    found = running_invitation(token)
    if found is None:
        raise RuleBroken("This invitation was used, withdrawn or is too old. Ask for a new one.")
    person = Person.objects.filter(email__iexact=found.email).first() or Person(email=found.email, name=found.name)
    actor = Actor(person.id)
    with recording(actor, "accept_invitation", chain_id=found.organisation_id) as recorder:
        invitation = Invitation.objects.select_for_update(no_key=True).get(pk=found.pk)
        if invitation.accepted_at is not None:
            raise RuleBroken("This invitation was used already. Sign in instead.")
        if person._state.adding:  # noqa: SLF001 - Django's documented way to tell a new row
            _set_first_password(person, password, time_zone)
        invitation.accepted_at = timezone.now()
        invitation.accepted_by = person
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        recorder.entry(invitation.id, {"person": str(person.id)})
        for role in invitation.roles:
            _grant(recorder, invitation.organisation_id, person.id, Role(role))
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
        return _grant(recorder, organisation_id, person_id, role)


def revoke_role(actor: Actor, organisation_id: UUID, *, person_id: UUID, role: Role) -> RoleGrant:
    """
    Take a role back.

    Checks: an administrator; the last administrator stays. Records: ``revoke_role``.

    :raises Refused: the actor is no administrator.   :raises RuleBroken: no such role, or the last administrator.
    """
    with recording(actor, "revoke_role", chain_id=organisation_id) as recorder:
        require_administrator(actor, organisation_id)
        grants = RoleGrant.objects.select_for_update(no_key=True).filter(
            organisation_id=organisation_id, role=role, revoked_at=None
        )
        held = list(grants.order_by("id"))
        grant = next((row for row in held if row.person_id == person_id), None)
        if grant is None:
            raise RuleBroken("This person does not have this role.", field="person")
        if role == Role.ADMINISTRATOR and len(held) == 1:
            raise RuleBroken("This is the last administrator. Make another one first.", field="person")
        grant.revoked_at = timezone.now()
        grant.save(update_fields=["revoked_at"])
        recorder.entry(grant.id, {"person": str(person_id), "role": role.value})
        return grant


def _grant(recorder: Recorder, organisation_id: UUID, person_id: UUID, role: Role) -> RoleGrant:
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


def _set_first_password(person: Person, password: str, time_zone: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise RuleBroken(" ".join(error.messages), field="password") from error
    if time_zone not in available_timezones():
        raise RuleBroken("Choose a time zone from the list.", field="time_zone")
    person.time_zone = time_zone
    person.set_password(password)
    person.save(force_insert=True)


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


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


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

    Checks: an administrator, not themselves. Records: ``deactivate_person``. Their sessions end with the next request.

    :raises Refused: the actor is no administrator.   :raises RuleBroken: it is themselves, or somebody elsewhere.
    """
    with recording(actor, "deactivate_person", chain_id=organisation_id) as recorder:
        require_administrator(actor, organisation_id)
        if person_id == actor.person_id:
            raise RuleBroken("Nobody closes their own account. Ask another administrator.", field="person")
        require_colleague(organisation_id, person_id)
        person = Person.objects.select_for_update(no_key=True).get(pk=person_id)
        person.is_active = False
        person.save(update_fields=["is_active"])
        recorder.entry(person.id, {})
        return person


def withdraw_invitation(actor: Actor, organisation_id: UUID, *, invitation_id: UUID) -> Invitation:
    """
    Make an invitation useless. Checks: an administrator. Records: ``withdraw_invitation``.

    :raises Refused: the actor is no administrator.   :raises RuleBroken: there is none that could still be used.
    """
    with recording(actor, "withdraw_invitation", chain_id=organisation_id) as recorder:
        require_administrator(actor, organisation_id)
        row = (
            Invitation.objects.select_for_update(no_key=True)
            .filter(pk=invitation_id, organisation_id=organisation_id, accepted_at=None, revoked_at=None)
            .first()
        )
        if row is None:
            raise RuleBroken("This invitation was used or withdrawn already.")
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        recorder.entry(row.id, {})
        return row
