"""The logic as a drawing and as a sheet to sign: of a draft, of an edition, of whatever stands there."""

from itertools import combinations

import pytest
from django.test import Client
from django.urls import reverse
from msgspec import structs

from advisor.content.logic_diagram import CHARACTER, Box, draw
from advisor.content.models import Guide, Rule
from advisor.content.wording import condition_in_short, condition_in_words
from advisor.decision.guide import Guide as Document
from tests.content.admin_pages import read_admin
from tests.content.making import draft
from tests.decision.test_proof import larger_guide
from tests.guides import first_guide

replace = structs.replace


def with_long_words() -> Document:
    """A guide whose questions and outcomes are as long as fields allow, with forty rules."""
    guide = larger_guide()
    return replace(
        guide,
        questions=tuple(replace(question, text="word " * 40) for question in guide.questions),
        outcomes=tuple(replace(outcome, name="Outcome" * 8) for outcome in guide.outcomes),
        rules=(guide.rules * 2)[:40],
    )


GUIDES = {
    "first": first_guide,
    "larger": larger_guide,
    "long words": with_long_words,
    "empty": lambda: replace(first_guide(), roles=(), signals=(), questions=(), follow_ups=(), outcomes=(), rules=()),
}


def overlap(one: Box, other: Box) -> bool:
    across = one.x < other.right and other.x < one.right
    down = one.y < other.y + other.height and other.y < one.y + one.height
    return across and down


@pytest.mark.parametrize("guide", GUIDES.values(), ids=GUIDES)
def test_nothing_overlaps_and_every_word_is_inside_its_box(guide: object) -> None:
    assert callable(guide)
    drawing = draw(guide())

    assert not [pair for pair in combinations(drawing.boxes, 2) if overlap(*pair)]
    for box in drawing.boxes:
        assert box.right <= drawing.width
        assert box.y + box.height <= drawing.height
        for x, y, words, _ in box.lines:
            assert box.x < x
            assert x + len(words) * CHARACTER <= box.right
            assert box.y < y < box.y + box.height


def test_every_question_rule_and_outcome_is_drawn_with_its_lines() -> None:
    guide = first_guide()

    drawing = draw(guide)

    kinds = [box.kind for box in drawing.boxes]
    expected = {"question": 3, "need": 2, "follow-up": 1, "rule": 8, "outcome": 5}
    assert {kind: kinds.count(kind) for kind in expected} == expected
    # From rules to outcomes, from needs to rules, from two questions to each need, from the needs to the follow-up.
    assert len(drawing.lines) == 8 + 12 + 4 + 2


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({}, "anything"),
        ({"both": ("both",)}, "the answer to “Is it both?” is “"),
        ({"both": ("both", "unsure")}, "” or “"),
        ({"evidence:fractional-cto": ("some", "strong")}, "the evidence for Fractional CTO is some or strong"),
        ({"signal:messy-stack": ("yes",)}, "“Messy stack” is ticked"),
        ({"signal:messy-stack": ("no",)}, "“Messy stack” is not ticked"),
        ({"outcome": ("not-yet",)}, "the outcome is “Neither role yet”"),
        ({"scope": ("not-answered",)}, "is not given"),
        ({"gone": ("yes",), "signal:gone": ("yes",)}, "the answer to “gone” is “yes” and “signal:gone” is ticked"),
    ],
)
def test_a_condition_reads_as_part_of_a_sentence(when: dict[str, tuple[str, ...]], words: str) -> None:
    assert words in condition_in_words(first_guide(), when)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({}, "anything"),
        ({"both": ("both", "not-answered")}, "Software, AI or both: Yes, both or not answered"),
        (
            {"evidence:fractional-cto": ("strong",), "both": ("ai",)},
            "Software, AI or both: Mostly AI; evidence for Fractional CTO: strong",
        ),
        ({"signal:messy-stack": ("yes",)}, "“Messy stack” is ticked"),
        ({"gone": ("yes",)}, "the answer to “gone” is “yes”"),
    ],
)
def test_a_condition_is_said_in_short_by_short_names(when: dict[str, tuple[str, ...]], words: str) -> None:
    assert words in condition_in_short(first_guide(), when)


PAGES = ["guide_drawing", "guide_sheet", "edition_drawing", "edition_sheet"]


def address(name: str) -> str:
    number = [1] if name.startswith("edition") else []
    return reverse(f"admin:content_{name}", args=[draft().pk, *number])


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_each_paper_says_what_it_is_about(owner: Client, name: str) -> None:
    said = read_admin(owner, address(name)).text("div[@id='content-main']")

    assert ("Edition 1, published" if name.startswith("edition") else "Draft of ") in said


@pytest.mark.django_db
def test_the_drawing_has_its_text_beside_it(owner: Client) -> None:
    page = read_admin(owner, address("guide_drawing"))

    (drawing,) = page.all("*[@role='img']")
    named = drawing.get("aria-labelledby", "").split()
    assert {element.get("id") for element in page.root.iter()} >= set(named)
    assert len(page.all("details//ol")) >= 5
    assert "style" not in {name for element in page.root.iter() for name in element.attrib}


@pytest.mark.django_db
def test_the_sheet_has_everything_to_sign(owner: Client) -> None:
    guide = first_guide()

    said = read_admin(owner, address("guide_sheet")).text("div[@id='content-main']")

    for question in guide.questions:
        assert question.text in said
    for remark in guide.remarks:
        assert remark.title in said
    for outcome in guide.outcomes:
        assert outcome.title in said
    assert "Signature" in said


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["guide_drawing", "guide_sheet"])
def test_a_draft_in_pieces_is_shown_all_the_same(owner: Client, name: str) -> None:
    Rule.objects.filter(position=1).update(when={"gone": ["yes"], "signal:gone": ["no"]})
    Guide.objects.create(key="empty-guide", title="Nothing yet")

    statuses = [
        owner.get(reverse(f"admin:content_{name}", args=[guide.pk])).status_code for guide in Guide.objects.all()
    ]

    assert statuses == [200, 200]
