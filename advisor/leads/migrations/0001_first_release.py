"""The tables as the first release had them, which made them in 10 steps."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import advisor.leads.models.pipeline


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("leads", "0001_leads"),
        ("leads", "0003_pipeline"),
        ("leads", "0004_what_was_there"),
        ("leads", "0005_groups_of_the_pipeline"),
        ("leads", "0006_lost_has_a_reason"),
        ("leads", "0007_export_right"),
        ("leads", "0008_exports"),
        ("leads", "0009_notices"),
        ("leads", "0010_notice_groups"),
        ("leads", "0011_names_in_words"),
    ]

    dependencies = [
        ("content", "0001_first_release"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.CharField(help_text="The user name as it was.", max_length=150)),
                ("format", models.CharField(choices=[("csv", "CSV"), ("xlsx", "XLSX")], max_length=10)),
                (
                    "which",
                    models.CharField(
                        help_text="What the list was narrowed down to; not what was searched for.", max_length=500
                    ),
                ),
                ("began_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(help_text="When the last piece of it was read.")),
                ("done_at", models.DateTimeField(null=True)),
                ("rows", models.PositiveIntegerField(help_text="How many leads there were when it began.")),
                ("rows_done", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("format__in", ["csv", "xlsx"])),
                        name="export_format_known",
                        violation_error_message="There is no such kind of file.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "people",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="person_email_unique",
                        violation_error_message="Someone with this e-mail address is here already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Salesperson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Whether new leads are given to them. What they have stays with them.",
                        verbose_name="active",
                    ),
                ),
                (
                    "takes_every_outcome",
                    models.BooleanField(default=True, help_text="Or only the outcomes chosen below."),
                ),
                (
                    "outcomes",
                    models.ManyToManyField(blank=True, help_text="What they take leads about.", to="content.outcome"),
                ),
                (
                    "user",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "verbose_name_plural": "salespeople",
                "ordering": ["user__username"],
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="tag_name_unique",
                        violation_error_message="There is a tag of this name already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Lead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("requested_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("contacted", "Contacted"),
                            ("qualified", "Qualified"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                            ("spam", "Spam"),
                        ],
                        default="new",
                        max_length=20,
                    ),
                ),
                ("lost_reason", models.CharField(blank=True, max_length=300, verbose_name="why it was lost")),
                ("next_step", models.CharField(blank=True, max_length=200)),
                ("next_step_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                (
                    "responded_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="first response"),
                ),
                (
                    "call_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="Kept by the room of calls.",
                        null=True,
                        verbose_name="call",
                    ),
                ),
                (
                    "is_open",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.ExpressionWrapper(
                            models.Q(("merged_into__isnull", True), ("status__in", ("new", "contacted", "qualified"))),
                            models.BooleanField(),
                        ),
                        output_field=models.BooleanField(),
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "email",
                    models.EmailField(help_text="As it was typed.", max_length=254, verbose_name="e-mail address"),
                ),
                ("company", models.CharField(max_length=120)),
                ("job_title", models.CharField(blank=True, max_length=120, verbose_name="role in the company")),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "employees",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1-19", "Fewer than 20"),
                            ("20-50", "20 to 50"),
                            ("51-200", "51 to 200"),
                            ("201-500", "201 to 500"),
                            ("501+", "More than 500"),
                        ],
                        max_length=10,
                        verbose_name="number of employees",
                    ),
                ),
                (
                    "message",
                    models.TextField(blank=True, max_length=4000, verbose_name="what they would like to talk about"),
                ),
                ("availability", models.CharField(blank=True, max_length=500, verbose_name="when it suits them")),
                ("consent", models.TextField(help_text="The text that was agreed to, word for word.")),
                ("consented_at", models.DateTimeField()),
                ("answers", models.TextField()),
                ("outcome", models.CharField(max_length=40)),
                (
                    "certainty",
                    models.CharField(
                        choices=[("clear", "clear"), ("leaning", "leaning"), ("mixed", "mixed")], max_length=10
                    ),
                ),
                ("seen", models.JSONField(help_text="Outcome, answers, reasons and remarks in words.")),
                (
                    "roles",
                    models.PositiveSmallIntegerField(default=0, help_text="How many roles the recommendation names."),
                ),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, help_text="As advisor.leads.priority counts."
                    ),
                ),
                ("result_code", models.CharField(max_length=64)),
                ("first_touch", models.JSONField(blank=True, default=dict)),
                ("last_touch", models.JSONField(blank=True, default=dict)),
                ("edition", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="content.edition")),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="merged",
                        to="leads.lead",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="leads",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="leads.person")),
                ("tags", models.ManyToManyField(blank=True, to="leads.tag")),
            ],
            options={
                "ordering": ["-requested_at"],
                "permissions": [("export_lead", "Can take leads out as a file")],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("note", "Note"),
                            ("spoke", "Spoke to them"),
                            ("wrote", "Wrote to them"),
                            ("tried", "Could not reach them"),
                            ("status", "Status"),
                            ("owner", "Owner"),
                            ("next-step", "Next step"),
                            ("tags", "Tags"),
                            ("booked", "Call booked"),
                            ("moved", "Call changed"),
                            ("cancelled", "Call cancelled"),
                            ("held", "Call held"),
                            ("no-show", "Nobody came to the call"),
                            ("exported", "Exported"),
                            ("webhook", "Webhook"),
                            ("merged", "Merged"),
                        ],
                        max_length=20,
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=4000)),
                (
                    "by",
                    models.CharField(
                        blank=True, help_text="The user name as it was; empty for what came by itself.", max_length=150
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="leads.lead",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of the history",
                "verbose_name_plural": "entries of the history",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["lead", "-at"], name="event_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "note",
                                    "spoke",
                                    "wrote",
                                    "tried",
                                    "status",
                                    "owner",
                                    "next-step",
                                    "tags",
                                    "booked",
                                    "moved",
                                    "cancelled",
                                    "held",
                                    "no-show",
                                    "exported",
                                    "webhook",
                                    "merged",
                                ],
                            )
                        ),
                        name="event_kind_known",
                        violation_error_message="There is no such kind of event.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ("note", "spoke", "wrote", "tried")), _negated=True),
                            models.Q(models.Q(("words", ""), _negated=True), models.Q(("by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="event_note_has_words",
                        violation_error_message="A note says something, and by whom.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", advisor.leads.models.pipeline.WordField(max_length=254)),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="words", to="leads.lead"
                    ),
                ),
            ],
            options={
                "verbose_name": "word of the search",
                "verbose_name_plural": "words of the search",
                "indexes": [models.Index(fields=["word", "-lead"], name="leadword_newest")],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("at-once", "At once: a mail for each"),
                            ("daily", "Once a day: one mail for all, if there are any"),
                        ],
                        default="at-once",
                        max_length=10,
                    ),
                ),
                ("told_until", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "user",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "verbose_name": "notice of new leads",
                "verbose_name_plural": "notices of new leads",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["at-once", "daily"])),
                        name="notice_how_known",
                        violation_error_message="There is no such way to hear of leads.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=64,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9_-]{8,64}\\Z", "This is not the key of a form."
                            )
                        ],
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("lead", models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, to="leads.lead")),
            ],
            options={
                "verbose_name": "key of a form",
                "verbose_name_plural": "keys of forms",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key",),
                        name="submission_key_once",
                        violation_error_message="This form was sent already.",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["-requested_at", "-id"], name="lead_newest"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["-priority", "-id"], name="lead_priority"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["status", "-requested_at", "-id"], name="lead_status_newest"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["status", "-priority", "-id"], name="lead_status_priority"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("is_open", True)), fields=["-requested_at", "-id"], name="lead_open"
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("is_open", True)), fields=["owner", "-requested_at", "-id"], name="lead_owner"
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("next_step_on__isnull", False)), fields=["next_step_on", "id"], name="lead_step"
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)), fields=["merged_into"], name="lead_merged"
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("call_at__isnull", False)), fields=["call_at", "id"], name="lead_call"
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("consent", ""), _negated=True), ("consented_at__lte", models.F("requested_at"))
                ),
                name="lead_has_consent",
                violation_error_message="A lead needs the consent that was given, and when.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["new", "contacted", "qualified", "won", "lost", "spam"])),
                name="lead_status_known",
                violation_error_message="There is no such status.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(("certainty__in", ["clear", "leaning", "mixed"])),
                name="lead_certainty_known",
                violation_error_message="There is no such certainty.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True),
                    models.Q(("email", ""), _negated=True),
                    models.Q(("company", ""), _negated=True),
                ),
                name="lead_can_be_reached",
                violation_error_message="A lead needs a name, an e-mail address and a company.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "lost"), models.Q(("lost_reason", ""), _negated=True)),
                    models.Q(models.Q(("status", "lost"), _negated=True), ("lost_reason", "")),
                    _connector="OR",
                ),
                name="lead_lost_has_a_reason",
                violation_error_message="A lead that is lost has a reason, and no other has one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_step", ""), ("next_step_on__isnull", True)),
                    models.Q(
                        models.Q(("next_step", ""), _negated=True),
                        ("next_step_on__isnull", False),
                        ("status__in", ("new", "contacted", "qualified")),
                    ),
                    _connector="OR",
                ),
                name="lead_next_step_has_a_day",
                violation_error_message="A next step has a day, and only an open lead has one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True),
                    models.Q(
                        ("merged_into__isnull", False),
                        ("next_step", ""),
                        models.Q(("merged_into", models.F("id")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="lead_not_merged_with_itself",
                violation_error_message="A lead is merged into another one, and has no next step of its own then.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(("priority__lte", 100)),
                name="lead_priority_to_100",
                violation_error_message="A priority is 100 at most.",
            ),
        ),
    ]
