import uuid

from django.db import models


class DataSubject(models.Model):
    """
    A person whose data the breach touched. Who they are is one sealed value (I10); the rest says nothing of them.

    ``email_hash`` is a keyed hash of the normalised address, so equal addresses are found without opening anything.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="data_subjects")
    number = models.PositiveIntegerField(help_text="Place in the case, from 1; pages go by it")
    sealed = models.BinaryField(help_text="JSON {name, email}, sealed under the case key")
    email_hash = models.CharField(max_length=64)
    internal = models.BooleanField(help_text="The address is of one of the organisation's own domains")
    evidence = models.ForeignKey("incidents.EvidenceItem", models.PROTECT, null=True, related_name="data_subjects")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="data_subject_number_once"),
            models.UniqueConstraint(fields=["incident", "email_hash"], name="data_subject_address_once"),
        ]

    def __str__(self) -> str:
        return f"data subject {self.number}"


class Unreadable(models.Model):
    """An address that a file holds and nobody can write to, with the reason; sealed as it stood there."""

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="unreadables")
    evidence = models.ForeignKey("incidents.EvidenceItem", models.PROTECT, related_name="unreadables")
    sealed = models.BinaryField(help_text="The raw text, sealed under the case key")
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.reason
