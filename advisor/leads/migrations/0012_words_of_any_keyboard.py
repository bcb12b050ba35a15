from itertools import batched

from django.apps.registry import Apps
from django.db import migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from advisor.leads.words import words_of

BATCH = 500


def find_by_any_keyboard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give leads that were there before the words by which they are found now. Broken off, it can be begun again."""
    database = schema_editor.connection.alias
    leads = apps.get_model("leads", "Lead").objects.using(database)
    words = apps.get_model("leads", "LeadWord")
    for keys in batched(leads.order_by("pk").values_list("pk", flat=True).iterator(BATCH), BATCH):
        with transaction.atomic(using=database):
            batch = list(leads.filter(pk__in=keys).order_by("pk").select_for_update())
            words.objects.using(database).filter(lead__in=batch).delete()
            made = [words(lead=lead, word=word) for lead in batch for word in words_of(lead)]
            words.objects.using(database).bulk_create(made, batch_size=5000)


class Migration(migrations.Migration):
    # Each batch for itself, so that a million leads do not have to be kept in one transaction.
    atomic = False

    dependencies = [("leads", "0011_names_in_words")]

    operations = [migrations.RunPython(find_by_any_keyboard, migrations.RunPython.noop)]
