from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

GROUPS = {"Sales": {"view_count"}, "Owners": {"view_count"}}
"""Group to what it may do with the counts: who may view them sees the insights. Nobody changes them by group."""


def make_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    database = schema_editor.connection.alias
    # Django makes permissions once all migrations are through, and these are needed now.
    create_permissions(installed.get_app_config("funnel"), verbosity=0, using=database, apps=apps)
    permissions = apps.get_model("auth", "Permission").objects.using(database).filter(content_type__app_label="funnel")
    for name, codenames in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.using(database).get_or_create(name=name)
        group.permissions.add(*permissions.filter(codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [("funnel", "0001_counts"), ("content", "0004_groups")]

    # Groups that staff belong to by now are not taken away.
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
