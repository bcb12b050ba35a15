"""The tables as the first release had them, which made them in 3 steps."""

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import advisor.content.models.guide
import advisor.content.models.preview


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("content", "0001_guides"),
        ("content", "0003_history_scenarios_previews"),
        ("content", "0005_cases_of_editions"),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "document",
                    models.TextField(help_text="The guide as canonical JSON, read by advisor.decision.guide."),
                ),
                ("checksum", models.CharField(help_text="SHA-256 of the document.", max_length=64)),
                ("published_at", models.DateTimeField()),
                (
                    "published_by",
                    models.CharField(
                        help_text="The user name as it was: an edition outlives the account of its publisher.",
                        max_length=150,
                    ),
                ),
                ("note", models.TextField()),
            ],
            options={
                "ordering": ["guide", "-number"],
                "permissions": [("publish_edition", "Can publish a guide, and an older edition again")],
            },
        ),
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
        migrations.CreateModel(
            name="Guide",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        help_text="The first part of every address of this guide: cto-or-head-of-ai.",
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        default=advisor.content.models.guide.next_number,
                        editable=False,
                        help_text="Stands for the guide in result codes.",
                    ),
                ),
                ("is_default", models.BooleanField(default=False, help_text="The guide that the front page shows.")),
                (
                    "is_retired",
                    models.BooleanField(
                        default=False,
                        help_text="Not offered any more; links to its results and its codes go on working.",
                        verbose_name="retired",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="Fractional CTO or fractional Head of AI: which do you need?", max_length=120
                    ),
                ),
                (
                    "summary",
                    models.TextField(
                        help_text="What the visitor gets, in two sentences; the first thing anyone reads."
                    ),
                ),
                ("audience", models.TextField(help_text="Who this is for.")),
                ("why", models.TextField(help_text="What a wrong choice costs.", verbose_name="why it matters")),
                (
                    "some_from",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="How many ticked signals of a role count as some evidence.",
                        verbose_name="some evidence from",
                    ),
                ),
                (
                    "strong_from",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="How many ticked signals of a role count as strong evidence.",
                        verbose_name="strong evidence from",
                    ),
                ),
                (
                    "clear",
                    models.TextField(help_text="Shown when everything points the same way.", verbose_name="when clear"),
                ),
                (
                    "leaning",
                    models.TextField(
                        help_text="Shown when most but not all points the same way.", verbose_name="when leaning"
                    ),
                ),
                (
                    "mixed",
                    models.TextField(
                        help_text="Shown when two answers contradict each other.", verbose_name="when mixed"
                    ),
                ),
                ("call_title", models.CharField(help_text="Book a free introductory call.", max_length=120)),
                ("call_text", models.TextField(help_text="What the call is, how long it takes, what it costs.")),
                (
                    "call_next",
                    models.TextField(help_text="Shown after a call was asked for.", verbose_name="what happens next"),
                ),
                (
                    "consent",
                    models.TextField(help_text="What the visitor agrees to; stored with the lead word for word."),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("number",),
                        name="guide_number_unique",
                        violation_error_message="Another guide has this number in its result codes.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("is_default",),
                        name="guide_one_default",
                        violation_error_message="Another guide is the default one; take the mark from it first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_default", True), ("is_retired", True), _negated=True),
                        name="guide_default_is_offered",
                        violation_error_message="The default guide cannot be retired; make another one the default first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("some_from__gte", 1), ("strong_from__gte", models.F("some_from"))),
                        name="guide_thresholds_in_order",
                        violation_error_message="“Some” begins at one signal or more, and “strong” not below it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")),
                ("title", models.CharField(help_text="Could one person do both?", max_length=120)),
                ("help", models.TextField(blank=True, help_text="Why these are asked, in a sentence.")),
                (
                    "asked_when",
                    models.JSONField(help_text='A list of conditions, one of which must hold: [{"both": ["both"]}].'),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)s_set", to="content.guide"
                    ),
                ),
            ],
            options={
                "ordering": ["guide", "position", "key"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="edition",
            name="guide",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="content.guide"),
        ),
        migrations.CreateModel(
            name="Dimension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")),
                ("label", models.CharField(help_text="Primary focus", max_length=60)),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)s_set", to="content.guide"
                    ),
                ),
            ],
            options={
                "ordering": ["guide", "position", "key"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="HistoricalDimension",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")),
                ("label", models.CharField(help_text="Primary focus", max_length=60)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.guide",
                    ),
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
            ],
            options={
                "verbose_name": "historical dimension",
                "verbose_name_plural": "historical dimensions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalFollowUp",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")),
                ("title", models.CharField(help_text="Could one person do both?", max_length=120)),
                ("help", models.TextField(blank=True, help_text="Why these are asked, in a sentence.")),
                (
                    "asked_when",
                    models.JSONField(help_text='A list of conditions, one of which must hold: [{"both": ["both"]}].'),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.guide",
                    ),
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
            ],
            options={
                "verbose_name": "historical follow up",
                "verbose_name_plural": "historical follow ups",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalFrequentQuestion",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(help_text="Smaller numbers come first.")),
                ("question", models.CharField(help_text="Can one person be both?", max_length=160)),
                ("answer", models.TextField(help_text="Begin with the answer; then say when it is different.")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.guide",
                    ),
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
            ],
            options={
                "verbose_name": "historical frequent question",
                "verbose_name_plural": "historical frequent questions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalGuide",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        db_index=True,
                        help_text="The first part of every address of this guide: cto-or-head-of-ai.",
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        default=advisor.content.models.guide.next_number,
                        editable=False,
                        help_text="Stands for the guide in result codes.",
                    ),
                ),
                ("is_default", models.BooleanField(default=False, help_text="The guide that the front page shows.")),
                (
                    "is_retired",
                    models.BooleanField(
                        default=False,
                        help_text="Not offered any more; links to its results and its codes go on working.",
                        verbose_name="retired",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="Fractional CTO or fractional Head of AI: which do you need?", max_length=120
                    ),
                ),
                (
                    "summary",
                    models.TextField(
                        help_text="What the visitor gets, in two sentences; the first thing anyone reads."
                    ),
                ),
                ("audience", models.TextField(help_text="Who this is for.")),
                ("why", models.TextField(help_text="What a wrong choice costs.", verbose_name="why it matters")),
                (
                    "some_from",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="How many ticked signals of a role count as some evidence.",
                        verbose_name="some evidence from",
                    ),
                ),
                (
                    "strong_from",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="How many ticked signals of a role count as strong evidence.",
                        verbose_name="strong evidence from",
                    ),
                ),
                (
                    "clear",
                    models.TextField(help_text="Shown when everything points the same way.", verbose_name="when clear"),
                ),
                (
                    "leaning",
                    models.TextField(
                        help_text="Shown when most but not all points the same way.", verbose_name="when leaning"
                    ),
                ),
                (
                    "mixed",
                    models.TextField(
                        help_text="Shown when two answers contradict each other.", verbose_name="when mixed"
                    ),
                ),
                ("call_title", models.CharField(help_text="Book a free introductory call.", max_length=120)),
                ("call_text", models.TextField(help_text="What the call is, how long it takes, what it costs.")),
                (
                    "call_next",
                    models.TextField(help_text="Shown after a call was asked for.", verbose_name="what happens next"),
                ),
                (
                    "consent",
                    models.TextField(help_text="What the visitor agrees to; stored with the lead word for word."),
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
            ],
            options={
                "verbose_name": "historical guide",
                "verbose_name_plural": "historical guides",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalOutcome",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")),
                ("name", models.CharField(help_text="In a few words, for lists: Both roles", max_length=60)),
                ("title", models.CharField(help_text="The recommendation as a sentence.", max_length=120)),
                ("text", models.TextField(help_text="One honest paragraph: what to do, and when it would be wrong.")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.guide",
                    ),
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
            ],
            options={
                "verbose_name": "historical outcome",
                "verbose_name_plural": "historical outcomes",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalRemark",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")),
                (
                    "kind",
                    models.CharField(
                        choices=[("contradiction", "Contradiction"), ("caution", "Caution"), ("advice", "Advice")],
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(help_text="What it is about, without blame.", max_length=120)),
                ("text", models.TextField(help_text="For a contradiction: ask which of the two is true.")),
                (
                    "when",
                    models.JSONField(
                        help_text='For each named input the values allowed: {"both": ["both"], "evidence:head-of-ai": ["strong"]}. Remarks may also ask for the outcome.'
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
                    "guide",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.guide",
                    ),
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
            ],
            options={
                "verbose_name": "historical remark",
                "verbose_name_plural": "historical remarks",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalRole",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")),
                ("name", models.CharField(help_text="Fractional CTO", max_length=60)),
                ("summary", models.TextField(help_text="The role in one sentence: who, and what they answer for.")),
                ("fits", models.TextField(help_text="Which companies, at what stage, for how many hours a week.")),
                ("owns", models.TextField(help_text="What the role owns or answers. One entry a line.")),
                ("not_theirs", models.TextField(help_text="What one should not expect of the role. One entry a line.")),
                (
                    "own_domain",
                    models.TextField(
                        help_text="What stays this role's own when several work together. One entry a line."
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
                    "guide",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.guide",
                    ),
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
            ],
            options={
                "verbose_name": "historical role",
                "verbose_name_plural": "historical roles",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSharedConcern",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(help_text="Smaller numbers come first.")),
                ("text", models.CharField(help_text="Compute costs", max_length=120)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.guide",
                    ),
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
            ],
            options={
                "verbose_name": "historical shared concern",
                "verbose_name_plural": "historical shared concerns",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")),
                ("name", models.CharField(help_text="In a few words, for lists: Both roles", max_length=60)),
                ("title", models.CharField(help_text="The recommendation as a sentence.", max_length=120)),
                ("text", models.TextField(help_text="One honest paragraph: what to do, and when it would be wrong.")),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)s_set", to="content.guide"
                    ),
                ),
            ],
            options={
                "ordering": ["guide", "position", "key"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="HistoricalScenario",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(help_text="Smaller numbers come first.")),
                ("title", models.CharField(help_text="The case in words: Ten engineers, chaos, no AI", max_length=160)),
                (
                    "answers",
                    models.TextField(
                        help_text="The answers as in the address of a result: software=yes&signal=messy-stack&ai=no",
                        max_length=4000,
                    ),
                ),
                (
                    "expected_to_change",
                    models.BooleanField(
                        default=False,
                        help_text="The next edition may answer this case in another way; its answer is then expected from there on.",
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
                    "guide",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.guide",
                    ),
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
                    "outcome",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="What it is expected to lead to.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.outcome",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical scenario",
                "verbose_name_plural": "historical scenarios",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalRule",
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
                (
                    "reason",
                    models.TextField(help_text="Why this combination leads there; the first reason on the result."),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.guide",
                    ),
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
                    "outcome",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.outcome",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical rule",
                "verbose_name_plural": "historical rules",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PreviewLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "token",
                    models.CharField(default=advisor.content.models.preview.new_token, editable=False, max_length=40),
                ),
                (
                    "purpose",
                    models.CharField(
                        blank=True, help_text="Whom it is for: our lawyer, until the review", max_length=120
                    ),
                ),
                ("made_by", models.CharField(max_length=150)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("guide", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="content.guide")),
            ],
            options={
                "ordering": ["-made_at"],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")),
                (
                    "name",
                    models.CharField(
                        help_text="The question in a few words, for lists: Running software", max_length=60
                    ),
                ),
                ("text", models.CharField(help_text="The question as the visitor reads it.", max_length=160)),
                ("help", models.TextField(blank=True, help_text="What is meant, if it needs a word.")),
                (
                    "signals_text",
                    models.CharField(
                        blank=True, help_text="Above the signals: Which of these sound like you?", max_length=160
                    ),
                ),
                (
                    "follow_up",
                    models.ForeignKey(
                        blank=True,
                        help_text="Leave empty for a question that everyone is asked.",
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        to="content.followup",
                    ),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)s_set", to="content.guide"
                    ),
                ),
            ],
            options={
                "ordering": ["guide", "position", "key"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="HistoricalChoice",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")),
                ("label", models.CharField(help_text="Yes, that is our core problem", max_length=160)),
                (
                    "affirms",
                    models.BooleanField(default=False, help_text="This answer says yes to the question's role."),
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
                    "question",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical choice",
                "verbose_name_plural": "historical choices",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Choice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")),
                ("label", models.CharField(help_text="Yes, that is our core problem", max_length=160)),
                (
                    "affirms",
                    models.BooleanField(default=False, help_text="This answer says yes to the question's role."),
                ),
                ("question", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="content.question")),
            ],
            options={
                "ordering": ["question", "position", "key"],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")),
                (
                    "kind",
                    models.CharField(
                        choices=[("contradiction", "Contradiction"), ("caution", "Caution"), ("advice", "Advice")],
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(help_text="What it is about, without blame.", max_length=120)),
                ("text", models.TextField(help_text="For a contradiction: ask which of the two is true.")),
                (
                    "when",
                    models.JSONField(
                        help_text='For each named input the values allowed: {"both": ["both"], "evidence:head-of-ai": ["strong"]}. Remarks may also ask for the outcome.'
                    ),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)s_set", to="content.guide"
                    ),
                ),
            ],
            options={
                "ordering": ["guide", "position", "key"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")),
                ("name", models.CharField(help_text="Fractional CTO", max_length=60)),
                ("summary", models.TextField(help_text="The role in one sentence: who, and what they answer for.")),
                ("fits", models.TextField(help_text="Which companies, at what stage, for how many hours a week.")),
                ("owns", models.TextField(help_text="What the role owns or answers. One entry a line.")),
                ("not_theirs", models.TextField(help_text="What one should not expect of the role. One entry a line.")),
                (
                    "own_domain",
                    models.TextField(
                        help_text="What stays this role's own when several work together. One entry a line."
                    ),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)s_set", to="content.guide"
                    ),
                ),
            ],
            options={
                "ordering": ["guide", "position", "key"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="question",
            name="role",
            field=models.ForeignKey(
                blank=True,
                help_text="The role this question is about; its signals are asked below it.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                to="content.role",
            ),
        ),
        migrations.AddField(
            model_name="outcome",
            name="roles",
            field=models.ManyToManyField(
                blank=True, help_text="The roles it names; none for “not yet”.", to="content.role"
            ),
        ),
        migrations.CreateModel(
            name="HistoricalSignal",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")),
                ("name", models.CharField(help_text="The situation in a few words: Messy stack", max_length=60)),
                (
                    "text",
                    models.CharField(
                        help_text="What the visitor ticks: a situation they recognise at once.", max_length=300
                    ),
                ),
                ("reason", models.TextField(help_text="Why this speaks for the role; shown on the result.")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.guide",
                    ),
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
                "verbose_name": "historical signal",
                "verbose_name_plural": "historical signals",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalQuestion",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")),
                (
                    "name",
                    models.CharField(
                        help_text="The question in a few words, for lists: Running software", max_length=60
                    ),
                ),
                ("text", models.CharField(help_text="The question as the visitor reads it.", max_length=160)),
                ("help", models.TextField(blank=True, help_text="What is meant, if it needs a word.")),
                (
                    "signals_text",
                    models.CharField(
                        blank=True, help_text="Above the signals: Which of these sound like you?", max_length=160
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
                    "follow_up",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Leave empty for a question that everyone is asked.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.followup",
                    ),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.guide",
                    ),
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
                        help_text="The role this question is about; its signals are asked below it.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.role",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical question",
                "verbose_name_plural": "historical questions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalOutcome_roles",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="content.historicaloutcome",
                    ),
                ),
                (
                    "outcome",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.outcome",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.role",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalOutcome_roles",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCell",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("text", models.CharField(help_text="Ten words at most; it is read on a phone.", max_length=200)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "dimension",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.dimension",
                    ),
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
                "verbose_name": "historical cell",
                "verbose_name_plural": "historical cells",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Cell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(help_text="Ten words at most; it is read on a phone.", max_length=200)),
                ("dimension", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="content.dimension")),
                ("role", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="content.role")),
            ],
            options={
                "ordering": ["dimension", "role"],
            },
        ),
        migrations.CreateModel(
            name="Rule",
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
                (
                    "reason",
                    models.TextField(help_text="Why this combination leads there; the first reason on the result."),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)s_set", to="content.guide"
                    ),
                ),
                ("outcome", models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, to="content.outcome")),
            ],
            options={
                "ordering": ["guide", "position"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Scenario",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(help_text="Smaller numbers come first.")),
                ("title", models.CharField(help_text="The case in words: Ten engineers, chaos, no AI", max_length=160)),
                (
                    "answers",
                    models.TextField(
                        help_text="The answers as in the address of a result: software=yes&signal=messy-stack&ai=no",
                        max_length=4000,
                    ),
                ),
                (
                    "expected_to_change",
                    models.BooleanField(
                        default=False,
                        help_text="The next edition may answer this case in another way; its answer is then expected from there on.",
                    ),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)s_set", to="content.guide"
                    ),
                ),
                (
                    "outcome",
                    models.ForeignKey(
                        help_text="What it is expected to lead to.",
                        on_delete=django.db.models.deletion.RESTRICT,
                        to="content.outcome",
                    ),
                ),
                (
                    "remarks",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Remarks that are expected among others; leave empty to expect none in particular.",
                        to="content.remark",
                    ),
                ),
            ],
            options={
                "ordering": ["guide", "position"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="HistoricalScenario_remarks",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="content.historicalscenario",
                    ),
                ),
                (
                    "remark",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.remark",
                    ),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.scenario",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalScenario_remarks",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="SharedConcern",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(help_text="Smaller numbers come first.")),
                ("text", models.CharField(help_text="Compute costs", max_length=120)),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)s_set", to="content.guide"
                    ),
                ),
            ],
            options={
                "ordering": ["guide", "position"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Signal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Use small letters, digits and single hyphens: messy-stack.",
                            )
                        ],
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")),
                ("name", models.CharField(help_text="The situation in a few words: Messy stack", max_length=60)),
                (
                    "text",
                    models.CharField(
                        help_text="What the visitor ticks: a situation they recognise at once.", max_length=300
                    ),
                ),
                ("reason", models.TextField(help_text="Why this speaks for the role; shown on the result.")),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)s_set", to="content.guide"
                    ),
                ),
                ("role", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="content.role")),
                (
                    "speaks_to",
                    models.ManyToManyField(
                        blank=True, help_text="The rows of the table it is about.", to="content.dimension"
                    ),
                ),
            ],
            options={
                "ordering": ["guide", "position", "key"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="HistoricalSignal_speaks_to",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "dimension",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.dimension",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="content.historicalsignal",
                    ),
                ),
                (
                    "signal",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.signal",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalSignal_speaks_to",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="FrequentQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(help_text="Smaller numbers come first.")),
                ("question", models.CharField(help_text="Can one person be both?", max_length=160)),
                ("answer", models.TextField(help_text="Begin with the answer; then say when it is different.")),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)s_set", to="content.guide"
                    ),
                ),
            ],
            options={
                "ordering": ["guide", "position"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("guide", "position"),
                        name="frequent_question_position_unique",
                        violation_error_message="Another question stands at this position.",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.UniqueConstraint(
                fields=("guide", "key"),
                name="follow_up_key_unique",
                violation_error_message="This guide has a follow-up with this key.",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(
                fields=("guide", "number"),
                name="edition_number_unique",
                violation_error_message="This edition was published a moment ago by someone else.",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)),
                name="edition_number_from_one",
                violation_error_message="Editions are numbered from one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="dimension",
            constraint=models.UniqueConstraint(
                fields=("guide", "key"),
                name="dimension_key_unique",
                violation_error_message="This guide has a dimension with this key.",
            ),
        ),
        migrations.AddConstraint(
            model_name="previewlink",
            constraint=models.UniqueConstraint(
                fields=("token",), name="preview_token_unique", violation_error_message="This link exists already."
            ),
        ),
        migrations.AddConstraint(
            model_name="previewlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("made_at"))),
                name="preview_expires_later",
                violation_error_message="A preview link expires after it was made.",
            ),
        ),
        migrations.AddConstraint(
            model_name="choice",
            constraint=models.UniqueConstraint(
                fields=("question", "key"),
                name="choice_key_unique",
                violation_error_message="This question has a choice with this key.",
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.UniqueConstraint(
                fields=("guide", "key"),
                name="remark_key_unique",
                violation_error_message="This guide has a remark with this key.",
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["contradiction", "caution", "advice"])),
                name="remark_kind_known",
                violation_error_message="A remark is a contradiction, a caution or a piece of advice.",
            ),
        ),
        migrations.AddConstraint(
            model_name="role",
            constraint=models.UniqueConstraint(
                fields=("guide", "key"),
                name="role_key_unique",
                violation_error_message="This guide has a role with this key.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                fields=("guide", "key"),
                name="question_key_unique",
                violation_error_message="This guide has a question with this key.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                fields=("guide", "role"),
                name="question_one_a_role",
                violation_error_message="Another question is about this role.",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.UniqueConstraint(
                fields=("guide", "key"),
                name="outcome_key_unique",
                violation_error_message="This guide has an outcome with this key.",
            ),
        ),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.UniqueConstraint(
                fields=("dimension", "role"),
                name="cell_given_once",
                violation_error_message="This role has a cell in this dimension.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.UniqueConstraint(
                fields=("guide", "position"),
                name="rule_position_unique",
                violation_error_message="Another rule stands at this position.",
            ),
        ),
        migrations.AddConstraint(
            model_name="scenario",
            constraint=models.UniqueConstraint(
                fields=("guide", "position"),
                name="scenario_position_unique",
                violation_error_message="Another scenario stands at this position.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharedconcern",
            constraint=models.UniqueConstraint(
                fields=("guide", "position"),
                name="shared_concern_position_unique",
                violation_error_message="Another shared concern stands at this position.",
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.UniqueConstraint(
                fields=("guide", "key"),
                name="signal_key_unique",
                violation_error_message="This guide has a signal with this key.",
            ),
        ),
    ]
