import uuid

from django.db import models


class CaseKey(models.Model):
    """The random key of one incident, wrapped by the key-encryption key; destroying it is erasure (I10)."""

    incident_id = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField(null=True, help_text="AES-256-GCM under the key-encryption key; empty once shredded")
    wrapped_by = models.CharField(max_length=16, help_text="First 16 hex digits of the key-encryption key's SHA-256")
    made_at = models.DateTimeField(help_text="UTC")
    shredded_at = models.DateTimeField(null=True, help_text="UTC")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wrapped__isnull=False, shredded_at=None)
                | models.Q(wrapped=None, shredded_at__isnull=False),
                name="case_key_wrapped_or_shredded",
            )
        ]

    def __str__(self) -> str:
        return str(self.incident_id)


class StagedFile(models.Model):
    """
    A file that somebody has handed in but not yet put into a case: kept encrypted, for a day, for them alone.

    It has an identity of its own, since there is no case key before there is a case.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    filename = models.BinaryField(help_text="Sealed")
    identity = models.BinaryField(help_text="Wrapped age identity")
    stored_as = models.CharField(max_length=100, unique=True)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    staged_at = models.DateTimeField(auto_now_add=True, help_text="UTC")

    class Meta:
        indexes = [models.Index(fields=["staged_at"], name="staged_file_age")]

    def __str__(self) -> str:
        return str(self.id)
