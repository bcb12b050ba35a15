import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0004_groups")]

    operations = [
        migrations.CreateModel(
            name="EditionCases",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.TextField(help_text="A list of cases as JSON, read by advisor.content.scenarios.")),
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="content.edition"
                    ),
                ),
            ],
        ),
    ]
