"""Scenarios may say how sure the page has to be, and which remarks must not be made. Those that exist say neither."""

import django.db.models.deletion
import simple_history.models
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0005_needs"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalScenario_unwanted_remarks",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
            ],
            options={
                "verbose_name": "HistoricalScenario_unwanted_remarks",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="historicalscenario",
            name="certainty",
            field=models.CharField(
                blank=True,
                choices=[("clear", "Clear"), ("leaning", "Leaning"), ("mixed", "Mixed")],
                help_text="How sure the page is expected to be; leave empty where any will do.",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="scenario",
            name="certainty",
            field=models.CharField(
                blank=True,
                choices=[("clear", "Clear"), ("leaning", "Leaning"), ("mixed", "Mixed")],
                help_text="How sure the page is expected to be; leave empty where any will do.",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="scenario",
            name="unwanted_remarks",
            field=models.ManyToManyField(
                blank=True,
                help_text="Remarks that must not be made to this case.",
                related_name="unwanted_in",
                to="content.remark",
            ),
        ),
        migrations.AddConstraint(
            model_name="scenario",
            constraint=models.CheckConstraint(
                condition=models.Q(("certainty__in", ["", "clear", "leaning", "mixed"])),
                name="scenario_certainty_known",
                violation_error_message="A page is clear, leaning or mixed.",
            ),
        ),
        migrations.AddField(
            model_name="historicalscenario_unwanted_remarks",
            name="history",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to="content.historicalscenario"
            ),
        ),
        migrations.AddField(
            model_name="historicalscenario_unwanted_remarks",
            name="remark",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_tablespace="",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="content.remark",
            ),
        ),
        migrations.AddField(
            model_name="historicalscenario_unwanted_remarks",
            name="scenario",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_tablespace="",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="content.scenario",
            ),
        ),
    ]
