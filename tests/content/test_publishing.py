"""Publishing: a complete draft becomes the next edition, an unfinished one becomes nothing."""

from collections.abc import Callable
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from advisor.content.actions import PublishBlockedError, publish
from advisor.content.drafts import read_draft
from advisor.content.models import Cell, Choice, Edition, Guide, Outcome, Question, Role, Rule, Signal
from advisor.decision.guide import decode, encode
from tests.conftest import GUIDE
from tests.content.making import NOON, draft, load_copy, publish_draft
from tests.guides import first_guide

pytestmark = pytest.mark.django_db


def seed() -> str:
    out = StringIO()
    call_command("seed", stdout=out)
    return out.getvalue()


def test_editions_are_numbered_from_one_for_each_guide(tmp_path: Path) -> None:
    load_copy(tmp_path, "second-guide")

    for _ in range(2):
        publish_draft(GUIDE)
        publish_draft("second-guide")

    numbers = Edition.objects.order_by("guide", "number").values_list("guide__key", "number")
    assert list(numbers) == [(GUIDE, 1), (GUIDE, 2), (GUIDE, 3), ("second-guide", 1), ("second-guide", 2)]


def test_an_edition_keeps_who_published_it_when_and_why() -> None:
    publish(guide=draft(), by="editor", note="Plainer words.", now=NOON)

    edition = Edition.objects.get(number=2)
    assert (edition.published_by, edition.note, edition.published_at) == ("editor", "Plainer words.", NOON)


def test_the_checksum_is_that_of_the_document() -> None:
    edition = publish_draft()

    stored = Edition.objects.get(pk=edition.pk)
    assert stored.checksum == sha256(stored.document.encode()).hexdigest()


def test_the_document_is_the_draft() -> None:
    edition = publish_draft()

    document = Edition.objects.get(pk=edition.pk).document
    assert document == encode(read_draft(draft()))
    assert encode(decode(document)) == document


def test_the_first_guide_is_published_as_its_fixture_says() -> None:
    edition = Edition.objects.get(guide__key=GUIDE, number=1)

    assert edition.document == encode(first_guide())


def test_the_same_draft_gives_the_same_document() -> None:
    first, second = publish_draft(), publish_draft()

    assert first.document == second.document


def test_a_change_of_the_draft_leaves_the_edition_as_it_was() -> None:
    edition = publish_draft()

    Signal.objects.filter(key="messy-stack").update(text="Something else.")
    Rule.objects.get(position=1).delete()

    assert Edition.objects.get(pk=edition.pk).document == encode(first_guide())


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        pytest.param(
            lambda: Cell.objects.filter(dimension__key="focus").delete(), "dimensions focus", id="a cell is missing"
        ),
        pytest.param(lambda: Rule.objects.get(position=8).delete(), "rules", id="the last rule is missing"),
        pytest.param(lambda: Role.objects.filter(key="head-of-ai").update(summary=" "), "roles head-of-ai", id="text"),
        pytest.param(lambda: Outcome.objects.create(guide=draft(), key="new"), "outcomes new", id="unused outcome"),
        pytest.param(lambda: Question.objects.create(guide=draft(), key="new"), "questions new", id="no choices"),
        pytest.param(lambda: Choice.objects.filter(key="hands-on").update(label=""), "questions scope", id="a label"),
        pytest.param(lambda: Guide.objects.update(key="privacy"), "key", id="a key that means something else"),
        pytest.param(
            lambda: Rule.objects.filter(position=3).update(when={"hardware": ["yes"]}), "rules 3", id="a condition"
        ),
    ],
)
def test_an_unfinished_draft_is_refused_and_nothing_is_written(damage: Callable[[], object], place: str) -> None:
    damage()

    with pytest.raises(PublishBlockedError) as refusal:
        publish(guide=Guide.objects.get(), by="editor", note="Too early.", now=NOON)

    assert any(blocker.place.startswith(place) for blocker in refusal.value.blockers)
    assert place in str(refusal.value)
    assert Edition.objects.count() == 1


def test_the_command_publishes_and_says_so() -> None:
    out = StringIO()

    call_command("publish", GUIDE, note="From the shell.", stdout=out)

    edition = Edition.objects.get(number=2)
    assert (edition.note, edition.published_by) == ("From the shell.", "command line")
    assert "edition 2" in out.getvalue()


def test_the_command_names_the_guides_there_are_when_it_does_not_know_one() -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("publish", "cook-or-waiter")

    assert str(refusal.value) == f"There is no guide “cook-or-waiter”. Guides: {GUIDE}."


def test_the_command_lists_what_is_missing() -> None:
    Cell.objects.filter(dimension__key="focus").delete()

    with pytest.raises(CommandError) as refusal:
        call_command("publish", GUIDE)

    assert str(refusal.value).splitlines() == [
        "The guide cannot be published:",
        "  dimensions focus: The cell for “Fractional CTO” is missing.",
        "  dimensions focus: The cell for “Fractional Head of AI” is missing.",
    ]
    assert Edition.objects.count() == 1


def test_seeding_again_does_nothing() -> None:
    said = seed()

    assert said == ""
    assert (Guide.objects.count(), Edition.objects.count()) == (1, 1)


@pytest.mark.usefixtures("empty_database")
def test_seeding_loads_and_publishes_the_first_guide_where_there_is_none() -> None:
    said = seed()

    assert "edition 1" in said
    assert (Guide.objects.get().key, Edition.objects.get().number) == (GUIDE, 1)


@pytest.mark.usefixtures("empty_database")
def test_seeding_publishes_what_was_loaded_and_never_published() -> None:
    call_command("loaddata", GUIDE, verbosity=0)
    Guide.objects.update(title="In the editor's words?")

    seed()

    assert decode(Edition.objects.get().document).title == "In the editor's words?"


@pytest.mark.usefixtures("empty_database")
def test_seeding_leaves_a_site_with_another_guide_alone(tmp_path: Path) -> None:
    load_copy(tmp_path, "second-guide")

    said = seed()

    assert said == ""
    assert (Guide.objects.get().key, Edition.objects.count()) == ("second-guide", 0)
