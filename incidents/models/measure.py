import uuid

from django.conf import settings
from django.db import models

from breachcase.ledger.history import history


class Measure(models.Model):
    """A containment or remediation task, with an owner, a day, and proof that it was done (NIST SP 800-61)."""

    class Kind(models.TextChoices):
        CONTAINMENT = "containment", "Containment"
        REMEDIATION = "remediation", "Remediation"

    class State(models.TextChoices):
        OPEN = "open", "To do"
        DONE = "done", "Done"
        DROPPED = "dropped", "Not to be done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=15, choices=Kind)
    title = models.CharField(max_length=200)
    why = models.TextField(blank=True)
    proposal = models.CharField(max_length=60, blank=True, help_text="Code of the proposal it came from")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    proof = models.TextField(blank=True, help_text="What shows that it was done, or why it was dropped")
    proof_evidence = models.ForeignKey("incidents.EvidenceItem", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, help_text="UTC; done or dropped")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    history = history()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", ended_at=None, ended_by=None)
                | ~models.Q(state="open")
                & ~models.Q(proof="")
                & models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="measure_ended_with_proof",
            ),
            models.UniqueConstraint(
                fields=["incident", "proposal"], condition=~models.Q(proposal=""), name="measure_proposal_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title
