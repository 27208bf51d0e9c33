"""People, organisations and what the first are in the second. People are deactivated, never deleted."""

from typing import ClassVar
import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from breachcase.accounts.roles import Role
from breachcase.ledger.history import history


class PersonManager(BaseUserManager["Person"]):
    """Finds people by e-mail address in any case, as sign-in does."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """
    Somebody who works with BreachCase; never a data subject.

    Signing in writes here without anybody's act behind it, so this table needs no actor; what an act changes about a
    person (name, address, being active) stands in the ledger.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="UTC", help_text="IANA name; times on pages are shown in it")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True, help_text="UTC")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name_plural = "people"
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """Return the name; libraries ask for it under Django's word."""
        return self.name


class Organisation(models.Model):
    """The controller (or processor) whose breaches are handled, and the facts about it that the law asks for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, unique=True)
    address = models.TextField(blank=True)
    time_zone = models.CharField(
        max_length=64, default="Europe/London", help_text="IANA name; periods are counted in it"
    )
    established_in = models.JSONField(default=list, help_text="ISO 3166 codes, e.g. ['GB', 'IE']")
    own_domains = models.JSONField(default=list, help_text="Mail domains that are the organisation's own")
    contact_email = models.EmailField(help_text="Where data subjects and authorities can write")
    contact_phone = models.CharField(max_length=40, blank=True)
    history = history()

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """A role given to a person in an organisation, until it is taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="role_grants")
    person = models.ForeignKey(Person, models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=20, choices=Role)
    granted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(help_text="UTC")
    revoked_at = models.DateTimeField(null=True, help_text="UTC")
    history = history()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person", "role"],
                condition=models.Q(revoked_at=None),
                name="role_granted_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()}"


class Delegation(models.Model):
    """A role lent to a named colleague for a time; each use of it is shown as "B for A"."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="delegations")
    lender = models.ForeignKey(Person, models.PROTECT, related_name="lent")
    borrower = models.ForeignKey(Person, models.PROTECT, related_name="borrowed")
    role = models.CharField(max_length=20, choices=Role)
    reasons = models.TextField()
    starts_at = models.DateTimeField(help_text="UTC")
    ends_at = models.DateTimeField(help_text="UTC")
    revoked_at = models.DateTimeField(null=True, help_text="UTC")
    history = history()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="delegation_ends_later"
            ),
            models.CheckConstraint(condition=~models.Q(lender=models.F("borrower")), name="delegation_needs_two"),
        ]

    def __str__(self) -> str:
        return f"{self.borrower} for {self.lender} ({self.get_role_display()})"


class Invitation(models.Model):
    """An address that may join an organisation with given roles; only the hash of its token is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    email = models.EmailField()
    name = models.CharField(max_length=200)
    roles = models.JSONField(default=list)
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(help_text="UTC")
    expires_at = models.DateTimeField(help_text="UTC")
    accepted_at = models.DateTimeField(null=True, help_text="UTC")
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, help_text="UTC")
    history = history(excluded_fields=["token_sha256"])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, accepted_by=None)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation}"
