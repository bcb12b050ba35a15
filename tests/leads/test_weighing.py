"""What sales is told of a recommendation that decides about each role first: about the visitor, and nothing twice."""

import json
import re
from itertools import combinations
from typing import Any

import pytest
from django.test import Client

from advisor.delivery.models import Channel, Message
from advisor.leads.briefing import Briefing, briefing_of
from advisor.leads.conclusions import UNKNOWN, conclusions_of
from advisor.leads.models import Lead
from advisor.leads.priority import points_of, priority_scores
from tests.assessment.addresses import call
from tests.conftest import GUIDE
from tests.content.admin_pages import admin_address, read_admin
from tests.content.making import freeze
from tests.delivery.receiver import make_endpoint
from tests.guide_with_needs import ALL_UNSURE, GUIDE_WITH_NEEDS, LEANING, MIXED, NOBODY, ONE_ROLE, QUERIES, TOO_MANY
from tests.guides import small_guide
from tests.leads.asking import ask
from tests.leads.test_export import READERS, take_out

pytestmark = pytest.mark.usefixtures("published")

EACH = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
ADDRESSING = re.compile(r"\byour?\b", re.IGNORECASE)
SINCE_NEEDS = ("needs", "balance", "roles", "watch_for")


def asked_with(visitor: Client, query: str) -> Lead:
    """The lead of somebody with these answers to the guide with needs."""
    freeze(GUIDE_WITH_NEEDS)
    return ask(visitor, call(query))


def as_before_needs(lead: Lead) -> Lead:
    """The same lead as an older release kept it."""
    seen = {name: value for name, value in lead.seen.items() if name not in SINCE_NEEDS}
    for reason in seen["reasons"]:
        del reason["is_decisive"]
    Lead.objects.filter(pk=lead.pk).update(seen=seen)
    return Lead.objects.get(pk=lead.pk)


def own_words(briefing: Briefing) -> list[str]:
    """What the briefing says itself, without what it quotes."""
    said = [*briefing.doubts, *briefing.sides, *briefing.questions, *briefing.to_clear_up, *briefing.tips]
    return [re.sub("“[^”]*”", "", words) for words in said]


@EACH
def test_a_briefing_speaks_about_the_visitor_and_quotes_what_they_read(
    visitor: Client, sales: Client, query: str
) -> None:
    lead = asked_with(visitor, query)

    briefing, page = briefing_of(lead), read_admin(sales, admin_address(lead))

    assert [words for words in own_words(briefing) if ADDRESSING.search(words)] == []
    shown = page.text("section[@aria-labelledby='briefing']/div[@class='seen']")
    for words in (briefing.text, briefing.certainty_text, *briefing.contradictions, *briefing.reasons):
        assert f"“{words}”" in shown
    for words in (*briefing.doubts, *briefing.sides, *briefing.questions, *briefing.to_clear_up, *briefing.tips):
        assert words in shown


@EACH
def test_of_the_three_questions_no_two_are_about_the_same(visitor: Client, query: str) -> None:
    questions = briefing_of(asked_with(visitor, query)).questions

    quoted = [set(re.findall("“([^”]*)”", words)) for words in questions]
    assert len(questions) == len(set(questions)) == 3
    assert all(first.isdisjoint(second) for first, second in combinations(quoted, 2))


def test_what_they_said_stands_beside_what_they_recognised(visitor: Client) -> None:
    briefing = briefing_of(asked_with(visitor, MIXED))

    assert briefing.sides == [
        (
            "Cook needed. They answered “Yes” to “What about kitchen?” and ticked 3 of the 4 situations "
            "(“Sign burns”, “Sign tastes-odd” and “Sign cold”)."
        ),
        "Waiter needed. They answered “Yes” to “What about tables?” and ticked none of the 4 situations.",
        "They answered “Tables” to “What about both?”.",
        "By the situations, more speaks for a Cook.",
    ]
    assert briefing.questions[0] == "“It matters.”"
    assert briefing.contradictions == ["It matters."]


def test_missing_facts_are_asked_for_and_what_the_guide_says_of_them_is_quoted(visitor: Client) -> None:
    briefing = briefing_of(asked_with(visitor, LEANING))

    assert briefing.questions[0] == "Ask once more: “What about seats?” and “What about hours?”."
    assert f"We told them: “{TOO_MANY}”" in briefing.doubts
    assert any(doubt.startswith("They were not sure about “What about seats?”") for doubt in briefing.doubts)


def test_contradictions_that_no_question_is_about_are_left_to_clear_up(visitor: Client) -> None:
    query = "kitchen=no&signal=none.kitchen&tables=no&signal=none.tables&both=both"

    briefing = briefing_of(asked_with(visitor, query))

    assert briefing.questions[0] == "“It matters.”"
    assert briefing.to_clear_up == [
        "They answered “No” to “What about tables?” and they answered “Both” to “What about both?”."
    ]


