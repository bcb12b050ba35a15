import json
from itertools import batched

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from advisor.leads.priority import points_of
from advisor.leads.words import words_of

BATCH = 500
UNKNOWN = "Not written down at the time."


def complete(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give leads that were there before the pipeline their words and priority, and lost ones a reason."""
    database = schema_editor.connection.alias
    leads = apps.get_model("leads", "Lead").objects.using(database)
    words = apps.get_model("leads", "LeadWord")
    roles = {
        (edition.pk, outcome["key"]): len(outcome["roles"])
        for edition in apps.get_model("content", "Edition").objects.using(database).iterator()
        for outcome in json.loads(edition.document)["outcomes"]
    }
    leads.filter(status="lost").update(lost_reason=UNKNOWN)
    for batch in batched(leads.order_by("pk").iterator(BATCH), BATCH):
        for lead in batch:
            lead.roles = roles.get((lead.edition_id, lead.outcome), 0)
            lead.priority = points_of(lead, has_call=False)
        leads.bulk_update(batch, ["roles", "priority"])
        made = [words(lead=lead, word=word) for lead in batch for word in words_of(lead)]
        words.objects.using(database).bulk_create(made)


class Migration(migrations.Migration):
    dependencies = [("leads", "0003_pipeline")]

    operations = [migrations.RunPython(complete, migrations.RunPython.noop)]
