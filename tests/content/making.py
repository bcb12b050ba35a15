"""Guides made for a test: changed drafts of the first one, and copies of it under another key."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command

from advisor.content.actions import publish
from advisor.content.documents import checksum
from advisor.content.drafts import read_draft
from advisor.content.editions import shelf
from advisor.content.models import Edition, Guide, Scenario
from advisor.decision.guide import encode
from tests.conftest import GUIDE
from tests.guides import FIXTURE

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)

Record = dict[str, Any]
"""An object of a fixture: its model and its fields."""


def draft(key: str = GUIDE) -> Guide:
    """The draft of a guide."""
    return Guide.objects.get(key=key)


def publish_draft(key: str = GUIDE, note: str = "Once more.") -> Edition:
    """Publish a draft as it stands, to be seen at once; its scenarios may change with it."""
    Scenario.objects.filter(guide__key=key).update(expected_to_change=True)
    edition = publish(guide=draft(key), by="editor", note=note, now=NOON)
    shelf.forget()
    return edition


def freeze_draft(key: str = GUIDE) -> Edition:
    """Make the draft an edition as it stands, even one that could not be published."""
    document = encode(read_draft(draft(key)))
    number = Edition.objects.filter(guide__key=key).count() + 1
    edition = Edition.objects.create(
        guide=draft(key),
        number=number,
        document=document,
        checksum=checksum(document),
        published_at=NOON,
        note="As is.",
    )
    shelf.forget()
    return edition


def copied_fixture(folder: Path, key: str, edit: Callable[[list[Record]], None] = lambda records: None) -> Path:
    """A fixture that holds the first guide under another key, edited as the test needs it."""
    records: list[Record] = json.loads(FIXTURE.read_text(encoding="utf-8").replace(f'"{GUIDE}"', f'"{key}"'))
    records[0]["fields"] |= {"number": 2, "is_default": False}
    edit(records)
    path = folder / f"{key}.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


def load_copy(folder: Path, key: str) -> Guide:
    """A second guide, not published."""
    call_command("loaddata", copied_fixture(folder, key), verbosity=0)
    return draft(key)


def named(records: list[Record], model: str, **fields: Any) -> Record:
    """The fields of the one object of a model with these fields."""
    found: Record
    (found,) = (
        record["fields"]
        for record in records
        if record["model"] == f"content.{model}" and fields.items() <= record["fields"].items()
    )
    return found


def publish_titled(title: str) -> None:
    """Publish the first guide with another title."""
    Guide.objects.filter(key=GUIDE).update(title=title)
    publish_draft()
