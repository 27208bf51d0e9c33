from uuid import UUID

from django.db import migrations

from breachcase.ledger.protection import append_only, require_actor


def make_worker(apps, schema_editor):
    """The person who stands for the workers: nobody signs in as them, but their name can be shown."""
    person = apps.get_model("accounts", "Person")
    person.objects.create(
        id=UUID(int=1), email="worker@breachcase.invalid", name="BreachCase itself", password="!", is_active=False
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("ledger", "0002_protected")]
    operations = [
        migrations.RunPython(make_worker, migrations.RunPython.noop),
        require_actor("accounts_organisation", "accounts_rolegrant", "accounts_delegation", "accounts_invitation"),
        append_only(
            "accounts_historicalorganisation",
            "accounts_historicalrolegrant",
            "accounts_historicaldelegation",
            "accounts_historicalinvitation",
        ),
    ]
