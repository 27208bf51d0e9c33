import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

from breachcase.ledger.history import history


class Incident(models.Model):
    """The case: one personal-data breach, from the first report to the closed file."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="incidents")
    reference = models.CharField(max_length=20, help_text="What people call it, e.g. BC-2026-0042")
    title = models.CharField(max_length=200)
    narrative = models.TextField(blank=True, help_text="What happened, in words that name no data subject")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    noticed_at = models.DateTimeField(null=True, help_text="UTC; when somebody here first noticed. Not awareness")
    facts = models.JSONField(default=dict, help_text="The facts of the breach, in the vocabulary of the law library")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(help_text="UTC")
    closed_at = models.DateTimeField(null=True, help_text="UTC")
    version = models.PositiveIntegerField(default=1, help_text="Counts edits, to notice two at once")
    search = models.GeneratedField(
        expression=SearchVector("reference", "title", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    history = history(excluded_fields=["search"])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "reference"], name="incident_reference_once"),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False) | models.Q(state="open", closed_at=None),
                name="incident_closed_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="incident_newest"),
            models.Index(fields=["opened_by", "-opened_at", "-id"], name="incident_newest_report"),
            GinIndex(fields=["search"], name="incident_search"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"


class ReferenceCount(models.Model):
    """The last case number given in one year by one organisation; its row is the lock for the next."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="reference_count_once")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Membership(models.Model):
    """A person let into an incident, until they are shown out again (I12)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    admitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    admitted_at = models.DateTimeField(help_text="UTC")
    left_at = models.DateTimeField(null=True, help_text="UTC")
    left_because = models.TextField(blank=True, help_text="Why they were shown out, in the words of who did it")
    history = history()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "incident"], condition=models.Q(left_at=None), name="membership_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.incident.reference}"


class Statement(models.Model):
    """What a person on the case, kept out or not, wants on file in their own words. Never edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="statements")
    text = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(help_text="UTC")

    def __str__(self) -> str:
        return f"Statement by {self.made_by}"
