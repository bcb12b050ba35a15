from django.apps.registry import Apps
from django.db import migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from advisor.leads.search.index import typed_in
from advisor.leads.search.words import words_in, words_of

BATCH = 500


def find_by_names_first(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Have leads found by what a long text left out, and by their number as it is dialled. Broken off, it can be begun
    again.
    """
    database = schema_editor.connection.alias
    leads = apps.get_model("leads", "Lead").objects.using(database)
    events = apps.get_model("leads", "Event").objects.using(database)
    words = apps.get_model("leads", "LeadWord").objects.using(database)
    # Read in pieces: on SQLite a query that is still open keeps this connection from writing once another one has.
    last = 0
    while keys := list(leads.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        last = keys[-1]
        with transaction.atomic(using=database):
            batch = list(leads.filter(pk__in=keys).order_by("pk").select_for_update())
            known = set(words.filter(lead__in=keys).values_list("lead", "word"))
            of_leads = ((lead.pk, word) for lead in batch for word in words_of(lead))
            of_notes = (
                (event.lead_id, word)
                for event in events.filter(lead__in=batch).order_by("pk")
                for word in words_in(typed_in(event))
            )
            found = dict.fromkeys([*of_leads, *of_notes])
            made = [words.model(lead_id=lead, word=word) for lead, word in found if (lead, word) not in known]
            words.bulk_create(made, batch_size=5000)


class Migration(migrations.Migration):
    # Each batch for itself, so that a million leads do not have to be kept in one transaction.
    atomic = False

    dependencies = [("leads", "0014_words_of_notes")]

    operations = [migrations.RunPython(find_by_names_first, migrations.RunPython.noop)]
