from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from advisor.leads.priority import points_of

BATCH = 500
ENDS = {"held": "held", "no-show": "no-show", "cancelled": "cancelled"}
"""What became of a call, and the kind of event that tells so."""


def tell(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write into the history of leads what became of the calls that were booked before there was one."""
    database = schema_editor.connection.alias
    events = apps.get_model("leads", "Event")
    calls = apps.get_model("booking", "Call").objects.using(database).select_related("lead", "host")
    made = []
    for call in calls.iterator(BATCH):
        words = f"{call.begins_at:%-d %B %Y, %H:%M} UTC, with {call.host.name}"
        made.append(events(lead=call.lead, at=call.booked_at, kind="booked", words=words))
        if call.status in ENDS:
            made.append(events(lead=call.lead, at=call.changed_at, kind=ENDS[call.status], words=words))
        if call.status != "cancelled":
            call.lead.call_at = call.begins_at
            call.lead.priority = points_of(call.lead, has_call=True)
        if call.status == "held":
            call.lead.responded_at = max(call.begins_at, call.lead.requested_at)
        call.lead.save(update_fields=["call_at", "priority", "responded_at"])
    events.objects.using(database).bulk_create(made, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("booking", "0004_bounded_notice"), ("leads", "0006_lost_has_a_reason")]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
