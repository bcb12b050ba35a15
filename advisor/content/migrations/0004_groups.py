from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

PARTS = (
    "cell",
    "choice",
    "dimension",
    "followup",
    "frequentquestion",
    "outcome",
    "question",
    "remark",
    "role",
    "rule",
    "scenario",
    "sharedconcern",
    "signal",
)
READ = {f"view_{model}" for model in (*PARTS, "guide", "edition", "previewlink")}
EDIT = (
    READ
    | {f"{action}_{model}" for model in PARTS for action in ("add", "change", "delete")}
    | {"add_guide", "change_guide", "add_previewlink", "change_previewlink"}
)
GROUPS = {"Editors": EDIT, "Publishers": EDIT | {"publish_edition"}, "Sales": set(), "Owners": READ}
"""Group to what it may do with the content. Nobody deletes a guide by group: one that is not wanted is retired."""


def make_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    database = schema_editor.connection.alias
    # Django makes permissions once all migrations are through, and these are needed now.
    create_permissions(installed.get_app_config("content"), verbosity=0, using=database, apps=apps)
    permissions = apps.get_model("auth", "Permission").objects.using(database).filter(content_type__app_label="content")
    for name, codenames in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.using(database).get_or_create(name=name)
        group.permissions.add(*permissions.filter(codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0003_history_scenarios_previews"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    # Groups that staff belong to by now are not taken away.
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
