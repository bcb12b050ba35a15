from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

HOURS = {f"{action}_{model}" for action in ("add", "change", "delete") for model in ("weeklywindow", "hoursexception")}
READ = {f"view_{model}" for model in ("call", "host", "weeklywindow", "hoursexception")}
GROUPS = {"Sales": READ | HOURS | {"add_host", "change_host", "change_call"}, "Owners": READ}
"""Group to what it may do with calls. Nobody deletes a call by group: it is cancelled, or goes with its lead."""


def make_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    database = schema_editor.connection.alias
    # Django makes permissions once all migrations are through, and these are needed now.
    create_permissions(installed.get_app_config("booking"), verbosity=0, using=database, apps=apps)
    permissions = apps.get_model("auth", "Permission").objects.using(database).filter(content_type__app_label="booking")
    for name, codenames in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.using(database).get_or_create(name=name)
        group.permissions.add(*permissions.filter(codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [("booking", "0002_no_overlap")]

    # Groups that staff belong to by now are not taken away.
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
