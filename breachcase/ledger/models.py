from django.db import models


class Entry(models.Model):
    """
    One line of the record. A trigger sets sequence, time and hashes, and others refuse every later touch (I2).

    Entries about an incident form that incident's chain; all others form the chain of their organisation.
    ``payload`` is RFC 8785 JSON of ids, codes and hashes; never a word of or about a data subject (I10).
    """

    id = models.BigAutoField(primary_key=True)
    chain_id = models.UUIDField(help_text="The incident, or the organisation where no incident is concerned")
    incident_id = models.UUIDField(null=True)
    sequence = models.PositiveBigIntegerField(help_text="Place in the chain, from 1")
    recorded_at = models.DateTimeField(help_text="UTC, by the database's clock")
    actor_id = models.UUIDField()
    on_behalf_of_id = models.UUIDField(null=True)
    action = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    payload = models.TextField()
    previous_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["chain_id", "sequence"], name="entry_place_in_chain")]
        indexes = [models.Index(fields=["incident_id", "-id"], name="entry_of_incident")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"
