"""What allauth asks us: nobody signs up by themselves, and who needs a second factor."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from breachcase.accounts.delegations import running_delegations
from breachcase.accounts.models import Person, RoleGrant
from breachcase.accounts.roles import NEEDS_SECOND_FACTOR


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """People join by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Return no: an account without an invitation would be nobody's."""
        return False


def lacks_second_factor(person: Person) -> bool:
    """Return whether this person holds, or has borrowed, a role that needs a second factor and has set none up."""
    from allauth.mfa.utils import is_mfa_enabled  # noqa: PLC0415 - its models load after ours

    if settings.DEMONSTRATION:
        return False
    held = RoleGrant.objects.filter(person=person, role__in=NEEDS_SECOND_FACTOR, revoked_at=None)
    borrowed = running_delegations(person.pk).filter(role__in=NEEDS_SECOND_FACTOR)
    return (held.exists() or borrowed.exists()) and not is_mfa_enabled(person, types=["totp", "webauthn"])
