from django.db import migrations, models


class Migration(migrations.Migration):
    """Django renames the content type and the permissions with the model, so groups, accounts and the log of changes
    keep theirs.
    """

    dependencies = [
        ("leads", "0015_words_of_names_first"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="notice", name="notice_how_known"),
        migrations.RenameModel(old_name="Notice", new_name="LeadAlert"),
        migrations.AlterModelOptions(name="leadalert", options={}),
        migrations.RenameField(model_name="leadalert", old_name="how", new_name="frequency"),
        migrations.RenameField(model_name="leadalert", old_name="told_until", new_name="notified_until"),
        migrations.AddConstraint(
            model_name="leadalert",
            constraint=models.CheckConstraint(
                condition=models.Q(("frequency__in", ["at-once", "daily"])),
                name="leadalert_frequency_known",
                violation_error_message="There is no such frequency.",
            ),
        ),
    ]
