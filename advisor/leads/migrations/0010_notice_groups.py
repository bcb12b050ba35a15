from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

OWN = {"add_notice", "change_notice", "delete_notice", "view_notice"}
GROUPS = {"Sales": OWN, "Owners": OWN}
"""Who reads leads decides whether to be told of them, each for oneself."""


def make_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    database = schema_editor.connection.alias
    # Django makes permissions once all migrations are through, and these are needed now.
    create_permissions(installed.get_app_config("leads"), verbosity=0, using=database, apps=apps)
    permissions = apps.get_model("auth", "Permission").objects.using(database).filter(content_type__app_label="leads")
    for name, codenames in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.using(database).get_or_create(name=name)
        group.permissions.add(*permissions.filter(codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [("leads", "0009_notices")]

    # Groups that staff belong to by now are not taken away.
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
