"""Characters that turn the direction of what follows: refused where a text is typed, and at publishing."""

import pytest
from django.test import Client
from django.urls import reverse

from advisor.content.models import Edition, Guide, Remark, Rule, Signal
from tests.assessment.reading import Form, Page
from tests.content.admin_pages import admin_address, beside, read_admin, save_in_admin, saved
from tests.content.making import draft

pytestmark = pytest.mark.django_db

TURNED = "Messy \u202eteam"
REFUSED = "It holds an invisible character that turns the direction of what follows (U+202E). Type the text anew."


@pytest.mark.parametrize(("model", "field"), [(Signal, "name"), (Signal, "reason"), (Guide, "why"), (Remark, "title")])
def test_a_form_refuses_it_beside_the_field(editor: Client, model: type[Signal], field: str) -> None:
    part = model.objects.first()
    assert part
    before = getattr(part, field)

    page = Page(saved(editor, part, {field: TURNED}), admin_address(part), strict=False)

    assert beside(page, field) == REFUSED
    part.refresh_from_db()
    assert getattr(part, field) == before


def test_words_of_another_script_are_saved(editor: Client) -> None:
    signal = Signal.objects.get(key="messy-stack")

    save_in_admin(editor, signal, {"name": "עברית"})

    signal.refresh_from_db()
    assert signal.name == "עברית"


def test_the_outcome_table_refuses_it_beside_the_field(editor: Client) -> None:
    address = reverse("admin:content_guide_rules", args=[draft().pk])
    form = Form(read_admin(editor, address).one("form[@class='rows']"), address)
    rule = Rule.objects.get(position=1)

    page = Page(form.send(editor, {f"{rule.pk}-reason": TURNED, "do": "save"}), address, strict=False)

    assert REFUSED in page.html
    assert Rule.objects.get(pk=rule.pk).reason == rule.reason


def test_a_draft_that_holds_one_is_not_published(publisher: Client) -> None:
    Signal.objects.filter(key="messy-stack").update(name=TURNED)

    page = read_admin(publisher, reverse("admin:content_guide_publish", args=[draft().pk]))

    assert page.texts("ul[@class='blockers']/li") == [f"Signal messy-stack name: {REFUSED}"]
    assert Edition.objects.count() == 1


def test_neither_a_note_nor_the_purpose_of_a_link_holds_one(publisher: Client) -> None:
    Signal.objects.filter(key="messy-stack").update(name="Stack in a mess")
    addresses = {name: reverse(f"admin:content_guide_{name}", args=[draft().pk]) for name in ("publish", "previews")}
    notes = Form(read_admin(publisher, addresses["publish"]).one("form[@class='module aligned']"), addresses["publish"])

    noted = notes.send(publisher, {"note": TURNED})
    linked = publisher.post(addresses["previews"], {"purpose": TURNED, "days": "7"})

    assert REFUSED in noted.content.decode()
    assert REFUSED in linked.content.decode()
    assert Edition.objects.count() == 1
