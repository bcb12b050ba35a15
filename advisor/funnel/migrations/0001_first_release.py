"""The tables as the first release had them, which made them in 4 steps."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("funnel", "0001_counts"),
        ("funnel", "0003_responses"),
        ("funnel", "0004_spans"),
        ("funnel", "0005_weeks_and_months"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Count",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("guide", models.CharField(max_length=40)),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("landing", "Landing seen"),
                            ("shown", "Question shown"),
                            ("answered", "Question answered"),
                            ("result", "Result shown"),
                            ("signal", "Situation ticked"),
                            ("contradiction", "Contradiction seen"),
                            ("call-page", "Call page opened"),
                            ("lead", "Request sent"),
                            ("call", "Call booked"),
                            ("response", "First response"),
                        ],
                        max_length=20,
                    ),
                ),
                ("day", models.DateField(help_text="In UTC.")),
                ("edition", models.PositiveIntegerField()),
                ("about", models.CharField(blank=True, max_length=40)),
                (
                    "certainty",
                    models.CharField(
                        blank=True,
                        choices=[("clear", "clear"), ("leaning", "leaning"), ("mixed", "mixed")],
                        max_length=10,
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=60)),
                (
                    "entrance",
                    models.CharField(
                        choices=[("own", "Own site"), ("embedded", "Embedded in another site")],
                        default="own",
                        max_length=10,
                    ),
                ),
                ("number", models.PositiveBigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["day", "source"], name="count_day_source")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)),
                        name="count_positive",
                        violation_error_message="What never happened is not counted.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "step__in",
                                [
                                    "landing",
                                    "shown",
                                    "answered",
                                    "result",
                                    "signal",
                                    "contradiction",
                                    "call-page",
                                    "lead",
                                    "call",
                                    "response",
                                ],
                            )
                        ),
                        name="count_step_known",
                        violation_error_message="There is no such step.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("certainty__in", ["", "clear", "leaning", "mixed"])),
                        name="count_certainty_known",
                        violation_error_message="There is no such certainty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("entrance__in", ["own", "embedded"])),
                        name="count_entrance_known",
                        violation_error_message="There is no such entrance.",
                    ),
                    models.UniqueConstraint(
                        fields=("guide", "step", "day", "edition", "about", "certainty", "source", "entrance"),
                        name="count_once",
                        violation_error_message="This is counted in another row.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("guide", models.CharField(max_length=40)),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("landing", "Landing seen"),
                            ("shown", "Question shown"),
                            ("answered", "Question answered"),
                            ("result", "Result shown"),
                            ("signal", "Situation ticked"),
                            ("contradiction", "Contradiction seen"),
                            ("call-page", "Call page opened"),
                            ("lead", "Request sent"),
                            ("call", "Call booked"),
                            ("response", "First response"),
                        ],
                        max_length=20,
                    ),
                ),
                ("day", models.DateField(help_text="In UTC.")),
                ("edition", models.PositiveIntegerField()),
                (
                    "span",
                    models.CharField(
                        choices=[("day", "Day"), ("week", "Week from Monday on"), ("month", "Calendar month")],
                        default="day",
                        max_length=5,
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=60)),
                ("number", models.PositiveBigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["guide", "step", "span", "day", "source", "edition", "number"],
                        name="sourcetotal_by_span",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)),
                        name="sourcetotal_positive",
                        violation_error_message="What never happened is not counted.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "step__in",
                                [
                                    "landing",
                                    "shown",
                                    "answered",
                                    "result",
                                    "signal",
                                    "contradiction",
                                    "call-page",
                                    "lead",
                                    "call",
                                    "response",
                                ],
                            )
                        ),
                        name="sourcetotal_step_known",
                        violation_error_message="There is no such step.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("span__in", ["day", "week", "month"])),
                        name="sourcetotal_span_known",
                        violation_error_message="There is no such span.",
                    ),
                    models.UniqueConstraint(
                        fields=("guide", "step", "day", "edition", "span", "source"),
                        name="sourcetotal_once",
                        violation_error_message="This is counted in another row.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Total",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("guide", models.CharField(max_length=40)),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("landing", "Landing seen"),
                            ("shown", "Question shown"),
                            ("answered", "Question answered"),
                            ("result", "Result shown"),
                            ("signal", "Situation ticked"),
                            ("contradiction", "Contradiction seen"),
                            ("call-page", "Call page opened"),
                            ("lead", "Request sent"),
                            ("call", "Call booked"),
                            ("response", "First response"),
                        ],
                        max_length=20,
                    ),
                ),
                ("day", models.DateField(help_text="In UTC.")),
                ("edition", models.PositiveIntegerField()),
                (
                    "span",
                    models.CharField(
                        choices=[("day", "Day"), ("week", "Week from Monday on"), ("month", "Calendar month")],
                        default="day",
                        max_length=5,
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=40)),
                (
                    "certainty",
                    models.CharField(
                        blank=True,
                        choices=[("clear", "clear"), ("leaning", "leaning"), ("mixed", "mixed")],
                        max_length=10,
                    ),
                ),
                (
                    "entrance",
                    models.CharField(
                        choices=[("own", "Own site"), ("embedded", "Embedded in another site")],
                        default="own",
                        max_length=10,
                    ),
                ),
                ("number", models.PositiveBigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["guide", "step", "span", "day", "about", "certainty", "entrance", "edition", "number"],
                        name="total_by_span",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)),
                        name="total_positive",
                        violation_error_message="What never happened is not counted.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "step__in",
                                [
                                    "landing",
                                    "shown",
                                    "answered",
                                    "result",
                                    "signal",
                                    "contradiction",
                                    "call-page",
                                    "lead",
                                    "call",
                                    "response",
                                ],
                            )
                        ),
                        name="total_step_known",
                        violation_error_message="There is no such step.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("span__in", ["day", "week", "month"])),
                        name="total_span_known",
                        violation_error_message="There is no such span.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("certainty__in", ["", "clear", "leaning", "mixed"])),
                        name="total_certainty_known",
                        violation_error_message="There is no such certainty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("entrance__in", ["own", "embedded"])),
                        name="total_entrance_known",
                        violation_error_message="There is no such entrance.",
                    ),
                    models.UniqueConstraint(
                        fields=("guide", "step", "day", "edition", "span", "about", "certainty", "entrance"),
                        name="total_once",
                        violation_error_message="This is counted in another row.",
                    ),
                ],
            },
        ),
    ]
