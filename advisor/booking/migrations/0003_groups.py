from django.db import migrations

from advisor.rights import granting

HOURS = {f"{action}_{model}" for action in ("add", "change", "delete") for model in ("weeklywindow", "hoursexception")}
READ = {f"view_{model}" for model in ("call", "host", "weeklywindow", "hoursexception")}
GROUPS = {"Sales": READ | HOURS | {"add_host", "change_host", "change_call"}, "Owners": READ}
"""Group to what it may do with calls. Nobody deletes a call by group: it is cancelled, or goes with its lead."""


class Migration(migrations.Migration):
    dependencies = [("booking", "0002_no_overlap"), ("content", "0004_groups")]

    operations = [granting("booking", GROUPS)]
