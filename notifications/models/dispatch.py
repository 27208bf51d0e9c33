import uuid

from django.conf import settings
from django.db import models

from breachcase.ledger.history import history


class Dispatch(models.Model):
    """An approved wording going to an audience that was fixed as rows when it was prepared."""

    class State(models.TextChoices):
        PREPARED = "prepared", "Ready to start"
        RUNNING = "running", "Sending"
        PAUSED = "paused", "Paused"
        STOPPED = "stopped", "Stopped"
        FINISHED = "finished", "Finished"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="dispatches")
    version = models.ForeignKey("notifications.WordingVersion", models.PROTECT, related_name="dispatches")
    version_sha256 = models.CharField(max_length=64, help_text="The approved hash; checked before each message (I4)")
    audience_root = models.CharField(max_length=64, help_text="Hash over the ids of the audience's rows, in order")
    state = models.CharField(max_length=10, choices=State, default=State.PREPARED)
    sender = models.EmailField(help_text="The From address of each message")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(help_text="UTC")
    started_at = models.DateTimeField(null=True, help_text="UTC; the first start")
    ended_at = models.DateTimeField(null=True, help_text="UTC; finished or stopped")
    history = history()

    class Meta:
        verbose_name_plural = "dispatches"
        indexes = [
            models.Index(fields=["started_at"], name="dispatch_running", condition=models.Q(state="running")),
        ]

    def __str__(self) -> str:
        return f"dispatch of {self.version}"


class Delivery(models.Model):
    """One message to one data subject: queued, sending, then sent, failed, stopped or in doubt (I3, I11)."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        IN_DOUBT = "in_doubt", "In doubt"
        STOPPED = "stopped", "Not sent: stopped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="deliveries")
    number = models.PositiveIntegerField(help_text="Place in the dispatch, from 1; pages go by it")
    data_subject = models.ForeignKey("incidents.DataSubject", models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    message_id = models.CharField(max_length=120, unique=True, help_text="Fixed before the first attempt")
    not_before = models.DateTimeField(help_text="UTC; earliest next attempt")
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, help_text="UTC; when a worker last took it")
    settled_at = models.DateTimeField(null=True, help_text="UTC")
    message_sha256 = models.CharField(max_length=64, blank=True, help_text="Over the bytes that left (I13)")
    reply = models.CharField(
        max_length=80, blank=True, help_text="SMTP status codes only; server texts name people (I10)"
    )

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "data_subject"], name="delivery_once_per_person"),
            models.UniqueConstraint(fields=["dispatch", "number"], name="delivery_number_once"),
        ]
        indexes = [
            models.Index(
                fields=["dispatch", "not_before", "number"], name="delivery_next", condition=models.Q(state="queued")
            ),
            models.Index(fields=["dispatch", "state", "number"], name="delivery_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class DeliveryEvent(models.Model):
    """One step in a delivery's story: claimed, sent, failed, put in doubt, resolved. Append-only."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="events")
    state = models.CharField(max_length=10, choices=Delivery.State)
    reply = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(auto_now_add=True, help_text="UTC")

    def __str__(self) -> str:
        return self.state
