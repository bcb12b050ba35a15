from django.db import migrations

from advisor.rights import granting

READ = {"view_tally", "view_line"}
EDIT = READ | {"delete_line"}
GROUPS = {"Editors": EDIT, "Publishers": EDIT, "Owners": READ}


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_first"), ("content", "0004_groups")]

    operations = [granting("feedback", GROUPS)]
