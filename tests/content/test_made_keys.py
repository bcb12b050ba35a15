"""Keys that nobody has to invent: they are made of the name, and are free in their guide."""

import pytest
from django.test import Client
from django.urls import reverse

from advisor.content.models import Guide, Outcome, Question
from tests.assessment.reading import Changes, Form, Page, Response
from tests.content.admin_pages import read_admin
from tests.content.making import draft

pytestmark = pytest.mark.django_db


def add(client: Client, model: str, changes: Changes) -> Response:
    address = reverse(f"admin:content_{model}_add") + f"?guide={draft().pk}"
    form = read_admin(client, address).one(f"form[@id='{model}_form']")
    return Form(form, address).send(client, changes)


def outcome(name: str, key: str = "") -> dict[str, str]:
    return {"key": key, "name": name, "title": "A title", "text": "A text."}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Both, part-time", "both-part-time"),
        ("Ein Leiter für Łódź", "ein-leiter-fur-lodz"),
        ("Not yet", "not-yet-2"),
        ("???", "outcome"),
        ("Someone who leads both of the teams now", "someone-who-leads-both-of-the-teams"),
    ],
)
def test_an_outcome_without_a_key_gets_one_of_its_name(editor: Client, name: str, key: str) -> None:
    add(editor, "outcome", outcome(name))

    assert Outcome.objects.get(guide=draft(), name=name, position__gt=5).key == key


def test_a_key_that_is_given_is_taken(editor: Client) -> None:
    add(editor, "outcome", outcome("Both, part-time", "part-time"))

    assert Outcome.objects.filter(guide=draft(), key="part-time").exists()


def test_what_is_wrong_with_a_key_is_said_beside_it(editor: Client) -> None:
    answer = add(editor, "outcome", outcome("Both, part-time", "Part Time"))

    page = Page(answer, "/", strict=False)
    assert page.texts("ul[@id='id_key_error']") == ["Use small letters, digits and single hyphens: messy-stack."]
    assert not Outcome.objects.filter(name="Both, part-time").exists()


def test_without_a_name_the_name_is_asked_for_and_no_key(editor: Client) -> None:
    page = Page(add(editor, "outcome", outcome("")), "/", strict=False)

    assert page.all("ul[@id='id_name_error']")
    assert not page.all("ul[@id='id_key_error']")


def test_choices_within_a_question_get_keys_too(editor: Client) -> None:
    question = draft().question_set.filter(role=None).first()
    assert isinstance(question, Question)
    address = reverse("admin:content_question_change", args=[question.pk])
    form = Form(read_admin(editor, address).one("form[@id='question_form']"), address)
    number = question.choice_set.count()

    sent = dict(form.pairs()) | {
        "choice_set-TOTAL_FORMS": str(number + 1),
        f"choice_set-{number}-label": "Somewhere else",
        f"choice_set-{number}-key": "",
        f"choice_set-{number}-question": str(question.pk),
    }
    assert editor.post(address, sent).status_code == 302

    assert question.choice_set.get(label="Somewhere else").key == "somewhere-else"


def test_a_question_gets_its_choices_without_scripts_and_without_keys(editor: Client) -> None:
    address = reverse("admin:content_question_add") + f"?guide={draft().pk}"
    assert "choice_set-0-label" not in read_admin(editor, address).html
    (more,) = [link.attrib["href"] for link in read_admin(editor, address).all("noscript//a")]
    address = f"{address.partition('?')[0]}{more}"
    form = Form(read_admin(editor, address).one("form[@id='question_form']"), address)
    choices = {"choice_set-0-label": "Yes", "choice_set-1-label": "No", "choice_set-2-label": ""}

    answer = form.send(editor, {"name": "Result", "text": "What came of it?"} | choices)

    assert answer.status_code == 302
    question = Question.objects.get(guide=draft(), name="Result")
    assert question.key == "question-result"
    assert [choice.key for choice in question.choice_set.all()] == ["yes", "no"]


def test_a_new_guide_gets_a_key_that_no_guide_has(superuser: Client) -> None:
    Guide.objects.create(key="which-lawyer-next", title="One")
    address = reverse("admin:content_guide_add")
    form = Form(read_admin(superuser, address).one("form[@id='guide_form']"), address)
    texts = {name: "A text." for name, value in form.pairs() if not value and name not in {"key", "example"}}

    answer = form.send(superuser, texts | {"title": "Which lawyer next?"})

    assert answer.status_code == 302
    assert Guide.objects.get(title="Which lawyer next?").key == "which-lawyer-next-2"
