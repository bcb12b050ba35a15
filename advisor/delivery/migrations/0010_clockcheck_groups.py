from django.db import migrations

from advisor.rights import granting

GROUPS = {"Sales": {"view_clockcheck"}, "Owners": {"view_clockcheck", "confirm_clockcheck"}}
"""Those who let removals go say that the clock is right."""


class Migration(migrations.Migration):
    dependencies = [("delivery", "0009_clockcheck")]

    operations = [granting("delivery", GROUPS)]
