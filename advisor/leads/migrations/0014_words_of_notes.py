from django.apps.registry import Apps
from django.db import migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from advisor.leads.search.index import typed_in
from advisor.leads.search.words import words_in

BATCH = 500


def find_by_notes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Have leads found by what was noted about them before. Broken off, it can be begun again."""
    database = schema_editor.connection.alias
    events = apps.get_model("leads", "Event").objects.using(database)
    words = apps.get_model("leads", "LeadWord").objects.using(database)
    noted = events.exclude(words="").order_by("lead").values_list("lead", flat=True).distinct()
    # Read in pieces: on SQLite a query that is still open keeps this connection from writing once another one has.
    last = 0
    while keys := list(noted.filter(lead__gt=last)[:BATCH]):
        last = keys[-1]
        with transaction.atomic(using=database):
            known = set(words.filter(lead__in=keys).values_list("lead", "word"))
            found = {
                (event.lead_id, word): None
                for event in events.filter(lead__in=keys).order_by("pk")
                for word in words_in(typed_in(event))
            }
            made = [words.model(lead_id=lead, word=word) for lead, word in found if (lead, word) not in known]
            words.bulk_create(made, batch_size=5000)


class Migration(migrations.Migration):
    # Each batch for itself, so that a million leads do not have to be kept in one transaction.
    atomic = False

    dependencies = [("leads", "0013_corrected_details")]

    operations = [migrations.RunPython(find_by_notes, migrations.RunPython.noop)]
