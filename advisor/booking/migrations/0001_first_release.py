"""The tables as the first release had them, which made them in 4 steps."""

import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import advisor.booking.models.host


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("booking", "0001_calls"),
        ("booking", "0004_bounded_notice"),
        ("booking", "0005_calls_in_the_history"),
        ("booking", "0006_agreed_index"),
    ]

    dependencies = [
        ("content", "0001_first_release"),
        ("leads", "0001_first_release"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Host",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="As visitors read it.", max_length=120)),
                (
                    "email",
                    models.EmailField(
                        help_text="Invitations and briefings go there.", max_length=254, verbose_name="e-mail address"
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Whether new calls are offered. Calls ahead have to be given away first.",
                        verbose_name="active",
                    ),
                ),
                (
                    "zone",
                    models.CharField(
                        help_text="Of the hours below: Europe/Riga. They follow summer time by themselves.",
                        max_length=64,
                        validators=[advisor.booking.models.host.zone_exists],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[("video", "Video call"), ("phone", "Phone call")],
                        default="video",
                        max_length=10,
                        verbose_name="where",
                    ),
                ),
                (
                    "place_details",
                    models.CharField(
                        help_text="The address of the video room, or how the phone call comes about: We call the number you gave.",
                        max_length=300,
                        verbose_name="link or number",
                    ),
                ),
                (
                    "takes_every_outcome",
                    models.BooleanField(default=True, help_text="Or only the outcomes chosen below."),
                ),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="A host of weight 2 gets twice as many calls as one of weight 1.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                (
                    "notice",
                    models.PositiveSmallIntegerField(
                        default=4,
                        help_text="How long before a call it has to be booked.",
                        validators=[django.core.validators.MaxValueValidator(1000)],
                        verbose_name="minimum notice",
                    ),
                ),
                (
                    "notice_unit",
                    models.CharField(
                        choices=[("hours", "hours"), ("working-days", "working days")],
                        default="hours",
                        max_length=20,
                        verbose_name="notice is in",
                    ),
                ),
                (
                    "horizon_days",
                    models.PositiveSmallIntegerField(
                        default=28,
                        help_text="How many days ahead calls can be booked.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="horizon",
                    ),
                ),
                (
                    "buffer_before",
                    models.PositiveSmallIntegerField(default=0, help_text="Minutes to prepare for a call."),
                ),
                (
                    "buffer_after",
                    models.PositiveSmallIntegerField(default=15, help_text="Minutes to finish after a call."),
                ),
                (
                    "daily_limit",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Most calls on one day; 0 for as many as fit."
                    ),
                ),
                (
                    "feed_token",
                    models.CharField(default=advisor.booking.models.host.new_token, editable=False, max_length=64),
                ),
                (
                    "outcomes",
                    models.ManyToManyField(blank=True, help_text="What this host can advise on.", to="content.outcome"),
                ),
                (
                    "user",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "zone",
                    models.CharField(
                        max_length=64,
                        validators=[advisor.booking.models.host.zone_exists],
                        verbose_name="visitor’s time zone",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("booked", "Booked"),
                            ("held", "Held"),
                            ("no-show", "Nobody came"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="booked",
                        max_length=20,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, help_text="Why it was cancelled, or what came in between.", max_length=300
                    ),
                ),
                (
                    "agreed",
                    models.CharField(
                        blank=True,
                        help_text="The outcome that was really agreed on, so that recommendations can be compared with it.",
                        max_length=40,
                        verbose_name="agreed in the end",
                    ),
                ),
                ("booked_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "token",
                    models.CharField(default=advisor.booking.models.host.new_token, editable=False, max_length=64),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "sequence",
                    models.PositiveIntegerField(
                        default=0, editable=False, help_text="How often it was changed, as calendars count it."
                    ),
                ),
                ("lead", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to="leads.lead")),
                ("host", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="booking.host")),
            ],
            options={
                "ordering": ["begins_at"],
            },
        ),
        migrations.CreateModel(
            name="HoursException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_day", models.DateField()),
                ("last_day", models.DateField(help_text="Included.")),
                (
                    "is_extra",
                    models.BooleanField(
                        default=False, help_text="Otherwise it is time off.", verbose_name="extra hours"
                    ),
                ),
                (
                    "begins",
                    models.TimeField(blank=True, help_text="Leave both empty to take whole days off.", null=True),
                ),
                ("ends", models.TimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, help_text="For colleagues: National holiday.", max_length=120)),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="exceptions", to="booking.host"
                    ),
                ),
            ],
            options={
                "verbose_name": "day with other hours",
                "verbose_name_plural": "days with other hours",
                "ordering": ["first_day", "begins"],
            },
        ),
        migrations.CreateModel(
            name="WeeklyWindow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ]
                    ),
                ),
                ("begins", models.TimeField()),
                ("ends", models.TimeField()),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="windows", to="booking.host"
                    ),
                ),
            ],
            options={
                "verbose_name": "weekly hours",
                "verbose_name_plural": "weekly hours",
                "ordering": ["weekday", "begins"],
            },
        ),
        migrations.AddConstraint(
            model_name="host",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__gte", 1)),
                name="host_has_weight",
                violation_error_message="A weight is 1 or more; who should get no calls is not active.",
            ),
        ),
        migrations.AddConstraint(
            model_name="host",
            constraint=models.UniqueConstraint(
                fields=("feed_token",),
                name="host_feed_token_unique",
                violation_error_message="Another calendar has this address.",
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["host", "begins_at"], name="call_host_begins"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("agreed", ""), _negated=True), fields=["begins_at"], name="call_agreed"
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "cancelled"), _negated=True),
                fields=("host", "begins_at"),
                name="call_slot_once",
                violation_error_message="This host has another call at this time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                fields=("token",), name="call_token_unique", violation_error_message="Another call has this address."
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                fields=("uid",), name="call_uid_unique", violation_error_message="Another call has this identity."
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(("begins_at__lt", models.F("ends_at"))),
                name="call_ends_after_it_begins",
                violation_error_message="A call ends after it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["booked", "held", "no-show", "cancelled"])),
                name="call_status_known",
                violation_error_message="There is no such status.",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(("agreed", ""), ("status", "held"), _connector="OR"),
                name="call_agreed_when_held",
                violation_error_message="Something can be agreed on only in a call that was held.",
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursexception",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_day__lte", models.F("last_day"))),
                name="exception_days_in_order",
                violation_error_message="The last day is the first one or later.",
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursexception",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("begins__isnull", True), ("ends__isnull", True), ("is_extra", False)),
                    models.Q(("begins__isnull", False), ("begins__lt", models.F("ends")), ("ends__isnull", False)),
                    _connector="OR",
                ),
                name="exception_hours_in_order",
                violation_error_message="Hours end after they begin. Only time off can be without them: whole days.",
            ),
        ),
        migrations.AddConstraint(
            model_name="weeklywindow",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday__in", [0, 1, 2, 3, 4, 5, 6])),
                name="window_weekday_known",
                violation_error_message="A week has seven days.",
            ),
        ),
        migrations.AddConstraint(
            model_name="weeklywindow",
            constraint=models.CheckConstraint(
                condition=models.Q(("begins__lt", models.F("ends"))),
                name="window_ends_after_it_begins",
                violation_error_message="Hours end after they begin, on the same day.",
            ),
        ),
    ]
