from django.db import migrations

from breachcase.ledger.protection import require_actor


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial"), ("ledger", "0002_protected")]
    operations = [require_actor("vault_casekey")]
