from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

GROUPS = {"Sales": {"view_heldremoval"}, "Owners": {"view_heldremoval", "confirm_heldremoval"}}
"""Group to what it may do with held removals: those who answer for privacy let them go."""


def make_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    database = schema_editor.connection.alias
    # Django makes permissions once all migrations are through, and these are needed now.
    create_permissions(installed.get_app_config("delivery"), verbosity=0, using=database, apps=apps)
    permissions = (
        apps.get_model("auth", "Permission").objects.using(database).filter(content_type__app_label="delivery")
    )
    for name, codenames in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.using(database).get_or_create(name=name)
        group.permissions.add(*permissions.filter(codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [("delivery", "0006_held_removals")]

    # Groups that staff belong to by now are not taken away.
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
