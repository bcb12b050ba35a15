"""The tables as the first release had them, which made them in 4 steps."""

import django.db.models.deletion
from django.db import migrations, models

import advisor.delivery.models.endpoint


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("delivery", "0001_outbox"),
        ("delivery", "0003_chores"),
        ("delivery", "0004_chore_groups"),
        ("delivery", "0005_webhooks"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Chore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("day", models.DateField()),
                ("began_at", models.DateTimeField(help_text="The latest time that it was begun.")),
                ("attempts", models.PositiveIntegerField(default=1)),
                (
                    "again_at",
                    models.DateTimeField(blank=True, help_text="Not done by then, it is taken up again.", null=True),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("report", models.CharField(blank=True, help_text="What it did, in words.", max_length=500)),
                ("last_error", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "ordering": ["-day", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "day"),
                        name="chore_once_a_day",
                        violation_error_message="This chore was taken up on this day already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("again_at__isnull", False), ("done_at__isnull", True)),
                            models.Q(("again_at__isnull", True), ("done_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="chore_done_or_again",
                        violation_error_message="A chore is done, or has a time from which it is taken up again.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="For colleagues: CRM.", max_length=100)),
                (
                    "address",
                    models.CharField(
                        help_text="https://crm.example.com/hooks/advisor. It has to be reachable from the internet.",
                        max_length=500,
                    ),
                ),
                (
                    "events",
                    models.JSONField(
                        default=list,
                        help_text="What it is told about.",
                        validators=[advisor.delivery.models.endpoint.events_are_known],
                    ),
                ),
                (
                    "secret",
                    models.CharField(
                        default=advisor.delivery.models.endpoint.new_secret, editable=False, max_length=100
                    ),
                ),
                ("old_secret", models.CharField(blank=True, editable=False, max_length=100)),
                ("old_secret_until", models.DateTimeField(editable=False, null=True)),
                ("is_active", models.BooleanField(default=True, editable=False, verbose_name="active")),
                ("disabled_at", models.DateTimeField(editable=False, null=True, verbose_name="switched off at")),
                (
                    "disabled_because",
                    models.CharField(blank=True, editable=False, max_length=600, verbose_name="switched off because"),
                ),
                (
                    "failures",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="failed attempts in a row"),
                ),
                ("failing_since", models.DateTimeField(editable=False, null=True)),
                ("last_success_at", models.DateTimeField(editable=False, null=True, verbose_name="last accepted at")),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name",),
                        name="endpoint_name_unique",
                        violation_error_message="Another endpoint has this name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("disabled_at__isnull", True), ("disabled_because", ""), ("is_active", True)),
                            models.Q(
                                ("disabled_at__isnull", False),
                                ("is_active", False),
                                models.Q(("disabled_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="endpoint_disabled_with_reason",
                        violation_error_message="What is switched off has a reason and a time, and nothing else has.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("old_secret", ""), ("old_secret_until__isnull", True)),
                            models.Q(models.Q(("old_secret", ""), _negated=True), ("old_secret_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="endpoint_old_secret_has_an_end",
                        violation_error_message="An old secret has an end.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failing_since__isnull", True), ("failures", 0)),
                            models.Q(("failing_since__isnull", False), ("failures__gt", 0)),
                            _connector="OR",
                        ),
                        name="endpoint_failing_has_a_beginning",
                        violation_error_message="What fails has a time since when it does, and nothing else has.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120)),
                ("about", models.CharField(db_index=True, max_length=60)),
                (
                    "channel",
                    models.CharField(choices=[("mail", "Mail"), ("webhook", "Webhook")], default="mail", max_length=10),
                ),
                ("to", models.EmailField(blank=True, max_length=254)),
                ("reply_to", models.EmailField(blank=True, max_length=254)),
                ("subject", models.CharField(max_length=400)),
                ("text", models.TextField()),
                ("html", models.TextField(blank=True, verbose_name="HTML")),
                (
                    "attachments",
                    models.JSONField(blank=True, default=list, help_text="Each as advisor.delivery.mail.Attachment."),
                ),
                (
                    "message_id",
                    models.CharField(
                        help_text="The same on every attempt; the webhook-id of a webhook.",
                        max_length=250,
                        verbose_name="Message-ID",
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "expires_at",
                    models.DateTimeField(blank=True, help_text="From then on it is not sent any more.", null=True),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "attempts",
                    models.IntegerField(
                        default=0,
                        help_text="Since it was written or sent again, with those that a worker did not live to the end of.",
                    ),
                ),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("leased_by", models.CharField(blank=True, max_length=100)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("last_error", models.CharField(blank=True, max_length=500)),
                (
                    "endpoint",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="delivery.endpoint"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("error", models.CharField(blank=True, max_length=500)),
                ("milliseconds", models.PositiveIntegerField(default=0)),
                ("request", models.TextField(blank=True)),
                ("status", models.PositiveIntegerField(default=0)),
                ("answer", models.TextField(blank=True)),
                ("message", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="delivery.message")),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["state", "due_at"], name="message_due"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("key",), name="message_key_unique", violation_error_message="This message was written already."
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["mail", "webhook"])),
                name="message_channel_known",
                violation_error_message="There is no such channel.",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("endpoint__isnull", True),
                        models.Q(("channel", "webhook"), _negated=True),
                        models.Q(("to", ""), _negated=True),
                    ),
                    models.Q(("channel", "webhook"), ("endpoint__isnull", False), ("to", "")),
                    _connector="OR",
                ),
                name="message_has_one_recipient",
                violation_error_message="Mail goes to an address, a webhook to an endpoint.",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "sent", "failed", "withdrawn", "expired"])),
                name="message_state_known",
                violation_error_message="There is no such state.",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                    models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)),
                    _connector="OR",
                ),
                name="message_sent_has_a_time",
                violation_error_message="What is sent has a time when it was, and nothing else has.",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("attempts__gte", 0)),
                name="message_attempts_from_zero",
                violation_error_message="There are no fewer than no attempts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lease_until__isnull", True), ("leased_by", "")),
                    models.Q(models.Q(("leased_by", ""), _negated=True), ("lease_until__isnull", False)),
                    _connector="OR",
                ),
                name="message_lease_has_an_end",
                violation_error_message="A lease has someone who holds it and an end.",
            ),
        ),
    ]
