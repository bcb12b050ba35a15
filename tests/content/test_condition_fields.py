"""A condition in the admin: ticks for every value, never a typed key; and what stands below a text."""

from typing import Any

import pytest
from django.test import Client

from advisor.content.editing.fields.inputs import Input, condition_by_inputs
from advisor.content.models import FollowUp, Guide, NeedRow, Remark, Rule
from tests.content.admin_pages import admin_address, admin_list, beside, read_admin, save_in_admin
from tests.content.making import draft

pytestmark = pytest.mark.django_db

TEAM = Input("team", "Team", {"small": "Small", "large": "Large", "not-answered": "not answered"})


@pytest.fixture
def rule() -> Rule:
    """A rule that names a question and evidence."""
    rule = Rule.objects.get(guide=draft(), position=4)
    rule.when = {"software": ["yes"], "evidence:head-of-ai": ["strong"]}
    rule.save()
    return rule


@pytest.fixture
def follow_up() -> FollowUp:
    """A follow-up with two conditions."""
    follow_up = FollowUp.objects.get(guide=draft())
    follow_up.asked_when = [{"both": ["both"]}, {"both": ["unsure"], "software": ["yes"]}]
    follow_up.save()
    return follow_up


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["small"], "Small"),
        (["large", "small"], "anything but not answered"),
        (["not-answered", "large"], "anything but Small"),
        (["small", "gone"], "Small or “gone”, which does not exist"),
    ],
)
def test_values_in_words(values: list[str], words: str) -> None:
    said = TEAM.in_words(values)

    assert said == words


def test_a_condition_in_words_names_what_is_gone() -> None:
    said = condition_by_inputs({"team": ["small"], "tool": ["saw"]}, {"team": TEAM})

    assert said == "Team: Small; “tool”, which does not exist: “saw”, which does not exist"


def test_every_value_of_every_input_can_be_ticked(superuser: Client, rule: Rule) -> None:
    page = read_admin(superuser, admin_address(rule))

    assert not page.all("textarea[@name='when']")
    assert [pair for pair in page.ticked if pair[0].startswith("when-")] == [
        ("when-0-software", "yes"),
        ("when-0-evidence:head-of-ai", "strong"),
    ]
    assert "Signal: Messy stack" in page.texts("legend")


def test_what_is_ticked_is_the_condition(superuser: Client, rule: Rule) -> None:
    save_in_admin(superuser, rule, {"when-0-both": ["unsure", "both"], "when-0-software": None})

    rule.refresh_from_db()
    assert rule.when == {"both": ["both", "unsure"], "evidence:head-of-ai": ["strong"]}


def test_a_rule_without_a_tick_matches_anything(superuser: Client, rule: Rule) -> None:
    save_in_admin(superuser, rule, {"when-0-software": None, "when-0-evidence:head-of-ai": None})

    rule.refresh_from_db()
    assert rule.when == {}


def test_a_remark_without_a_tick_is_refused(superuser: Client) -> None:
    remark = Remark.objects.get(key="report-to-cto")

    page = save_in_admin(superuser, remark, dict.fromkeys(["when-0-signal:strong-cto-no-ai", "when-0-outcome"]))

    assert "Tick at least one value." in beside(page, "when")
    remark.refresh_from_db()
    assert remark.when


def test_only_a_remark_can_ask_for_the_outcome(superuser: Client, rule: Rule) -> None:
    of_remark = read_admin(superuser, admin_address(Remark.objects.all()[0]))
    of_rule = read_admin(superuser, admin_address(rule))

    assert "Outcome reached" in of_remark.texts("legend")
    assert "Outcome reached" not in of_rule.texts("legend")
    page = save_in_admin(superuser, rule, {"when-0-outcome": "not-yet"})
    assert "Only remarks can ask for the outcome" in beside(page, "when")


def test_a_follow_up_has_a_block_for_each_condition_and_an_empty_one(superuser: Client, follow_up: FollowUp) -> None:
    before = follow_up.asked_when
    page = read_admin(superuser, admin_address(follow_up))

    save_in_admin(superuser, follow_up, {"asked_when-2-software": "no", "asked_when-0-both": None})

    assert page.texts("p[@class='or-when']") == ["or when", "or when"]
    follow_up.refresh_from_db()
    assert follow_up.asked_when == [before[1], {"software": ["no"]}]


def test_what_is_gone_is_shown_so_that_it_can_be_unticked(superuser: Client, rule: Rule) -> None:
    Rule.objects.filter(pk=rule.pk).update(when={"both": ["both", "gone"], "old": ["x"]})

    refused = save_in_admin(superuser, rule, {})
    saved = save_in_admin(superuser, rule, {"when-0-both": "both", "when-0-old": None})

    assert "“old” is not a question" in beside(refused, "when")
    assert ("when-0-old", "x") in refused.ticked
    assert not saved.all("p[@class='errornote']")
    rule.refresh_from_db()
    assert rule.when == {"both": ["both"]}


@pytest.mark.parametrize("name", ["when-0-\0", "when-x-both", "when-", "when-99999-both", "when-0-both"])
def test_a_form_that_is_not_ours_breaks_nothing(superuser: Client, rule: Rule, name: str) -> None:
    before = rule.when

    page = save_in_admin(superuser, rule, {name: "\0"})

    rule.refresh_from_db()
    assert rule.when == before
    assert page.title


def test_a_new_rule_offers_the_inputs_of_its_guide(superuser: Client) -> None:
    other = Guide.objects.create(key="other", title="Other?")
    other.question_set.create(key="colour", name="Colour", text="Which colour?")

    first = read_admin(superuser, f"{admin_list(Rule)}add/")
    asked = read_admin(superuser, f"{admin_list(Rule)}add/?guide={other.pk}")
    unknown = read_admin(superuser, f"{admin_list(Rule)}add/?guide=nonsense")

    assert "Running software" in first.texts("legend")
    assert "Colour" in asked.texts("legend")
    assert "Running software" in unknown.texts("legend")


def test_a_text_says_how_long_it_may_be_and_what_may_be_in_it(superuser: Client, rule: Rule) -> None:
    question = draft().question_set.all()[0]

    of_question = read_admin(superuser, admin_address(question)).text("div[@id='id_text_helptext']")
    of_reason = read_admin(superuser, admin_address(rule)).text("div[@id='id_reason_helptext']")

    assert of_question == (
        "The question as the visitor reads it. For example: “Is your core problem building and running software "
        "reliably?” At most 160 characters."
    )
    assert "**Bold**, lists and [links](https://example.com) may be used." in of_reason


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (Rule, "Needed: Fractional CTO: Yes"),
        (NeedRow, "Evidence: Fractional CTO: Strong"),
        (Remark, "Outcome reached: "),
        (FollowUp, "Needed: Fractional CTO: Yes; Needed: Fractional Head of AI: Yes"),
    ],
)
def test_lists_say_conditions_in_words(editor: Client, model: type[Any], words: str) -> None:
    page = read_admin(editor, admin_list(model))

    assert words in page.html
    assert "{&#x27;" not in page.html
