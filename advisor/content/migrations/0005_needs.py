"""Needs of roles, doubts of rows, and choices that leave a question open. No draft has any yet, so none decides otherwise."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from advisor.rights import granting

READ = {"view_needrow"}
EDIT = READ | {"add_needrow", "change_needrow", "delete_needrow"}
GROUPS = {"Editors": EDIT, "Publishers": EDIT, "Owners": READ}
"""Group to what it may do with the rows of needs: what it may do with rules."""


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0004_groups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="choice",
            name="unsure",
            field=models.BooleanField(
                default=False,
                help_text="This answer leaves the question open. Where the outcome turns on it, visitors read that the answer is missing, and the recommendation is not called clear.",
            ),
        ),
        migrations.AddField(
            model_name="historicalchoice",
            name="unsure",
            field=models.BooleanField(
                default=False,
                help_text="This answer leaves the question open. Where the outcome turns on it, visitors read that the answer is missing, and the recommendation is not called clear.",
            ),
        ),
        migrations.AddField(
            model_name="historicalrule",
            name="doubt",
            field=models.TextField(
                blank=True,
                help_text="What is still open where this row decides. Visitors read it under “How sure”, and the recommendation is not called clear. Leave it empty where nothing is.",
            ),
        ),
        migrations.AddField(
            model_name="rule",
            name="doubt",
            field=models.TextField(
                blank=True,
                help_text="What is still open where this row decides. Visitors read it under “How sure”, and the recommendation is not called clear. Leave it empty where nothing is.",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalNeedRow",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(help_text="Smaller numbers come first.")),
                (
                    "when",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text='For each named input the values allowed: {"both": ["both"], "evidence:head-of-ai": ["strong"]}. Empty matches anything.',
                    ),
                ),
                ("needed", models.BooleanField(help_text="Whether the role is needed where this row decides.")),
                (
                    "reason",
                    models.TextField(
                        help_text="Why this role is needed, or is not; visitors read it beside the role, and as a reason where the recommendation says the same."
                    ),
                ),
                (
                    "doubt",
                    models.TextField(
                        blank=True,
                        help_text="What is still open where this row decides. Visitors read it under “How sure”, and the recommendation is not called clear. Leave it empty where nothing is.",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.role",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical row of a need",
                "verbose_name_plural": "historical rows of needs",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="NeedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(help_text="Smaller numbers come first.")),
                (
                    "when",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text='For each named input the values allowed: {"both": ["both"], "evidence:head-of-ai": ["strong"]}. Empty matches anything.',
                    ),
                ),
                ("needed", models.BooleanField(help_text="Whether the role is needed where this row decides.")),
                (
                    "reason",
                    models.TextField(
                        help_text="Why this role is needed, or is not; visitors read it beside the role, and as a reason where the recommendation says the same."
                    ),
                ),
                (
                    "doubt",
                    models.TextField(
                        blank=True,
                        help_text="What is still open where this row decides. Visitors read it under “How sure”, and the recommendation is not called clear. Leave it empty where nothing is.",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="need_set", to="content.role"
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a need",
                "verbose_name_plural": "rows of needs",
                "ordering": ["role", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("role", "position"),
                        name="need_row_position_unique",
                        violation_error_message="Another row of this need stands at this position.",
                    )
                ],
            },
        ),
        granting("content", GROUPS),
    ]
