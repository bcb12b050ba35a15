from django.db import migrations

from advisor.rights import granting

GROUPS = {"Sales": {"view_heldremoval"}, "Owners": {"view_heldremoval", "confirm_heldremoval"}}
"""Those who answer for privacy let them go."""


class Migration(migrations.Migration):
    dependencies = [("delivery", "0006_held_removals")]

    operations = [granting("delivery", GROUPS)]
