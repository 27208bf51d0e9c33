import uuid

from django.conf import settings
from django.db import models

from breachcase.ledger.history import history


class Obligation(models.Model):
    """A duty under one rule towards one recipient, with its deadline and the sentences that explain it (I8)."""

    class State(models.TextChoices):
        OWED = "owed", "Owed"
        OPEN = "open", "Open until a fact is known"
        NOT_OWED = "not_owed", "Not owed"
        FULFILLED = "fulfilled", "Fulfilled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="obligations")
    rule = models.CharField(max_length=80, help_text="The rule's id in the law library")
    title = models.CharField(max_length=200)
    recipient = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State)
    because = models.TextField(help_text="Why it is owed, open or not owed, in words")
    starts_at = models.DateTimeField(null=True, help_text="UTC")
    due_at = models.DateTimeField(null=True, help_text="UTC; empty where the law fixes no time, or nothing runs yet")
    count = models.JSONField(default=dict, help_text="Every reading of the period, and the steps that led there")
    source = models.CharField(max_length=300)
    fulfilled_at = models.DateTimeField(null=True, help_text="UTC")
    fulfilled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    how = models.TextField(blank=True, help_text="How it was fulfilled")
    delay_reasons = models.TextField(blank=True, help_text="Article 33(1): the reasons for the delay, if late")
    history = history()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "rule", "recipient"], name="obligation_once"),
            models.CheckConstraint(
                condition=models.Q(state="fulfilled", fulfilled_at__isnull=False, fulfilled_by__isnull=False)
                | ~models.Q(state="fulfilled") & models.Q(fulfilled_at=None, fulfilled_by=None),
                name="obligation_fulfilled_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="obligation_due", condition=models.Q(state__in=["owed", "open"])),
        ]

    def __str__(self) -> str:
        return self.title
