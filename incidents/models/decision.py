import uuid

from django.conf import settings
from django.db import models

REASONS_MIN_CHARS = 20


class Question(models.TextChoices):
    """What is advised on and decided; the values also name what follows from it."""

    NOTIFY_AUTHORITY = "notify_authority", "Tell the supervisory authority (Art. 33)?"
    INFORM_DATA_SUBJECTS = "inform_data_subjects", "Tell the data subjects (Art. 34)?"
    CLOSE = "close", "Close the case?"


class Awareness(models.Model):
    """
    The moment the controller became aware, with reasons; it starts most clocks (Art. 33(1)).

    Never edited: moving it is a newer row that says why.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="awarenesses")
    aware_at = models.DateTimeField(help_text="UTC")
    time_zone = models.CharField(max_length=64, help_text="IANA name of the zone in which it was stated")
    reasons = models.TextField(help_text="Why this moment: who knew what with reasonable certainty")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(help_text="UTC")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reasons__length__gte=REASONS_MIN_CHARS), name="awareness_has_reasons"
            ),
            models.UniqueConstraint(
                fields=["incident"], condition=models.Q(supersedes=None), name="awareness_one_line"
            ),
        ]

    def __str__(self) -> str:
        return f"aware at {self.aware_at:%Y-%m-%d %H:%M} UTC"


class Advice(models.Model):
    """What the DPO advises on one question. Nobody edits or hides it; a newer one supersedes it (Art. 39(1)(a))."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="advices")
    question = models.CharField(max_length=40, choices=Question)
    affirmative = models.BooleanField(help_text="Yes, do it")
    reasons = models.TextField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(help_text="UTC")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reasons__length__gte=REASONS_MIN_CHARS), name="advice_has_reasons"
            ),
            models.UniqueConstraint(
                fields=["incident", "question"], condition=models.Q(supersedes=None), name="advice_one_line"
            ),
        ]

    def __str__(self) -> str:
        return f"Advice on {self.question}: {'yes' if self.affirmative else 'no'}"


class Decision(models.Model):
    """What management decided, by whom and why. Never edited: superseded by a newer one that says why (I7)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="decisions")
    question = models.CharField(max_length=40, choices=Question)
    affirmative = models.BooleanField(help_text="Yes, it will be done")
    reasons = models.TextField(help_text="Why, in the decider's words")
    advice = models.ForeignKey(Advice, models.PROTECT, null=True, related_name="+", help_text="What was advised then")
    departure_reasons = models.TextField(blank=True, help_text="Why not as advised")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(help_text="UTC")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reasons__length__gte=REASONS_MIN_CHARS), name="decision_has_reasons"
            ),
            models.UniqueConstraint(
                fields=["incident", "question"], condition=models.Q(supersedes=None), name="decision_one_line"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_question_display()} {'Yes' if self.affirmative else 'No'}"
