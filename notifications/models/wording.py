import uuid

from django.conf import settings
from django.db import models

from breachcase.ledger.history import history


class Wording(models.Model):
    """A text that will leave the house, to data subjects of one incident; what it says stands in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="wordings")
    title = models.CharField(max_length=200, help_text="What we call it among ourselves")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(help_text="UTC")
    history = history()

    def __str__(self) -> str:
        return self.title


class WordingVersion(models.Model):
    """One state of a wording. Never edited: a change is the next version (I4)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wording = models.ForeignKey(Wording, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(help_text="From 1")
    canonical = models.TextField(help_text="RFC 8785 JSON of the wording; exactly what the hash is over")
    sha256 = models.CharField(max_length=64)
    answers = models.JSONField(default=dict, help_text="Warning code → why it is right all the same")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(help_text="UTC")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wording", "number"], name="wording_version_once")]

    def __str__(self) -> str:
        return f"version {self.number}"


class ApprovalRequest(models.Model):
    """Somebody asked that a version be approved; from then on they cannot approve it themselves (I6)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(WordingVersion, models.PROTECT, related_name="requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(help_text="UTC")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version"], name="approval_asked_once")]

    def __str__(self) -> str:
        return f"approval asked for {self.version}"


class Approval(models.Model):
    """An approver's answer to one version: approved as it stands, byte for byte, or sent back with comments."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", "Approved"
        SENT_BACK = "sent_back", "Sent back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.OneToOneField(WordingVersion, models.PROTECT, related_name="approval")
    verdict = models.CharField(max_length=10, choices=Verdict)
    version_sha256 = models.CharField(max_length=64, help_text="What was approved (I4)")
    comments = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(help_text="UTC")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict="approved") | ~models.Q(comments=""),
                name="approval_sent_back_with_comments",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.verdict}"
