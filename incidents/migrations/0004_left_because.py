from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0003_newest_reports")]
    operations = [
        migrations.AddField(
            model, "left_because",
            models.TextField(blank=True, default="", help_text="Why they were shown out, in the words of who did it"),
            preserve_default=False,
        )
        for model in ("membership", "historicalmembership")
    ]
