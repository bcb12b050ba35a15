from django.db import migrations

from advisor.rights import granting

GROUPS = {"Owners": {"view_loginevent"}}


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_first"), ("content", "0004_groups")]

    operations = [granting("accounts", GROUPS)]
