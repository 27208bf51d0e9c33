import uuid

from django.conf import settings
from django.db import models

from breachcase.ledger.history import history


class RegulatorReport(models.Model):
    """
    A snapshot of what is known, laid out for the authority that gets it. The snapshot never changes.

    What can change once is that it is signed off; from then on it is no longer a draft.
    """

    class Phase(models.TextChoices):
        INITIAL = "initial", "Initial"
        SUPPLEMENTARY = "supplementary", "Supplementary"
        FINAL = "final", "Final"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="reports")
    obligation = models.ForeignKey("incidents.Obligation", models.PROTECT, related_name="reports")
    authority = models.CharField(max_length=200)
    phase = models.CharField(max_length=15, choices=Phase)
    number = models.PositiveIntegerField(help_text="Within the incident and authority, from 1")
    snapshot = models.TextField(help_text="RFC 8785 JSON; exactly what the hash is over")
    sha256 = models.CharField(max_length=64)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(help_text="UTC")
    signed_off_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_off_for = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_off_at = models.DateTimeField(null=True, help_text="UTC")
    history = history(excluded_fields=["snapshot"])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "authority", "number"], name="report_number_once"),
            models.CheckConstraint(
                condition=models.Q(signed_off_at=None, signed_off_by=None)
                | models.Q(signed_off_at__isnull=False, signed_off_by__isnull=False),
                name="report_signed_off_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_phase_display()} report {self.number} to {self.authority}"


class Filing(models.Model):
    """The handing over of a report to the authority: when, how, its reference and its receipt. Never edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.OneToOneField(RegulatorReport, models.PROTECT, related_name="filing")
    filed_at = models.DateTimeField(help_text="UTC")
    how = models.CharField(max_length=200, help_text="Web form, e-mail, post …")
    authority_reference = models.CharField(max_length=100, blank=True)
    receipt = models.ForeignKey("incidents.EvidenceItem", models.PROTECT, null=True, related_name="+")
    pdf_sha256 = models.CharField(max_length=64, help_text="Over the PDF that was handed over (I13)")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(help_text="UTC")

    def __str__(self) -> str:
        return f"{self.report} filed {self.filed_at:%Y-%m-%d}"
