from django.db import migrations

from breachcase.ledger.protection import append_only, sql_file


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunSQL(sql_file("require_actor"), "DROP FUNCTION breachcase_require_actor CASCADE"),
        migrations.RunSQL(sql_file("append_only"), "DROP FUNCTION breachcase_append_only CASCADE"),
        migrations.RunSQL(sql_file("chain_entry"), "DROP FUNCTION breachcase_chain_entry CASCADE"),
        append_only("ledger_entry"),
    ]
