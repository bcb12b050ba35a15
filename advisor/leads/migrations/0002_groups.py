from django.db import migrations

from advisor.rights import granting

ACTIONS = ("add", "change", "delete", "view")
OWN = {f"{action}_notice" for action in ACTIONS}
READ = {"view_lead", "view_person", "view_tag", "view_salesperson", "view_export"} | OWN
WORK = {"change_lead", "delete_lead", "export_lead", "delete_person"}
GROUPS = {
    "Sales": READ | WORK | {f"{action}_{model}" for action in ACTIONS for model in ("tag", "salesperson")},
    "Owners": READ,
}
"""Sales erases a person who asks for it. Whoever reads leads decides for oneself whether to be told of them."""


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_first_release"), ("content", "0004_groups")]

    operations = [granting("leads", GROUPS)]
