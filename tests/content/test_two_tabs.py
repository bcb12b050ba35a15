"""Two editors at the form of one object: nothing is overwritten without a word, and nothing that was typed is lost."""

from typing import Any

import pytest
from django.test import Client

from advisor.content.models import Choice, FrequentQuestion, Outcome, Question, Rule, Signal
from tests.assessment.reading import Changes, Form, Page
from tests.content.admin_pages import admin_address, beside, read_admin, save_in_admin
from tests.content.making import draft

pytestmark = pytest.mark.django_db


def tab(client: Client, part: Any) -> Form:
    """The form of an object, opened."""
    address = admin_address(part)
    return Form(read_admin(client, address).one(f"form[@id='{part._meta.model_name}_form']"), address)


def send(client: Client, form: Form, changes: Changes) -> Page:
    """The page that answers a form."""
    answer = form.send(client, changes)
    return read_admin(client, answer["Location"]) if "Location" in answer else Page(answer, form.address, strict=False)


def again(client: Client, page: Page, part: Any, changes: Changes | None = None) -> Page:
    """The page that answers a form which came back and is sent once more."""
    form = Form(page.one(f"form[@id='{part._meta.model_name}_form']"), admin_address(part))
    return send(client, form, changes or {})


def value(page: Page, name: str) -> str:
    """What is in a text field."""
    found = page.one(f"*[@name='{name}']")
    return found.get("value") or (found.text or "").strip()


def refused(page: Page) -> bool:
    return "someone else changed this while you were editing" in page.text("div[@id='content']")


@pytest.fixture
def signal() -> Signal:
    return Signal.objects.get(guide=draft(), key="messy-stack")


def test_the_second_is_refused_and_sees_both_texts(superuser: Client, editor: Client, signal: Signal) -> None:
    late = tab(superuser, signal)
    save_in_admin(editor, signal, {"text": "From the first."})

    page = send(superuser, late, {"text": "From the second."})

    assert refused(page)
    assert "Now it says “From the first.”, changed by one of Editors on" in beside(page, "text")
    assert value(page, "text") == "From the second."
    signal.refresh_from_db()
    assert signal.text == "From the first."


def test_sent_again_it_saves(superuser: Client, editor: Client, signal: Signal) -> None:
    late = tab(superuser, signal)
    save_in_admin(editor, signal, {"text": "From the first."})
    page = send(superuser, late, {"text": "From the second."})

    saved = again(superuser, page, signal)

    assert "changed successfully" in saved.text("ul[@class='messagelist']")
    signal.refresh_from_db()
    assert signal.text == "From the second."


def test_what_only_the_first_changed_is_taken_over(superuser: Client, editor: Client, signal: Signal) -> None:
    late = tab(superuser, signal)
    rows = [str(one.pk) for one in draft().dimension_set.all()[:2]]
    save_in_admin(editor, signal, {"text": "From the first.", "speaks_to": rows})

    page = send(superuser, late, {"reason": "From the second."})

    assert "this is the new content" in beside(page, "text")
    assert (value(page, "text"), value(page, "reason")) == ("From the first.", "From the second.")
    again(superuser, page, signal)
    signal.refresh_from_db()
    assert (signal.text, signal.reason) == ("From the first.", "From the second.")
    assert [str(one.pk) for one in signal.speaks_to.all()] == rows


def test_a_third_who_comes_between_is_seen_too(superuser: Client, editor: Client, signal: Signal) -> None:
    late = tab(superuser, signal)
    save_in_admin(editor, signal, {"text": "From the first."})
    page = send(superuser, late, {"text": "From the second."})
    save_in_admin(editor, signal, {"text": "From the third."})

    page = again(superuser, page, signal)

    assert "“From the third.”" in beside(page, "text")


def test_both_may_write_the_same(superuser: Client, editor: Client, signal: Signal) -> None:
    late = tab(superuser, signal)
    save_in_admin(editor, signal, {"text": "The same."})

    page = send(superuser, late, {"text": "The same."})

    assert "changed successfully" in page.text("ul[@class='messagelist']")


@pytest.mark.usefixtures("first_tables")
def test_conditions_and_lists_are_compared_in_words(superuser: Client, editor: Client) -> None:
    rule, outcome = Rule.objects.get(guide=draft(), position=3), Outcome.objects.get(guide=draft(), key="not-yet")
    late_rule, late_outcome = tab(superuser, rule), tab(superuser, outcome)
    save_in_admin(editor, rule, {"when-0-both": "ai"})
    save_in_admin(editor, outcome, {"roles": [str(draft().role_set.all()[0].pk)]})

    of_rule = send(superuser, late_rule, {"when-0-both": "both"})
    of_outcome = send(superuser, late_outcome, {"roles": [str(draft().role_set.all()[1].pk)]})

    assert "Now it says “Software, AI or both: Mostly AI”" in beside(of_rule, "when")
    assert ("when-0-both", "both") in of_rule.ticked
    assert "Now it says “Fractional CTO”" in beside(of_outcome, "roles")


def test_the_words_of_a_guide_and_what_is_listed_with_them(superuser: Client, editor: Client) -> None:
    guide, asked = draft(), FrequentQuestion.objects.filter(guide=draft())[1]
    late = tab(superuser, guide)
    save_in_admin(editor, guide, {"summary": "Theirs.", "frequentquestion_set-1-answer": "Their answer."})

    page = send(superuser, late, {"summary": "Mine.", "frequentquestion_set-1-answer": "My answer."})

    said = page.text("div[@id='content']")
    assert refused(page)
    assert "Now it says “Theirs.”" in said
    assert "Now it says “Their answer.”" in said
    assert value(page, "frequentquestion_set-1-answer") == "My answer."
    again(superuser, page, guide)
    asked.refresh_from_db()
    assert (draft().summary, asked.answer) == ("Mine.", "My answer.")


def test_what_was_changed_meanwhile_is_not_deleted_unseen(superuser: Client, editor: Client) -> None:
    question = Question.objects.get(guide=draft(), key="both")
    new = question.choice_set.create(key="later", label="Ask me later", position=6)
    late = tab(superuser, question)
    save_in_admin(editor, question, {"choice_set-5-label": "Perhaps later"})

    page = send(superuser, late, {"choice_set-5-DELETE": "on"})

    assert "“Perhaps later” was changed meanwhile" in page.text("div[@id='content']")
    again(superuser, page, question, {"choice_set-5-DELETE": "on"})
    assert not Choice.objects.filter(pk=new.pk).exists()


def test_saving_words_leaves_no_line_in_the_history_of_what_stands_beside(superuser: Client) -> None:
    question = Question.objects.get(guide=draft(), key="both")
    before = Choice.history.count()

    save_in_admin(superuser, question, {"text": "Is it both, really?"})

    assert Choice.history.count() == before


@pytest.mark.parametrize("shown", ["", "[" * 4000, "\0", '{"text": 5}'])
def test_a_form_that_does_not_say_what_it_showed_overwrites_nothing(
    superuser: Client, signal: Signal, shown: str
) -> None:
    form = tab(superuser, signal)
    pairs = dict(form.pairs({"text": "Something else"})) | {"shown": shown}

    page = Page(superuser.post(form.address, pairs), form.address, strict=False)

    assert "Now it says" in beside(page, "text")
    assert signal.text == Signal.objects.get(pk=signal.pk).text


def test_those_who_only_read_see_no_digests(owner: Client, signal: Signal) -> None:
    page = read_admin(owner, admin_address(signal))

    assert "Shown" not in page.text("div[@id='content']")
