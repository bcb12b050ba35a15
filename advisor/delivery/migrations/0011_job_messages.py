from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0010_clockcheck_groups"),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name="chore",
            name="chore_once_a_day",
            constraint=models.UniqueConstraint(
                fields=("name", "day"),
                name="chore_once_a_day",
                violation_error_message="This job was started on this day already.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="chore",
            name="chore_done_or_again",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("again_at__isnull", False), ("done_at__isnull", True)),
                    models.Q(("again_at__isnull", True), ("done_at__isnull", False)),
                    _connector="OR",
                ),
                name="chore_done_or_again",
                violation_error_message="A job is done, or has a time from which it is started again.",
            ),
        ),
    ]
