"""Inviting, joining with an invitation, and taking one back. Each act leaves a ledger entry."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
import secrets
from uuid import UUID
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from breachcase.accounts.actor import WORKER, Actor
from breachcase.accounts.models import Invitation, Organisation, Person
from breachcase.accounts.roles import Role
from breachcase.accounts.services import administrators_of, give_role, holds, one_at_a_time, require_administrator
from breachcase.errors import RuleBroken
from breachcase.ledger.recording import Recorder, recording

INVITATION_LASTS = timedelta(days=7)


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
        if _running_for(organisation_id, email).exists():
            raise RuleBroken("This address has an invitation that is still good.", field="email")
        return _write_invitation(recorder, email=email, name=name, roles=roles)


def invite_first_administrator(organisation: Organisation, *, email: str, name: str) -> tuple[Invitation, str]:
    """
    Invite the first administrator; done by whoever runs the server, again where the link was lost.

    Checks: the organisation has no administrator. Earlier invitations of the address become useless.
    Records: ``invite`` and, for each earlier one, ``withdraw_invitation``.

    :raises RuleBroken: somebody administers the organisation already.
    """
    with recording(WORKER, "invite", chain_id=organisation.pk) as recorder:
        one_at_a_time(organisation.pk)
        if administrators_of(organisation.pk).exists():
            raise RuleBroken(f"{organisation.name} has an administrator, who invites everybody else.")
        for earlier in _running_for(organisation.pk, email).select_for_update(no_key=True):
            earlier.revoked_at = timezone.now()
            earlier.save(update_fields=["revoked_at"])
            recorder.entry(earlier.id, {}, action="withdraw_invitation")
        return _write_invitation(recorder, email=email, name=name, roles=[Role.ADMINISTRATOR])


def _running_for(organisation_id: UUID, email: str) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        organisation_id=organisation_id,
        email__iexact=email,
        accepted_at=None,
        revoked_at=None,
        expires_at__gt=timezone.now(),
    )


def _write_invitation(recorder: Recorder, *, email: str, name: str, roles: Sequence[Role]) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    invitation = Invitation.objects.create(
        organisation_id=recorder.chain_id,
        email=email.lower(),
        name=name.strip(),
        roles=[role.value for role in roles],
        token_sha256=_hash(token),
        invited_by_id=recorder.actor.person_id,
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


def has_account(invitation: Invitation) -> bool:
    """Return whether the invited address signs in already; whoever holds the link must then do so first."""
    return Person.objects.filter(email__iexact=invitation.email).exists()


def accept_invitation(*, token: str, password: str, time_zone: str) -> Person:
    """
    Join with the token from the invitation and a password of one's own choice, which nobody else sees or sets.

    Checks: the token is good and unused; the address has no account; a strong password. Records:
    ``accept_invitation`` and each role.

    :raises RuleBroken: the invitation is used, withdrawn or too old, or the password is weak.
    """
    found = _good_invitation(token)
    if has_account(found):
        raise RuleBroken("This address has an account already. Sign in with it, then open the link again.")
    person = Person(email=found.email, name=found.name)
    with recording(Actor(person.id), "accept_invitation", chain_id=found.organisation_id) as recorder:
        invitation = _still_good(found)
        _set_first_password(person, password, time_zone)
        _join(recorder, invitation, person)
    return person


def accept_invitation_signed_in(actor: Actor, *, token: str) -> Person:
    """
    Join a further organisation with the account that one is signed in with; the link alone opens no account.

    Checks: the token is good and unused, and was sent to the actor's own address. Records: ``accept_invitation`` and
    each role that is new.

    :raises RuleBroken: the invitation is used, withdrawn or too old, or was sent to somebody else.
    """
    found = _good_invitation(token)
    with recording(actor, "accept_invitation", chain_id=found.organisation_id) as recorder:
        invitation = _still_good(found)
        person = Person.objects.get(pk=actor.person_id)
        if person.email.lower() != invitation.email.lower():
            raise RuleBroken("This invitation was sent to another address. Sign in with the account of that address.")
        _join(recorder, invitation, person)
    return person


def _good_invitation(token: str) -> Invitation:
    found = running_invitation(token)
    if found is None:
        raise RuleBroken("This invitation was used, withdrawn or is too old. Ask for a new one.")
    return found


def _still_good(found: Invitation) -> Invitation:
    """Return the invitation again, under its lock: it may have been used or withdrawn in between."""
    invitation = Invitation.objects.select_for_update(no_key=True).get(pk=found.pk)
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        raise RuleBroken("This invitation was used or withdrawn already.")
    return invitation


def _join(recorder: Recorder, invitation: Invitation, person: Person) -> None:
    invitation.accepted_at = timezone.now()
    invitation.accepted_by = person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    recorder.entry(invitation.id, {"person": str(person.id)})
    for role in invitation.roles:
        if not holds(invitation.organisation_id, person.id, Role(role)):
            give_role(recorder, invitation.organisation_id, person.id, Role(role))


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


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
