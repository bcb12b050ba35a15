"""A guide as a document, and what is worked out from it."""

import json
from typing import Any

import msgspec
import pytest

from advisor.decision.formats import FORMAT
from advisor.decision.guide import Guide, decode, encode
from tests.guides import FIXTURE, first_guide, follow_up, question, rule, small_guide

Path = tuple[str | int, ...]


def document(guide: Guide) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(encode(guide))
    return found


def with_changed(guide: Guide, path: Path, value: object) -> str:
    """The guide's document with another value at one place."""
    changed = document(guide)
    *above, last = path
    place: Any = changed
    for step in above:
        place = place[step]
    place[last] = value
    return json.dumps(changed)


@pytest.mark.parametrize("guide", [first_guide(), small_guide()], ids=["first", "small"])
def test_a_guide_survives_being_stored(guide: Guide) -> None:
    stored = encode(guide)

    read = decode(stored)

    assert encode(read) == stored
    assert msgspec.structs.asdict(read) == msgspec.structs.asdict(guide)


def test_a_document_can_be_read_from_bytes() -> None:
    stored = encode(first_guide()).encode()

    read = decode(stored)

    assert read.title == first_guide().title


def test_the_same_guide_gives_the_same_document() -> None:
    one = small_guide(rules=(rule({"kitchen": ("yes",), "tables": ("no",)}, "a-cook"),))
    same = small_guide(rules=(rule({"tables": ("no",), "kitchen": ("yes",)}, "a-cook"),))

    documents = {encode(one), encode(same)}

    assert len(documents) == 1


def test_the_document_says_in_which_format_it_is() -> None:
    stored = document(first_guide())

    assert stored["format"] == FORMAT


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("colour",), "red", "unknown field `colour`"),
        (("roles", 0, "colour"), "red", "unknown field `colour` - at `$.roles[0]`"),
        (
            ("questions", 0, "choices", 1, "colour"),
            "red",
            "unknown field `colour` - at `$.questions[0].choices[1]`",
        ),
        (("number",), "1", "Expected `int`, got `str` - at `$.number`"),
        (("title",), None, "Expected `str`, got `null` - at `$.title`"),
        (("some_from",), 1.5, "Expected `int`, got `float` - at `$.some_from`"),
        (("signals", 2, "speaks_to"), "focus", "Expected `array`, got `str` - at `$.signals[2].speaks_to`"),
        (("rules", 0, "when"), [], "Expected `object`, got `array` - at `$.rules[0].when`"),
        (("rules", 0, "when", "both"), "both", "Expected `array`, got `str` - at `$.rules[0].when[...]`"),
        (("remarks", 0, "kind"), "praise", "Invalid enum value 'praise' - at `$.remarks[0].kind`"),
        (("questions", 0, "choices", 0, "affirms"), 1, "Expected `bool`, got `int`"),
    ],
)
def test_a_document_that_is_not_a_guide_is_refused_and_the_place_named(path: Path, value: object, message: str) -> None:
    wrong = with_changed(first_guide(), path, value)

    with pytest.raises(msgspec.ValidationError) as refused:
        decode(wrong)

    assert message in str(refused.value)


@pytest.mark.parametrize(
    "field", [name for name in document(small_guide()) if name not in {"format", "html", "example"}]
)
def test_a_document_with_a_field_missing_is_refused(field: str) -> None:
    stored = document(small_guide())
    del stored[field]

    with pytest.raises(msgspec.ValidationError) as refused:
        decode(json.dumps(stored))

    assert f"missing required field `{field}`" in str(refused.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"guide"', "\x00"])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(text)


def test_a_guide_never_changes() -> None:
    guide = first_guide()

    with pytest.raises(AttributeError):
        guide.title = "Another title"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        guide.roles[0].name = "Another name"  # type: ignore[misc]


def test_two_guides_are_the_same_only_if_they_are_one_object() -> None:
    guide, copy = small_guide(), small_guide()

    known = {guide: "worked out"}

    assert guide in known
    assert copy not in known
    assert encode(copy) == encode(guide)


def test_parts_are_found_by_their_keys() -> None:
    guide = first_guide()

    assert guide.role["head-of-ai"].name == "Fractional Head of AI"
    assert guide.signal["messy-stack"].role == "fractional-cto"
    assert guide.question["both"].role == ""
    assert guide.outcome["one-leader"].roles == ("fractional-cto", "head-of-ai")
    assert {role: question.key for role, question in guide.question_about.items()} == {
        "fractional-cto": "software",
        "head-of-ai": "ai",
    }


def test_the_signals_of_a_role_keep_the_guides_order() -> None:
    guide = first_guide()

    keys = {role: [signal.key for signal in signals] for role, signals in guide.signals_of.items()}

    assert keys == {
        "fractional-cto": [
            "directionless-team",
            "fundraising",
            "messy-stack",
            "first-vp-engineering",
            "no-ai-component",
        ],
        "head-of-ai": [
            "ai-is-the-product",
            "failed-ai-attempt",
            "strong-cto-no-ai",
            "strategy-before-team",
            "ai-risks",
        ],
    }


def test_a_choice_is_found_by_its_key_or_not_at_all() -> None:
    software = first_guide().question["software"]

    found, unknown, empty = software.choice("yes"), software.choice("maybe"), software.choice("")

    assert found is software.choices[0]
    assert unknown is empty is None


def test_only_yes_affirms() -> None:
    guide = first_guide()

    affirming = [
        (question.key, choice.key) for question in guide.questions for choice in question.choices if choice.affirms
    ]

    assert affirming == [("software", "yes"), ("ai", "yes")]


def test_the_questions_of_a_follow_up_share_a_page_and_others_have_their_own() -> None:
    guide = small_guide(
        questions=(
            question("kitchen", "yes", "no", role="cook"),
            question("tables", "yes", "no", role="waiter"),
            question("seats", "few", "many", follow_up="size"),
            question("floors", "one", "two", follow_up="size"),
            question("terrace", "shade", "sun", follow_up="outside"),
            question("garden", "yes", "no"),
        ),
        follow_ups=(follow_up("size", {"kitchen": ("yes",)}), follow_up("outside", {"tables": ("yes",)})),
    )

    pages = [(page.key, [question.key for question in page.questions]) for page in guide.pages]

    assert pages == [
        ("kitchen", ["kitchen"]),
        ("tables", ["tables"]),
        ("seats", ["seats", "floors"]),
        ("terrace", ["terrace"]),
        ("garden", ["garden"]),
    ]
    assert [page.follow_up and page.follow_up.key for page in guide.pages] == [None, None, "size", "outside", None]
    assert guide.page_of["floors"] is guide.pages[2]


def test_every_record_of_the_fixture_but_its_scenarios_is_in_the_first_guide() -> None:
    # Scenarios try a guide and are no part of it.
    records = [
        record for record in json.loads(FIXTURE.read_text(encoding="utf-8")) if record["model"] != "content.scenario"
    ]
    guide = first_guide()

    parts = [
        *guide.roles,
        *guide.dimensions,
        *guide.signals,
        *guide.questions,
        *guide.follow_ups,
        *guide.outcomes,
        *guide.rules,
        *guide.remarks,
        *guide.shared_concerns,
        *guide.frequent_questions,
        *(cell for dimension in guide.dimensions for cell in dimension.cells),
        *(choice for question in guide.questions for choice in question.choices),
        *(row for role in guide.roles for row in role.need),
    ]

    assert len(parts) + 1 == len(records)
