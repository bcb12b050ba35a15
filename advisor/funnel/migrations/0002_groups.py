from django.db import migrations

from advisor.rights import granting

GROUPS = {"Sales": {"view_count"}, "Owners": {"view_count"}}


class Migration(migrations.Migration):
    dependencies = [("funnel", "0001_first_release"), ("content", "0004_groups")]

    operations = [granting("funnel", GROUPS)]
