from django.db import migrations

from breachcase.ledger.protection import append_only, require_actor


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial"), ("ledger", "0002_protected")]
    operations = [
        require_actor(
            "notifications_wording",
            "notifications_dispatch",
            "notifications_delivery",
            "notifications_regulatorreport",
        ),
        append_only(
            "notifications_wordingversion",
            "notifications_approvalrequest",
            "notifications_approval",
            "notifications_deliveryevent",
            "notifications_filing",
            "notifications_historicalwording",
            "notifications_historicaldispatch",
            "notifications_historicalregulatorreport",
        ),
    ]
