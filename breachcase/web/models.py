import uuid

from django.db import models


class Draft(models.Model):
    """What a person has typed into a form and not yet sent; theirs alone, sealed, replaced as they type."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    form = models.CharField(max_length=200, help_text="Path of the page the form stands on")
    sealed = models.BinaryField()
    kept_at = models.DateTimeField(auto_now=True, help_text="UTC")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "form"], name="draft_once_per_form")]

    def __str__(self) -> str:
        return self.form


class Submission(models.Model):
    """A form that was sent: its token can be spent once, so a double click or a reload does nothing twice."""

    token = models.UUIDField(primary_key=True)
    person_id = models.UUIDField()
    answer = models.CharField(max_length=500, blank=True, help_text="Where the first one led")
    spent_at = models.DateTimeField(auto_now_add=True, help_text="UTC")

    def __str__(self) -> str:
        return str(self.token)


class Heartbeat(models.Model):
    """When a worker or the beat last ran, for the status page."""

    name = models.CharField(primary_key=True, max_length=100)
    beat_at = models.DateTimeField(help_text="UTC")

    def __str__(self) -> str:
        return self.name
