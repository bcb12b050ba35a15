"""Comparing and publishing in the admin: what is shown, what is in the way, and who may."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import Client
from django.urls import reverse

from advisor.content.actions import StaleDraftError, publish
from advisor.content.models import Cell, Edition, Rule, Scenario, Signal
from advisor.leads.models import Lead
from tests.assessment.reading import Form, Page
from tests.conftest import ANSWERS, GUIDE
from tests.content.admin_pages import read_admin
from tests.content.making import NOON, draft, publish_draft

pytestmark = pytest.mark.django_db


def address(name: str = "publish", *more: object) -> str:
    return reverse(f"admin:content_guide_{name}", args=[draft().pk, *more])


def change_a_word() -> None:
    Signal.objects.filter(key="messy-stack").update(name="Stack in a mess")


def change_a_rule() -> None:
    """Whoever needs a CTO alone is sent to a Head of AI from now on, and the other way round."""
    sixth, seventh = Rule.objects.get(position=6), Rule.objects.get(position=7)
    sixth.outcome, seventh.outcome = seventh.outcome, sixth.outcome
    sixth.save()
    seventh.save()


def form_of(page: Page) -> Form:
    return Form(page.one("form[@class='module aligned']"), page.address)


def said(page: Page) -> str:
    return page.text("div[@id='content-main']")


def test_a_draft_like_the_live_edition_cannot_be_published_again(publisher: Client) -> None:
    page = read_admin(publisher, address())

    assert "This is what is live" in said(page)
    assert not page.all("form[@class='module aligned']")


def test_changed_words_are_shown_as_what_was_taken_out_and_put_in(editor: Client) -> None:
    change_a_word()

    page = read_admin(editor, address())

    assert page.texts("dt") == ["Signal messy-stack name"]
    assert page.texts("del") == ["taken out: Messy stack"]
    assert page.texts("ins") == ["put in: Stack in a mess"]
    assert "None of 897,665 possible sets of answers gets another outcome." in said(page)


def test_changed_results_are_told_in_sets_of_answers_with_an_example_each(publisher: Client) -> None:
    change_a_rule()
    Scenario.objects.all().delete()

    page = read_admin(publisher, address())

    # 9 of the 45 ways to answer the three questions say "mostly the first", as many the second; each 1,024 times.
    assert "18,544 of 897,665 possible sets of answers get another outcome, 2.1 %." in said(page)
    rows = [[cell.text or "" for cell in row] for row in page.all("section[@aria-labelledby='results']//tbody/tr")]
    assert [row[:3] for row in rows] == [
        ["Fractional CTO", "Fractional Head of AI", "9,272"],
        ["Fractional Head of AI", "Fractional CTO", "9,272"],
    ]


def test_the_example_of_a_change_leads_to_the_result_as_it_is_live(publisher: Client, visitor: Client) -> None:
    change_a_rule()
    Scenario.objects.all().delete()
    page = read_admin(publisher, address())

    links = [link.attrib["href"] for link in page.all("section[@aria-labelledby='results']//tbody//a")]
    outcomes = [Page(visitor.get(link)).outcome for link in links]

    assert outcomes == ["fractional-cto", "head-of-ai"]


def with_a_third_role() -> None:
    """The draft asks about someone for the data as well, and recommends them to whoever says yes."""
    guide = draft()
    role = guide.role_set.create(key="data-lead", position=3, name="Head of Data", summary="Data.", fits="Those.")
    # What is ticked for it belongs to the balance, on which the needs rest and so the follow-up.
    guide.question_set.exclude(follow_up=None).update(position=F("position") + 100)
    question = guide.question_set.create(
        key="data", position=100, name="Data", text="Is it data?", role=role, signals_text="Which?"
    )
    for position, (key, affirms) in enumerate({"yes": True, "no": False}.items(), 1):
        question.choice_set.create(key=key, position=position, label=key.capitalize(), affirms=affirms)
    outcome = guide.outcome_set.create(key="data-lead", position=100, name="Head of Data", title="Hire", text="Do.")
    for rule in guide.rule_set.order_by("-position"):
        Rule.objects.filter(pk=rule.pk).update(position=rule.position + 1)
    guide.rule_set.create(position=1, when={"data": ["yes"]}, outcome=outcome, reason="Because.")


def test_a_new_role_is_counted_over_the_answers_to_its_question_too(publisher: Client) -> None:
    with_a_third_role()

    page = read_admin(publisher, address())

    assert "897,665 of 1,795,330 possible sets of answers get another outcome, 50.0 %." in said(page)
    assert "New: question “Data”. Every way to answer what is new is counted" in said(page)
    assert "A set of answers is one way to answer every question" in said(page)
    examples = page.texts("section[@aria-labelledby='results']//tbody//a")
    assert all("Data: Yes." in example for example in examples)


@pytest.mark.usefixtures("lead")
def test_of_a_lead_who_was_not_asked_what_is_new_it_says_perhaps(publisher: Client) -> None:
    with_a_third_role()

    page = read_admin(publisher, address())

    assert (
        "Of the last 1 lead, 0 would be told something else, and 1 perhaps, depending on what is answered to what was "
        "not asked before."
    ) in said(page)


def test_the_command_says_what_it_changed_for_which_answers() -> None:
    change_a_rule()
    Scenario.objects.all().delete()
    out = StringIO()

    call_command("publish", GUIDE, stdout=out)

    assert "18,544 of 897,665 possible sets of answers get another outcome, 2.1 %." in out.getvalue()
    assert "9,272  from “Fractional CTO” to “Fractional Head of AI”, for example Running software:" in out.getvalue()


@pytest.mark.usefixtures("lead")
def test_it_says_for_how_many_of_the_last_leads_something_changes(publisher: Client) -> None:
    change_a_rule()
    Scenario.objects.all().delete()

    page = read_admin(publisher, address())

    assert "both=software" in ANSWERS["fractional-cto"]
    assert "Of the last 1 lead, 1 would be told something else." in said(page)


def test_spam_is_no_lead_to_compare(publisher: Client, lead: Lead) -> None:
    change_a_word()
    Lead.objects.filter(pk=lead.pk).update(status="spam")

    page = read_admin(publisher, address())

    assert "so there are no leads to compare" in said(page)


def test_a_draft_is_published_with_a_note_and_the_publishers_name(publisher: Client, visitor: Client) -> None:
    change_a_word()
    form = form_of(read_admin(publisher, address()))

    answer = form.send(publisher, {"note": "Plainer."})

    edition = Edition.objects.get(guide__key=GUIDE, number=2)
    assert (edition.note, edition.published_by) == ("Plainer.", "one of Publishers")
    assert answer["Location"] == address("editions")
    assert "Edition 2 is live." in read_admin(publisher, address("editions")).html


def test_without_a_note_nothing_is_published_and_the_page_says_so(publisher: Client) -> None:
    change_a_word()
    form = form_of(read_admin(publisher, address()))

    page = Page(form.send(publisher, {"note": "  "}), address(), strict=False)

    assert page.title.startswith("Error:")
    assert page.errors == ["Say in a sentence what changed and why; the list of editions shows it."]
    assert Edition.objects.count() == 1


def test_what_changed_after_it_was_compared_is_not_published_and_the_note_is_kept(publisher: Client) -> None:
    change_a_word()
    form = form_of(read_admin(publisher, address()))
    Signal.objects.filter(key="ai-risks").update(name="Not seen by the publisher")

    page = Page(form.send(publisher, {"note": "As I saw it."}), address(), strict=False)

    assert Edition.objects.count() == 1
    assert "The draft was changed after it was compared. Nothing was published." in page.html
    assert page.text("textarea") == "As I saw it."
    assert "Signal ai-risks name" in page.texts("dt")


def test_two_publishers_make_one_edition_and_one_error(publisher: Client) -> None:
    change_a_word()
    first, second = (form_of(read_admin(publisher, address())) for _ in range(2))

    first.send(publisher, {"note": "First."})
    page = Page(second.send(publisher, {"note": "Second."}), address(), strict=False)

    assert [edition.note for edition in Edition.objects.order_by("-number")][:1] == ["First."]
    assert Edition.objects.count() == 2
    assert "Nothing was published" in page.html


def test_the_draft_may_not_change_while_it_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    change_a_word()

    def check_while_someone_edits(*_: object) -> list[object]:
        Signal.objects.filter(key="ai-risks").update(name="Edited meanwhile")
        return []

    monkeypatch.setattr("advisor.content.actions.draft_blockers", check_while_someone_edits)

    with pytest.raises(StaleDraftError):
        publish(guide=draft(), by="editor", note="Mixed?", now=NOON)

    assert Edition.objects.count() == 1


def test_a_draft_that_is_unfinished_is_refused_with_a_link_to_what_is_missing(publisher: Client) -> None:
    Cell.objects.filter(dimension__key="focus", role__key="head-of-ai").delete()

    page = read_admin(publisher, address())

    assert "Table focus: The cell for “Fractional Head of AI” is missing." in page.texts("ul[@class='blockers']/li")
    assert page.one("ul[@class='blockers']/li/a").get("href") == reverse("admin:content_guide_table", args=[draft().pk])
    assert not page.all("form[@class='module aligned']")


def test_a_draft_whose_proof_fails_is_refused_with_the_reason(publisher: Client) -> None:
    Rule.objects.filter(position=1).update(when={})

    page = read_admin(publisher, address())

    reasons = page.texts("ul[@class='blockers']/li")
    assert any(reason.startswith("Rule 2:") for reason in reasons)
    assert any(reason.startswith("Outcome not-yet:") for reason in reasons)


def test_what_the_page_does_not_offer_is_refused_when_it_is_sent_anyway(publisher: Client) -> None:
    change_a_word()
    form = form_of(read_admin(publisher, address()))
    Rule.objects.filter(position=1).update(when={})
    sent = dict(form.pairs({"note": "Anyway."})) | {"compared": ""}

    answer = publisher.post(address(), sent)

    assert answer.status_code == 200
    assert Edition.objects.count() == 1


def a_scenario(**fields: object) -> Scenario:
    """A case that the first guide answers with a fractional CTO."""
    return Scenario.objects.create(
        guide=draft(),
        position=1000,
        title="Ten engineers, chaos, no AI",
        answers=ANSWERS["fractional-cto"],
        outcome=draft().outcome_set.get(key="fractional-cto"),
        **fields,
    )


def test_a_failing_scenario_is_in_the_way_unless_it_is_expected_to_change(publisher: Client) -> None:
    Scenario.objects.all().delete()
    scenario = a_scenario()
    change_a_rule()

    refused = read_admin(publisher, address())
    Scenario.objects.filter(pk=scenario.pk).update(expected_to_change=True)
    allowed = read_admin(publisher, address())

    assert refused.texts("ul[@class='blockers']/li") == [
        "Scenario: “Ten engineers, chaos, no AI”: Expected “Fractional CTO”, and it is “Fractional Head of AI”."
    ]
    assert allowed.texts("ul[@class='blockers']/li") == []
    assert "Expected to change: Expected “Fractional CTO”" in said(allowed)


def test_publishing_makes_what_a_scenario_got_what_it_expects() -> None:
    Scenario.objects.all().delete()
    scenario = a_scenario(expected_to_change=True)
    change_a_rule()

    publish_draft()

    scenario.refresh_from_db()
    assert (scenario.outcome.key, scenario.expected_to_change) == ("head-of-ai", False)


def test_the_editions_are_listed_with_what_each_changed(publisher: Client) -> None:
    change_a_word()
    publish_draft(note="Plainer.")

    page = read_admin(publisher, address("editions"))

    assert page.texts("h2")[-2:] == ["Edition 2 (live)", "Edition 1"]
    assert "Plainer." in said(page)
    assert page.texts("ins") == ["put in: Stack in a mess"]


def test_an_edition_tells_what_it_changed_for_which_answers(owner: Client) -> None:
    change_a_rule()
    Scenario.objects.all().delete()
    publish_draft()

    page = read_admin(owner, address("edition", 2))

    assert "18,544 of 897,665 possible sets of answers get another outcome, 2.1 %." in said(page)


def test_an_older_edition_is_published_again_and_the_draft_stays(publisher: Client) -> None:
    change_a_word()
    publish_draft()
    page = read_admin(publisher, address("publish_edition", 1))

    form_of(page).send(publisher, {"note": "Back to what worked."})

    first, third = Edition.objects.get(number=1), Edition.objects.get(number=3)
    assert (third.document, third.checksum, third.note) == (first.document, first.checksum, "Back to what worked.")
    assert page.texts("ins") == ["put in: Messy stack"]
    assert Signal.objects.get(key="messy-stack").name == "Stack in a mess"


def test_going_back_shows_the_scenarios_of_today_and_does_not_wait_for_them(publisher: Client) -> None:
    Scenario.objects.all().delete()
    change_a_rule()
    a_scenario()
    Scenario.objects.update(outcome=draft().outcome_set.get(key="head-of-ai"))
    publish_draft()

    page = read_admin(publisher, address("publish_edition", 1))

    assert "Otherwise: Expected “Fractional Head of AI”, and it is “Fractional CTO”." in said(page)
    assert "it does not stand in the way" in said(page)
    assert page.all("form[@class='module aligned']")


def test_going_back_is_refused_once_someone_else_has_published(publisher: Client) -> None:
    change_a_word()
    publish_draft()
    form = form_of(read_admin(publisher, address("publish_edition", 1)))
    Signal.objects.filter(key="ai-risks").update(name="A third word")
    publish_draft()

    page = Page(form.send(publisher, {"note": "Back."}), address("publish_edition", 1), strict=False)

    assert Edition.objects.count() == 3
    assert "Someone else has published an edition in the meantime." in page.html


def test_a_result_and_a_lead_keep_the_edition_they_began_with(visitor: Client, lead: Lead) -> None:
    before = Page(visitor.get(lead.result_address))
    change_a_rule()
    Scenario.objects.all().delete()
    publish_draft()

    after = Page(visitor.get(lead.result_address))

    assert before.outcome == after.outcome == lead.outcome == "fractional-cto"


@pytest.mark.parametrize("number", [0, 2, 10**9])
def test_an_edition_that_does_not_exist_is_not_found(publisher: Client, number: int) -> None:
    statuses = [publisher.get(address(name, number)).status_code for name in ("edition", "publish_edition")]

    assert statuses == [404, 404]
