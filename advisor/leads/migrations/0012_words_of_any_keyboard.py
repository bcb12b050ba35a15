from django.apps.registry import Apps
from django.db import migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from advisor.leads.search.words import words_of

BATCH = 500


def find_by_any_keyboard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give leads that were there before the words by which they are found now. Broken off, it can be begun again."""
    database = schema_editor.connection.alias
    leads = apps.get_model("leads", "Lead").objects.using(database)
    words = apps.get_model("leads", "LeadWord")
    # Read in pieces: on SQLite a query that is still open keeps this connection from writing once another one has.
    last = 0
    while keys := list(leads.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        last = keys[-1]
        with transaction.atomic(using=database):
            batch = list(leads.filter(pk__in=keys).order_by("pk").select_for_update())
            words.objects.using(database).filter(lead__in=batch).delete()
            made = [words(lead=lead, word=word) for lead in batch for word in words_of(lead)]
            words.objects.using(database).bulk_create(made, batch_size=5000)


class Migration(migrations.Migration):
    # Each batch for itself, so that a million leads do not have to be kept in one transaction.
    atomic = False

    dependencies = [("leads", "0002_groups")]

    operations = [migrations.RunPython(find_by_any_keyboard, migrations.RunPython.noop)]
