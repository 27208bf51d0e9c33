"""The roles that an organisation gives its people, as stored."""

from django.db import models


class Role(models.TextChoices):
    """What someone is in an organisation; what each may do stands in ``incidents/access.py``."""

    REPORTER = "reporter", "Reporter"
    HANDLER = "handler", "Handler"
    DPO = "dpo", "Data protection officer"
    APPROVER = "approver", "Approver"
    COUNSEL = "counsel", "Counsel"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"


NEEDS_SECOND_FACTOR = frozenset({Role.DPO, Role.APPROVER, Role.COUNSEL, Role.ADMINISTRATOR})
"""Roles that may not sign in with a password alone."""
