from django.db import migrations

from advisor.rights import granting

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


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0002_frozen_editions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [granting("content", GROUPS)]
