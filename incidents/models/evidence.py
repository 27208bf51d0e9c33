import uuid

from django.conf import settings
from django.db import models


class EvidenceItem(models.Model):
    """A file that shows something, kept as it came (I9): hashed on arrival, stored once, encrypted (age)."""

    class Kind(models.TextChoices):
        MESSAGE = "message", "Message"
        FILE = "file", "File"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="evidence_items")
    number = models.PositiveIntegerField(help_text="Its number within the case, from 1")
    kind = models.CharField(max_length=10, choices=Kind)
    filename = models.BinaryField(help_text="Sealed: names of files often name people")
    description = models.CharField(max_length=300, help_text="What it is, in words that name no data subject")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    stored_as = models.CharField(max_length=100, unique=True)
    identity = models.BinaryField(help_text="The age identity it is encrypted for, sealed under the case key")
    reading = models.BinaryField(null=True, help_text="What intake read from it (JSON), sealed")
    acquired_at = models.DateTimeField(help_text="UTC")
    acquired_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="evidence_number_once"),
            models.UniqueConstraint(fields=["incident", "sha256"], name="evidence_same_file_once"),
        ]

    def __str__(self) -> str:
        return f"E{self.number} {self.description}"


class Reading(models.Model):
    """
    The read log: who looked at which data subject, evidence item or report, and when. Append-only.

    Reading changes nothing, so it leaves no ledger entry; exports do both.
    """

    class What(models.TextChoices):
        PEOPLE = "people", "A page of people"
        DATA_SUBJECT = "data_subject", "A data subject"
        EVIDENCE = "evidence", "An evidence item"
        REPORT = "report", "A report"
        EXPORT = "export", "An export"

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="readings")
    what = models.CharField(max_length=20, choices=What)
    subject_id = models.UUIDField()
    rows = models.PositiveIntegerField(default=1, help_text="How many data subjects were shown")
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    read_at = models.DateTimeField(auto_now_add=True, help_text="UTC")

    class Meta:
        indexes = [models.Index(fields=["incident", "-id"], name="reading_of_incident")]

    def __str__(self) -> str:
        return f"{self.what} {self.subject_id}"
