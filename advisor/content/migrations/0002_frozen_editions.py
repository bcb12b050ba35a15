"""Triggers that refuse to change or delete an edition, whoever asks: the model's refusal is for people, this for truth."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    f"""
    CREATE TRIGGER edition_frozen_{event.lower()} BEFORE {event} ON content_edition
    BEGIN SELECT RAISE(ABORT, 'edition_frozen: an edition never changes'); END
    """
    for event in ("UPDATE", "DELETE")
] + [
    # INSERT OR REPLACE deletes without firing the trigger for it.
    """
    CREATE TRIGGER edition_frozen_replace BEFORE INSERT ON content_edition
    WHEN EXISTS (
        SELECT 1 FROM content_edition WHERE id = NEW.id OR (guide_id = NEW.guide_id AND number = NEW.number)
    )
    BEGIN SELECT RAISE(ABORT, 'edition_number_unique: this edition exists and never changes'); END
    """
]
POSTGRESQL = [
    """
    CREATE FUNCTION edition_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'edition_frozen: an edition never changes' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER edition_frozen BEFORE UPDATE OR DELETE ON content_edition
    FOR EACH ROW EXECUTE FUNCTION edition_frozen()
    """,
    """
    CREATE TRIGGER edition_frozen_truncate BEFORE TRUNCATE ON content_edition
    FOR EACH STATEMENT EXECUTE FUNCTION edition_frozen()
    """,
]
UNDO = {
    "sqlite": [f"DROP TRIGGER edition_frozen_{event}" for event in ("update", "delete", "replace")],
    "postgresql": [
        "DROP TRIGGER edition_frozen ON content_edition",
        "DROP TRIGGER edition_frozen_truncate ON content_edition",
        "DROP FUNCTION edition_frozen()",
    ],
}


def freeze(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def thaw(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("content", "0001_first_release")]

    operations = [migrations.RunPython(freeze, thaw)]
