from django.db import migrations

from breachcase.ledger.protection import append_only, require_actor


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial"), ("ledger", "0002_protected")]
    operations = [
        require_actor(
            "incidents_incident",
            "incidents_referencecount",
            "incidents_membership",
            "incidents_datasubject",
            "incidents_unreadable",
            "incidents_evidenceitem",
            "incidents_obligation",
            "incidents_measure",
        ),
        append_only(
            "incidents_statement",
            "incidents_attribution",
            "incidents_involvement",
            "incidents_awareness",
            "incidents_advice",
            "incidents_decision",
            "incidents_reading",
            "incidents_historicalincident",
            "incidents_historicalmembership",
            "incidents_historicalobligation",
            "incidents_historicalmeasure",
        ),
    ]
