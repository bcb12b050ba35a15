from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0016_lead_alerts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="by",
            field=models.CharField(
                blank=True,
                help_text="The user name as it was; empty for visitors and for what is automatic.",
                max_length=150,
            ),
        ),
        migrations.AlterField(
            model_name="salesperson",
            name="is_active",
            field=models.BooleanField(
                default=True,
                help_text="Whether they work on leads. The open leads of those who do not are listed as nobody’s.",
                verbose_name="active",
            ),
        ),
    ]
