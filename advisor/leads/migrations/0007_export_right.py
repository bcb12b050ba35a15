"""Taking leads out as a file is a right of its own, which sales has."""

from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def give_to_sales(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    database = schema_editor.connection.alias
    # Django makes permissions once all migrations are through, and this one is needed now.
    create_permissions(installed.get_app_config("leads"), verbosity=0, using=database, apps=apps)
    right = apps.get_model("auth", "Permission").objects.using(database).get(codename="export_lead")
    apps.get_model("auth", "Group").objects.using(database).get(name="Sales").permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [("leads", "0006_lost_has_a_reason")]

    operations = [
        migrations.AlterModelOptions(
            name="lead",
            options={
                "ordering": ["-requested_at"],
                "permissions": [("export_lead", "Can take leads out as a file")],
            },
        ),
        migrations.RunPython(give_to_sales, migrations.RunPython.noop),
    ]
