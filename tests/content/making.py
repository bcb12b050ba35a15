"""Guides made for a test: changed drafts of the first one, and copies of it under another key."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS
from msgspec import to_builtins

from advisor.content.actions import publish
from advisor.content.documents import sealed_edition
from advisor.content.drafts import read_draft
from advisor.content.editions import edition_cache
from advisor.content.models import Edition, Guide, NeedRow, Remark, Rule, Scenario
from advisor.decision import guide as decision
from advisor.decision.guide import decode, encode
from tests.conftest import GUIDE
from tests.guides import FIXTURE
from tests.replay import replayed

FIRST_RELEASE = Path(__file__).parents[1] / "editions/format-1/first-release/document.json"

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)

Record = dict[str, Any]
"""An object of a fixture: its model and its fields."""


def draft(key: str = GUIDE) -> Guide:
    """The draft of a guide."""
    return Guide.objects.get(key=key)


def tables_of_the_first_release() -> None:
    """Give the first guide's draft the rules and remarks of the edition that the first release published: more rows,
    which name questions, evidence and facts themselves. Nothing is needed before the outcome, and no case is left.
    """
    released, guide = decode(FIRST_RELEASE.read_text(encoding="utf-8")), draft()
    (follow_up,) = released.follow_ups
    guide.followup_set.update(asked_when=to_builtins(follow_up.asked_when))
    # All at once and past the history: hundreds of tests begin here.
    through = (Scenario.remarks.through, Scenario.unwanted_remarks.through)
    for model in (*through, Scenario, Rule, Remark, NeedRow):
        model._default_manager.all()._raw_delete(DEFAULT_DB_ALIAS)
    outcomes = {outcome.key: outcome for outcome in guide.outcome_set.all()}
    Rule.objects.bulk_create(
        Rule(
            guide=guide,
            position=position,
            when=to_builtins(row.when),
            outcome=outcomes[row.outcome],
            reason=row.reason,
        )
        for position, row in enumerate(released.rules, 1)
    )
    Remark.objects.bulk_create(
        Remark(guide=guide, position=position, **to_builtins(remark))
        for position, remark in enumerate(released.remarks, 1)
    )


def publish_draft(key: str = GUIDE, note: str = "Once more.") -> Edition:
    """Publish a draft as it stands, to be seen at once; its scenarios may change with it."""
    Scenario.objects.filter(guide__key=key).update(expected_to_change=True)
    edition = publish(guide=draft(key), by="editor", note=note, now=NOON)
    edition_cache.clear()
    return edition


def freeze_draft(key: str = GUIDE) -> Edition:
    """Make the draft an edition as it stands, even one that could not be published."""
    return freeze(read_draft(draft(key)))


def freeze(guide: decision.Guide) -> Edition:
    """Make any guide an edition, under its key."""
    number = Edition.objects.filter(guide__key=guide.key).count() + 1
    return store_edition(encode(guide), key=guide.key, number=number)


def store_edition(document: str, *, key: str = GUIDE, number: int = 2, damaged: bool = False) -> Edition:
    """Keep a document as an edition, as some release published it; ``damaged``, as it has become since."""
    edition = sealed_edition(
        guide=draft(key), number=number, document=document, published_at=NOON, published_by="editor", note="As is."
    )
    if damaged:
        edition.document = document.replace("Which of these", "Whichever of these")
    edition.save()
    edition_cache.clear()
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
    fixture = copied_fixture(folder, key)
    replayed(key, lambda: call_command("loaddata", fixture, verbosity=0))
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