def test_what_would_tip_it_is_more_than_another_answer_to_the_last_question(visitor: Client) -> None:
    briefing = briefing_of(asked_with(visitor, MIXED))

    assert briefing.runner_up == "A waiter"
    assert briefing.tips[0] == "“Sign burns” did not sound like them"


@EACH
def test_the_page_keeps_what_they_read_of_each_role(visitor: Client, sales: Client, query: str) -> None:
    lead = asked_with(visitor, query)

    shown = read_admin(sales, admin_address(lead)).text("details[@class='field-recommendation']")

    for found in lead.recommendation.roles:
        assert found.reason
        assert f"{'needed' if found.is_needed else 'not needed'} {found.reason.text}" in shown
    for signal in lead.recommendation.watch_for:
        assert signal.name in shown


@EACH
def test_a_lead_from_before_is_shown_and_told_with_what_its_edition_concludes(
    visitor: Client, sales: Client, query: str
) -> None:
    kept = asked_with(visitor, query)
    before = conclusions_of(kept)

    old = as_before_needs(kept)

    assert conclusions_of(old) == before
    assert read_admin(sales, admin_address(old)).text("h2[@id='briefing']") == "Briefing"
    take_out(sales)
    assert Lead.objects.get().seen == old.seen


def test_of_an_edition_without_needs_a_role_is_needed_that_the_outcome_names(visitor: Client) -> None:
    freeze(small_guide(key=GUIDE, number=1))
    lead = as_before_needs(ask(visitor, call("kitchen=yes&signal=burns&tables=no&signal=none.tables")))

    assert conclusions_of(lead) == ({"cook": True, "waiter": False}, "cook")


def test_in_an_edition_without_needs_all_reasons_are_in_the_briefing(visitor: Client) -> None:
    freeze(small_guide(key=GUIDE, number=1))
    lead = ask(visitor, call("kitchen=yes&signal=burns&tables=no&signal=none.tables"))

    assert briefing_of(lead).reasons == [reason.text for reason in lead.recommendation.reasons]
    assert len(lead.recommendation.reasons) == 2


def test_of_an_edition_that_cannot_be_read_nothing_is_concluded(
    visitor: Client, sales: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = as_before_needs(ask(visitor))
    lead.edition.number = 99

    assert conclusions_of(lead) == UNKNOWN


@pytest.mark.parametrize("kind", READERS)
def test_a_file_says_which_roles_are_needed_and_which_way_the_situations_point(
    visitor: Client, sales: Client, kind: str
) -> None:
    for query in (ONE_ROLE, MIXED, NOBODY):
        asked_with(visitor, query) if not Lead.objects.exists() else ask(visitor, call(query))

    rows = READERS[kind](take_out(sales, kind=kind))

    assert [(row["Needed: Cook"], row["Needed: Waiter"], row["Balance"]) for row in rows] == [
        ("yes", "no", "even"),
        ("yes", "yes", "cook"),
        ("no", "no", "even"),
    ]
    assert list(rows[0])[-3:] == ["Needed: Cook", "Needed: Waiter", "Balance"]


def test_other_systems_are_told_which_roles_are_needed_beside_all_that_they_were_told(visitor: Client) -> None:
    make_endpoint()
    lead = asked_with(visitor, ALL_UNSURE.replace("tables=unsure", "tables=yes"))

    (message,) = Message.objects.filter(channel=Channel.WEBHOOK)

    told: dict[str, Any] = json.loads(message.text)["data"]
    assert told["version"] == 1
    assert told["lead"]["recommendation"]["needs"] == {"cook": False, "waiter": True}
    assert told["lead"]["recommendation"]["balance"] == "even"
    assert told["lead"]["recommendation"]["reasons"] == [reason["text"] for reason in lead.seen["reasons"]]


def test_a_mixed_lead_is_called_early_where_what_they_ticked_points_to_a_role_they_need(visitor: Client) -> None:
    lead = asked_with(visitor, MIXED)

    score = next(score for score in priority_scores(lead, has_call=False) if score.name == "Certainty")

    assert lead.certainty == "mixed"
    assert (score.words, score.points) == ("mixed, but the situations point to a role that is needed", 12)
    assert lead.priority == points_of(lead, has_call=False)


@pytest.mark.parametrize("seen", [{"balance": "even"}, {"balance": "waiter", "needs": {"waiter": False}}, None])
def test_any_other_mixed_lead_waits(visitor: Client, seen: dict[str, Any] | None) -> None:
    lead = asked_with(visitor, MIXED)
    lead = as_before_needs(lead) if seen is None else lead
    lead.seen |= seen or {}

    score = next(score for score in priority_scores(lead, has_call=False) if score.name == "Certainty")

    assert (score.words, score.points) == ("mixed", 5)
