"""Adding a role and a guide as a walk: what each page saves, refuses and shows again."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from advisor.content.drafts import read_draft
from advisor.content.editing.walks.guide_steps import GUIDE_STEPS
from advisor.content.editing.walks.role_steps import ROLE_STEPS
from advisor.content.models import Cell, Guide, NeedRow, Question, Role, Rule, Signal
from advisor.content.publishing import draft_blockers
from tests.assessment.reading import Changes, Form, Page, Response
from tests.content.admin_pages import read_admin
from tests.content.making import draft

pytestmark = pytest.mark.django_db

ROLE = {
    "name": "Head of Data",
    "summary": "Makes numbers that people trust.",
    "fits": "Companies with data and no one for it.",
    "owns": "Reports",
    "not_theirs": "Models",
    "own_domain": "The warehouse",
}


def of_role(step: str, guide: Guide | None = None, key: str = "head-of-data") -> str:
    return reverse("admin:content_guide_role_step", args=[(guide or draft()).pk, key, step])


def form_of(client: Client, address: str) -> Form:
    (form,) = (
        form for form in read_admin(client, address).all("form[@method='post']") if form.get("id") != "logout-form"
    )
    return Form(form, address)


def send(client: Client, address: str, changes: Changes, *, go: str = "on") -> Response:
    """Sent as the button of this name does it."""
    form = form_of(client, address)
    pairs = [(name, value) for name, value in form.pairs(changes) if name != "go"]
    sent: dict[str, list[str]] = {}
    for name, value in [*pairs, ("go", go)]:
        sent.setdefault(name, []).append(value)
    return client.post(address, sent)


def shown(answer: Response) -> Page:
    return Page(answer, "/", strict=False)


def situation(number: int, **said: str) -> dict[str, str]:
    words = {"name": f"Number {number}", "text": "They disagree.", "reason": "One is right."} | said
    return {f"signal_set-{number}-{name}": text for name, text in words.items()}


def add_role(client: Client, guide: Guide, name: str = "Head of Data") -> str:
    """All pages, from the first; where the last one leads."""
    address = send(client, reverse("admin:content_guide_add_role", args=[guide.pk]), ROLE | {"name": name})["Location"]
    cells = {name: "Data" for name, _ in form_of(client, address.replace("question", "table")).pairs()}
    for changes in (
        {"text": f"Do you lack a {name}?"},
        situation(0, name="A", text="They\r\ndisagree.") | situation(1, name="B") | situation(2, name="C"),
        {name: text for name, text in cells.items() if name.startswith("cell-")},
        {"situations": "You recognised it.", "answer": "You said so.", "otherwise": "You did not."},
        {"title": f"Hire a {name}", "text": "Begin with one number.", "rule-reason": "Numbers disagree."},
    ):
        address = send(client, address, changes)["Location"]
    return address


def test_a_role_is_made_with_all_that_belongs_to_it_and_nothing_is_open(editor: Client) -> None:
    guide = draft()
    questions, rules = guide.question_set.count(), guide.rule_set.count()

    done = read_admin(editor, add_role(editor, guide))

    assert done.text("h2[@id='open']") == "Nothing is open"
    role = Role.objects.get(guide=guide, key="head-of-data")
    question = Question.objects.get(role=role)
    # Before what rests on all questions about roles, and the rule before what would take its cases.
    assert [other.key for other in guide.question_set.all()][2] == question.key
    assert [choice.key for choice in question.choice_set.all()] == ["yes", "no", "not-sure"]
    assert [row.when for row in role.need_set.all()] == [
        {"evidence:head-of-data": ["strong"]},
        {question.key: ["yes"]},
        {},
    ]
    assert [signal.text for signal in role.signal_set.all()] == ["They disagree."] * 3
    first = guide.rule_set.first()
    assert first
    assert (first.when, [*first.outcome.roles.all()]) == ({"need:head-of-data": ["yes"]}, [role])
    assert (guide.question_set.count(), guide.rule_set.count()) == (questions + 1, rules + 1)
    assert Cell.objects.filter(role=role).count() == guide.dimension_set.count()
    who = get_user_model().objects.get(username="one of Editors")
    assert {record.history_user for part in (role, question, first) for record in part.history.all()} == {who}
    assert draft_blockers(draft(), read_draft(draft())) == []


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(editor: Client) -> None:
    first = reverse("admin:content_guide_add_role", args=[draft().pk])
    page = shown(send(editor, first, ROLE | {"summary": ""}))
    assert "Please fill in “Summary”." in page.text("ul[@id='id_summary_error']")
    assert page.one("input[@id='id_name']").get("value") == "Head of Data"
    assert not Role.objects.filter(key="head-of-data").exists()
    send(editor, first, ROLE)
    # A question that is called as something else in addresses gets another key.
    both = {"text": "And?", "name": "Result", "choice_set-0-unsure": "on"}
    refused = shown(send(editor, of_role("question"), both))
    assert "cannot say yes and leave" in refused.text("ul[@id='id_choice_set-0-unsure_error']")
    none = shown(send(editor, of_role("question"), {"text": "And?", "choice_set-0-affirms": None}))
    assert "One of the choices has to say yes" in none.html

    assert send(editor, of_role("question"), {"text": "And?", "name": "Result"}).status_code == 302

    assert Question.objects.get(role__key="head-of-data").key == "question-result"
    half = shown(send(editor, of_role("situations"), {"signal_set-1-name": "Half"}))
    assert half.all("ul[@id='id_signal_set-1-text_error']")
    assert "Situation 2" in half.text("div[@class='summary errors']")


def test_lines_are_added_without_scripts_and_nothing_is_saved_by_it(editor: Client) -> None:
    address = of_role("situations", key="fractional-cto")
    before = Signal.objects.count()

    page = shown(send(editor, address, {"signal_set-5-name": "Half of one"}, go="more"))

    assert page.one("input[@id='id_signal_set-5-name']").get("value") == "Half of one"
    assert page.all("input[@id='id_signal_set-8-name']")
    assert not page.all("ul[@class='errorlist']")
    assert Signal.objects.count() == before


def test_back_and_forth_each_page_shows_what_was_saved_and_changes_it(editor: Client) -> None:
    add_role(editor, draft())
    assert read_admin(editor, of_role("need")).text("textarea[@id='id_answer']") == "You said so."
    assert send(editor, of_role("outcome"), {"rule-when": "alone"}, go="back")["Location"] == of_role("need")
    send(editor, of_role("need"), {"enough": "some", "answer": "You said it."})
    # A situation less, and as many rows.
    send(editor, of_role("situations"), {"signal_set-0-DELETE": "on"})

    need = NeedRow.objects.filter(role__key="head-of-data")
    assert [(row.position, row.when, row.reason) for row in need][:2] == [
        (1, {"evidence:head-of-data": ["some", "strong"]}, "You recognised it."),
        (2, {"head-of-data": ["yes"]}, "You said it."),
    ]
    rule = Rule.objects.get(outcome__key="head-of-data")
    assert rule.when == {
        "need:head-of-data": ["yes"],
        "need:fractional-cto": ["no"],
        "need:head-of-ai": ["no"],
    }
    assert Signal.objects.filter(role__key="head-of-data").count() == 2
    # What the table says beyond the walk is left to the table.
    need.create(role=rule.outcome.roles.get(), position=9, when={"ai": ["no"]}, needed=False, reason="No.")
    assert "table of its own" in read_admin(editor, of_role("need")).html
    assert send(editor, of_role("need"), {})["Location"] == of_role("outcome")


def test_a_page_that_is_sent_twice_makes_everything_once(editor: Client) -> None:
    first = form_of(editor, reverse("admin:content_guide_add_role", args=[draft().pk]))
    answers = [first.send(editor, ROLE) for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {of_role("question")}
    for step, changes in {
        "question": {"text": "And?"},
        "situations": situation(0),
        "need": {"answer": "You said so.", "otherwise": "You did not.", "situations": "It is so."},
        "outcome": {"title": "Hire one", "text": "Begin.", "rule-reason": "So."},
    }.items():
        form = form_of(editor, of_role(step))
        assert [form.send(editor, changes).status_code for _ in range(2)] == [302, 302], step

    role = Role.objects.get(name="Head of Data")
    made = (role.question_set, role.signal_set, role.outcome_set, Rule.objects.filter(outcome__roles=role))  # type: ignore[attr-defined]
    assert [of.count() for of in made] == [1, 1, 1, 1]
    assert (role.need_set.count(), role.question_set.get().choice_set.count()) == (3, 3)


def test_a_colleague_s_words_are_not_replaced_unseen(editor: Client) -> None:
    add_role(editor, draft())
    words, need, table = (form_of(editor, of_role(step)) for step in ("words", "need", "table"))
    Role.objects.filter(key="head-of-data").update(summary="Theirs.")
    NeedRow.objects.filter(role__key="head-of-data", position=2).update(reason="Theirs.")
    cell = Cell.objects.filter(role__key="head-of-data").first()
    assert cell
    Cell.objects.filter(pk=cell.pk).update(text="Theirs.")

    lines = form_of(editor, of_role("question"))
    Question.objects.filter(role__key="head-of-data").update(help="Theirs.")
    more = Form(
        shown(lines.send(editor, {"help": "Mine.", "go": "more"})).one("form[@novalidate]"), of_role("question")
    )
    assert "Theirs." in shown(more.send(editor, {})).html
    for form, field in ((words, "summary"), (need, "answer"), (table, f"cell-{cell.dimension_id}-{cell.role_id}")):
        page = shown(form.send(editor, {field: "Mine."}))
        assert "Theirs." in page.html
        assert page.text(f"textarea[@id='id_{field}']") == "Mine."
    assert Role.objects.get(key="head-of-data").summary == "Theirs."


def test_what_rests_on_another_page_leads_there_first_and_home_leads_on(editor: Client) -> None:
    send(editor, reverse("admin:content_guide_add_role", args=[draft().pk]), ROLE)

    assert editor.get(of_role("outcome"))["Location"] == of_role("need")
    assert editor.get(of_role("need"))["Location"] == of_role("question")
    home = read_admin(editor, reverse("admin:content_guide_overview", args=[draft().pk]))
    links = {link.get("href"): text for link in home.all("ul[@class='links']//a") if (text := "".join(link.itertext()))}
    assert links[of_role("question")] == "Go on with “Head of Data”"
    assert editor.get(of_role("nothing")).status_code == 404
    assert editor.get(of_role("words", key="nobody")).status_code == 404


def test_a_guide_of_two_roles_is_made_from_nothing_and_can_be_published(editor: Client) -> None:
    words = {"title": "Which lawyer?", "summary": "You see which.", "audience": "Founders.", "why": "It costs."}
    begin = form_of(editor, reverse("admin:content_guide_begin"))
    answers = [begin.send(editor, words)["Location"] for _ in range(2)]
    guide = Guide.objects.get(title="Which lawyer?")

    assert guide.consent == draft().consent
    assert answers == [reverse("admin:content_guide_guide_step", args=[guide.pk, "wording"])] * 2
    address = send(editor, answers[0], {"clear": "It all points one way."})["Location"]
    assert "Primary focus" in read_admin(editor, address).text("textarea[@id='id_labels']")
    refused = shown(send(editor, address, {"labels": "Costs\n" + "x" * 61}))
    assert "at most 60 characters" in refused.text("ul[@id='id_labels_error']")
    send(editor, address, {"labels": "Costs\nFocus\nCosts"})
    # Each key is made beside those that are there and those that are made with it.
    made = "Focus\nCosts\nCosts!\nCosts 2\nCosts?\nCosts 2 1"
    assert send(editor, address, {"labels": made}).status_code == 302
    assert send(editor, address, {"labels": f"{made}\nCosts."}).status_code == 302
    address = send(editor, address, {"labels": "Focus\nCosts, all in"})["Location"]
    assert [row.label for row in guide.dimension_set.all()] == ["Focus", "Costs, all in"]
    otherwise = {"title": "Wait", "text": "Nothing is lost.", "rule-reason": "Nothing speaks for one."}
    assert send(editor, address, otherwise)["Location"] == reverse("admin:content_guide_add_role", args=[guide.pk])
    send(editor, address, otherwise)
    for name in ("Patent lawyer", "Labour lawyer"):
        add_role(editor, guide, name)

    assert draft_blockers(guide, read_draft(guide)) == []
    assert [rule.outcome.name for rule in guide.rule_set.all()] == ["Labour lawyer", "Patent lawyer", "Not yet"]
    filled = shown(send(editor, reverse("admin:content_guide_guide_step", args=[guide.pk, "table"]), {"labels": "x"}))
    assert "“Focus” has cells already" in filled.html


def test_every_page_of_a_walk_says_where_one_is(editor: Client) -> None:
    guide: Any = draft()
    pages = [of_role(step, key="head-of-ai") for step in ROLE_STEPS]
    pages += [reverse("admin:content_guide_guide_step", args=[guide.pk, step]) for step in GUIDE_STEPS]

    for address in pages:
        page = read_admin(editor, address)
        assert page.all("li[@aria-current='step']"), address
