"""The logic as a drawing and as a sheet to sign: of a draft, of an edition, of whatever stands there."""

import json
from urllib.parse import parse_qsl

import pytest
from django.test import Client
from django.urls import reverse

from advisor.content.logic_tables import logic_tables, way_of
from advisor.content.models import Guide, Rule
from advisor.content.wording import condition_in_short, condition_in_words
from advisor.decision.answers import read
from advisor.decision.recommendation import recommend
from tests.content.admin_pages import read_admin
from tests.content.making import draft
from tests.guides import FIXTURE, first_guide


def test_a_row_for_each_rule_and_a_column_for_each_input_that_any_asks_for() -> None:
    needs, _, rules, remarks = logic_tables(first_guide())

    assert [column.label for column in rules.columns] == [
        "Engineering team size",
        "Place of AI",
        "Kind of work",
        "Fractional CTO",
        "Fractional Head of AI",
    ]
    assert [column.anchor for column in rules.columns] == ["", "", "", "need-fractional-cto", "need-head-of-ai"]
    assert [words for _, words in rules.rows[1].cells] == ["Ten or more", "", "", "Needed", "Needed"]
    assert (rules.rows[1].result, rules.rows[-1].is_otherwise) == ("Both roles", True)
    assert needs.title == "Is “Fractional CTO” needed?"
    assert needs.rows[2].cells[-1] == ("Situations", "“CTO new to AI” is ticked")
    assert (needs.is_wide, remarks.is_wide) == (False, True)


def test_the_rows_that_decide_are_those_of_the_recommendation() -> None:
    """For every scenario of the first guide the page marks what the result says."""
    guide = first_guide()
    cases = [
        record["fields"]["answers"]
        for record in json.loads(FIXTURE.read_text(encoding="utf-8"))
        if record["model"] == "content.scenario"
    ]

    for case in cases:
        answers, _ = read(guide, parse_qsl(case))
        way, found = way_of(guide, answers), recommend(guide, answers)
        *_, rules, remarks = logic_tables(guide, way)
        assert [row.result for row in rules.rows if row.decides] == [found.outcome.name]
        assert way.needs == {role.role: role.row for role in found.roles}
        collected = {remarked.remark.title for remarked in found.remarks}
        assert {row.result.partition(": ")[2] for row in remarks.rows if row.decides} == collected


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
def test_the_drawing_shows_the_way_of_a_scenario_and_says_what_it_does_not_know(owner: Client) -> None:
    page = read_admin(owner, address("guide_drawing"))
    way = next(link.get("href", "") for link in page.all("details//a") if link.get("href", "").startswith("?answers="))

    shown = read_admin(owner, address("guide_drawing") + way)
    wrong = read_admin(owner, address("guide_drawing") + "?answers=gone%3Dyes%26software%3Dyes")

    assert not page.all("tr[@class='decides']")
    # A row of each need, a rule, and the remarks of this case.
    assert len(shown.all("tr[@class='decides']")) >= 3
    assert "“Could one person do both?”, which is not asked." in shown.text("div[@id='content-main']")
    assert wrong.text("p[@id='wrong-answers']") == "This guide does not ask for: gone."
    for given in ("%00", "http://[", "x" * 5000, "software"):
        assert owner.get(address("guide_drawing"), {"answers": given}).status_code == 200
    assert len(page.all("details//ol")) >= 5
    assert "style" not in {name for element in shown.root.iter() for name in element.attrib}


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
