from django.db import migrations

from advisor.rights import granting

GROUPS = {"Sales": {"view_message", "change_message", "view_chore"}, "Owners": {"view_message", "view_chore"}}


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_first_release"), ("content", "0004_groups")]

    operations = [granting("delivery", GROUPS)]
