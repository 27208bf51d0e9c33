import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Length

models.CharField.register_lookup(Length)
models.TextField.register_lookup(Length)


class Attribution(models.Model):
    """
    Who did it, as two facts that are never mixed: the account that acted, and the person behind it.

    Never edited: a newer assertion of the same kind supersedes it.
    """

    class Kind(models.TextChoices):
        ACCOUNT = "account", "The account that acted"
        PERSON = "person", "The person behind it"

    class Certainty(models.TextChoices):
        ASSERTED = "asserted", "Asserted"
        CORROBORATED = "corroborated", "Corroborated"
        DISPUTED = "disputed", "Disputed"
        ESTABLISHED = "established", "Established"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="attributions")
    kind = models.CharField(max_length=10, choices=Kind)
    account = models.CharField(max_length=254, blank=True, help_text="The account's address or name")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    certainty = models.CharField(max_length=12, choices=Certainty)
    reasons = models.TextField(help_text="What shows it")
    evidence = models.ForeignKey("incidents.EvidenceItem", models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(help_text="UTC")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="account", person=None) & ~models.Q(account="")
                | models.Q(kind="person", account="", person__isnull=False),
                name="attribution_names_one_of_two",
            ),
            models.CheckConstraint(condition=models.Q(reasons__length__gte=20), name="attribution_has_reasons"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.account or self.person}"


class Involvement(models.Model):
    """
    A person's part in what happened, from which being kept out follows (I5).

    Never edited: taking it back, or changing it, is a newer row that supersedes this one.
    """

    class Kind(models.TextChoices):
        CAUSE = "cause", "Caused it, or may have"
        SUBJECT_OF_BLAME = "subject_of_blame", "Is blamed for it"
        WITNESS = "witness", "Saw it, took no part in it"
        WITHDRAWN = "withdrawn", "Not involved after all"

    KEEPS_OUT = (Kind.CAUSE, Kind.SUBJECT_OF_BLAME)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="involvements")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="involvements")
    kind = models.CharField(max_length=20, choices=Kind)
    reasons = models.TextField()
    evidence = models.ForeignKey("incidents.EvidenceItem", models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(help_text="UTC")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(reasons__length__gte=20), name="involvement_has_reasons"),
            models.UniqueConstraint(
                fields=["incident", "person"], condition=models.Q(supersedes=None), name="involvement_one_line_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}"
