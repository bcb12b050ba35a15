"""No two calls of a host overlap, whoever writes them. Cancelled calls do not count.

On SQLite these are triggers, which a later migration has to make anew when it rebuilds the table.
"""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

OVERLAPS = """
    WHEN NEW.status <> 'cancelled' AND EXISTS (
        SELECT 1 FROM booking_call AS other
        WHERE other.host_id = NEW.host_id AND other.id <> NEW.id AND other.status <> 'cancelled'
        AND other.begins_at < NEW.ends_at AND NEW.begins_at < other.ends_at
    )
    BEGIN SELECT RAISE(ABORT, 'call_no_overlap: this host has another call at this time'); END
"""
SQLITE = [
    "CREATE TRIGGER call_no_overlap_insert AFTER INSERT ON booking_call" + OVERLAPS,
    "CREATE TRIGGER call_no_overlap_update AFTER UPDATE ON booking_call" + OVERLAPS,
]
# A range of one number stands for the host, so that no extension is needed to index it beside a period.
POSTGRESQL = [
    """
    ALTER TABLE booking_call ADD CONSTRAINT call_no_overlap EXCLUDE USING gist (
        int8range(host_id, host_id, '[]') WITH &&, tstzrange(begins_at, ends_at) WITH &&
    ) WHERE (status <> 'cancelled')
    """
]
UNDO = {
    "sqlite": ["DROP TRIGGER call_no_overlap_insert", "DROP TRIGGER call_no_overlap_update"],
    "postgresql": ["ALTER TABLE booking_call DROP CONSTRAINT call_no_overlap"],
}


def forbid(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def allow(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("booking", "0001_first_release")]

    operations = [migrations.RunPython(forbid, allow)]
