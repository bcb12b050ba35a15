"""Parts moved up and down, and by dragging; the order is rewritten from 1 to n."""

import pytest
from django.test import Client
from django.urls import reverse

from advisor.content.editing.positions import apply_move
from advisor.content.editing.views.ordering import KINDS
from advisor.content.models import Choice, Dimension, FrequentQuestion, Rule, SharedConcern
from tests.assessment.reading import Changes, Form, Page
from tests.content.admin_pages import read_admin
from tests.content.making import draft

pytestmark = pytest.mark.django_db


def address(kind: str) -> str:
    return reverse("admin:content_guide_order", args=[draft().pk, kind])


def form_of(page: Page) -> Form:
    return Form(page.one("form[@class='ordering']"), page.address)


def names(page: Page) -> list[str]:
    return page.texts("span[@class='name']")


def send(client: Client, form: Form, changes: Changes) -> Page:
    # Of two buttons the last is the one that was pressed.
    response = client.post(form.address, dict(form.pairs(changes)))
    return read_admin(client, response["Location"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_page(superuser: Client, kind: str) -> None:
    answer = superuser.get(address(kind))

    assert answer.status_code == 200


@pytest.mark.parametrize("kind", ["dimensions", "concerns", "faq"])
def test_a_part_is_moved_by_a_button_which_has_the_focus_afterwards(superuser: Client, kind: str) -> None:
    page = read_admin(superuser, address(kind))
    before = names(page)
    button = page.all("button[@name='move']")[3].get("value", "")

    after = send(superuser, form_of(page), {"move": button})

    assert button.startswith("down:")
    assert names(after) == [before[0], before[2], before[1], *before[3:]]
    assert [one.get("value") for one in after.all("button[@autofocus]")] == [button]
    assert f"“{before[1]}” is now number 3 of {len(before)}." in after.text("ul[@class='messagelist']")


def test_at_the_top_the_other_button_has_the_focus(superuser: Client) -> None:
    page = read_admin(superuser, address("dimensions"))
    second = page.all("li[@data-key]")[1].get("data-key", "")

    after = send(superuser, form_of(page), {"move": f"up:{second}"})

    assert [one.get("value") for one in after.all("button[@autofocus]")] == [f"down:{second}"]


@pytest.mark.parametrize("model", [SharedConcern, FrequentQuestion])
def test_the_order_of_parts_known_by_their_place_is_turned_round(
    superuser: Client, model: type[SharedConcern] | type[FrequentQuestion]
) -> None:
    kind = {"SharedConcern": "concerns", "FrequentQuestion": "faq"}[model.__name__]
    form = form_of(read_admin(superuser, address(kind)))
    keys = [str(key) for key in model.objects.filter(guide=draft()).values_list("pk", flat=True)]

    send(superuser, form, {"order": ",".join(reversed(keys)), "dragged": keys[0]})

    assert [str(key) for key in model.objects.values_list("pk", flat=True)] == keys[::-1]
    assert list(model.objects.values_list("position", flat=True)) == list(range(1, len(keys) + 1))


def test_only_parts_that_change_their_place_get_a_line_in_their_history(superuser: Client) -> None:
    form = form_of(read_admin(superuser, address("dimensions")))
    first, second, third = Dimension.objects.all()[:3]
    before = [one.history.count() for one in (first, second, third)]

    send(superuser, form, {"move": f"down:{first.pk}"})

    assert [one.history.count() for one in (first, second, third)] == [before[0] + 1, before[1] + 1, before[2]]
    assert first.history.latest().position == 2


def test_positions_with_gaps_become_one_to_n(superuser: Client) -> None:
    Dimension.objects.filter(key=Dimension.objects.all()[9].key).update(position=32767)
    first = Dimension.objects.all()[0]

    send(superuser, form_of(read_admin(superuser, address("dimensions"))), {"move": f"down:{first.pk}"})

    assert list(Dimension.objects.values_list("position", flat=True)) == list(range(1, 11))


def test_a_list_that_was_changed_meanwhile_is_not_touched(superuser: Client) -> None:
    form = form_of(read_admin(superuser, address("concerns")))
    concerns = list(SharedConcern.objects.all())
    SharedConcern.objects.create(guide=draft(), position=9, text="New")

    page = send(superuser, form, {"move": f"up:{concerns[1].pk}"})

    assert "the list was changed meanwhile" in page.text("ul[@class='messagelist']")
    assert names(page) == [*(one.text for one in concerns), "New"]


@pytest.mark.parametrize("order", ["1,1", "0", "x,y", ",", "99999999999999999999"])
def test_an_order_that_is_not_one_is_refused(superuser: Client, order: str) -> None:
    page = read_admin(superuser, address("dimensions"))

    after = send(superuser, form_of(page), {"order": order, "dragged": "x"})

    assert names(after) == names(page)


@pytest.mark.parametrize("sent", [{}, {"shown": "1,2"}, {"move": "up:1"}, {"shown": "\0", "move": "\0"}])
def test_a_form_that_is_not_ours_moves_nothing(superuser: Client, sent: dict[str, str]) -> None:
    before = list(Dimension.objects.values_list("pk", "position"))

    answer = superuser.post(address("dimensions"), sent)

    assert answer.status_code == 302
    assert list(Dimension.objects.values_list("pk", "position")) == before


def test_the_choices_of_a_question_are_put_in_order(superuser: Client) -> None:
    choices = reverse("admin:content_guide_order_choices", args=[draft().pk, "both"])
    page = read_admin(superuser, choices)
    last = Choice.objects.filter(question__key="both").last()
    assert last

    send(superuser, form_of(page), {"move": f"up:{last.pk}"})

    assert names(page)[-1] == "Not sure"
    assert list(Choice.objects.filter(question__key="both").values_list("key", flat=True))[-2:] == ["unsure", "neither"]


def test_what_cannot_be_put_in_order_is_not_found(superuser: Client) -> None:
    unknown = [
        address("editions"),
        reverse("admin:content_guide_order_choices", args=[draft().pk, "no-question"]),
    ]

    assert [superuser.get(one).status_code for one in unknown] == [404, 404]


def test_rules_keep_their_places_meanwhile(superuser: Client) -> None:
    before = list(Rule.objects.values_list("pk", "position"))
    first = SharedConcern.objects.all()[0]

    send(superuser, form_of(read_admin(superuser, address("concerns"))), {"move": f"down:{first.pk}"})

    assert list(Rule.objects.values_list("pk", "position")) == before


@pytest.mark.parametrize(
    ("move", "order"),
    [("up:b", "bac"), ("down:b", "acb"), ("up:a", "abc"), ("down:c", "abc"), ("up:x", "abc"), ("", "abc")],
)
def test_a_button_moves_by_one_place(move: str, order: str) -> None:
    result, _ = apply_move(["a", "b", "c"], move)

    assert "".join(result) == order


def test_it_does_not_open_without_the_right_to_change_guides(staff: Client) -> None:
    answers = [staff.get(address("roles")).status_code, staff.post(address("roles"), {}).status_code]

    assert answers == [403, 403]
