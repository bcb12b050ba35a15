"""A document of an older format becomes one of today, step by step; one that is newer, or none, is refused."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from advisor.decision import formats
from advisor.decision import guide as guides
from advisor.decision.formats import FORMAT, Document, FormatError, NewerFormatError, upgrade
from advisor.decision.guide import decode, encode
from tests.guides import small_guide


def stored(**changes: Any) -> str:
    document: Document = json.loads(encode(small_guide())) | changes
    return json.dumps(document)


class LaterGuide(guides.Guide, frozen=True, dict=True, eq=False, kw_only=True):
    """The guide of a made-up later release: it cannot do without a motto."""

    motto: str
    format: int = FORMAT + 2


def name_the_motto(document: Document) -> Document:
    return {**document, "saying": f"{document['title']} Think first."}


def rename_the_motto(document: Document) -> Document:
    return {**{name: part for name, part in document.items() if name != "saying"}, "motto": document["saying"]}


@pytest.fixture
def later_release() -> Iterator[None]:
    """A release two formats later."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formats, "FORMAT", FORMAT + 2)
        steps = {**formats.UPGRADES, FORMAT: name_the_motto, FORMAT + 1: rename_the_motto}
        patch.setattr(formats, "UPGRADES", steps)
        patch.setattr(guides, "Guide", LaterGuide)
        yield


@pytest.mark.usefixtures("later_release")
@pytest.mark.parametrize("number", range(1, FORMAT + 1))
def test_an_old_document_is_read_by_a_later_release_through_every_step(number: int) -> None:
    guide = decode(stored(format=number))

    assert isinstance(guide, LaterGuide)
    assert (guide.format, guide.motto) == (FORMAT + 2, "A cook or a waiter? Think first.")


@pytest.mark.usefixtures("later_release")
def test_a_document_of_the_format_between_takes_the_last_step_alone() -> None:
    guide = decode(stored(format=FORMAT + 1, saying="As it was said."))

    assert isinstance(guide, LaterGuide)
    assert guide.motto == "As it was said."


@pytest.mark.usefixtures("later_release")
def test_what_a_later_release_writes_it_reads_without_a_step() -> None:
    written = encode(decode(stored()))

    assert json.loads(written)["format"] == FORMAT + 2
    assert encode(decode(written)) == written


@pytest.mark.usefixtures("later_release")
def test_a_step_that_cannot_do_with_a_document_says_which_one_it_was() -> None:
    with pytest.raises(FormatError, match=f"cannot be brought from format {FORMAT + 1} to {FORMAT + 2}: 'saying'"):
        decode(stored(format=FORMAT + 1))


def test_a_step_leaves_the_document_that_it_was_given_as_it_was(later_release: None) -> None:
    document = json.loads(stored())
    before = json.dumps(document)

    upgrade(document)

    assert json.dumps(document) == before


def test_a_document_of_a_newer_release_is_refused_with_both_numbers() -> None:
    with pytest.raises(NewerFormatError) as refused:
        decode(stored(format=FORMAT + 1))

    assert str(refused.value) == (
        f"it is in format {FORMAT + 1}, and this release reads formats up to {FORMAT}: a newer release published it"
    )


@pytest.mark.parametrize("number", [0, -1, "1", 1.0, True, None, [1]])
def test_a_format_that_is_no_number_of_one_is_refused(number: object) -> None:
    with pytest.raises(FormatError, match="which is no number of a format"):
        decode(stored(format=number))


@pytest.mark.parametrize(
    ("list_name", "added"),
    [
        ("roles", {"need": [{"when": {}, "needed": True, "reason": "So it is."}]}),
        ("rules", {"doubt": "It may be otherwise."}),
        ("questions", {"choices": [{"key": "yes", "label": "Yes", "unsure": True}]}),
    ],
    ids=["need", "doubt", "unsure"],
)
def test_what_came_with_format_2_is_refused_in_a_document_that_calls_itself_older(
    list_name: str, added: dict[str, Any]
) -> None:
    parts = json.loads(stored())[list_name]
    with_it = {list_name: [{**parts[0], **added}, *parts[1:]]}

    with pytest.raises(FormatError, match="which came with format 2; give it the format that it was written in"):
        decode(stored(format=1, **with_it))
    assert decode(stored(format=2, **with_it)).format == FORMAT


@pytest.mark.parametrize("document", ["[]", "null", "7", '"guide"'])
def test_what_is_no_document_is_left_to_whoever_reads_it(document: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="Expected `object`"):
        decode(document)


def test_every_older_format_has_its_step() -> None:
    assert sorted(formats.UPGRADES) == list(range(1, formats.FORMAT))
