"""What editors paste: clean whichever way it gets into a guide, and empty where nothing can be seen of it."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from advisor.content.drafts import UnwritableError
from advisor.content.models import Cell, Guide, Role, Rule, Signal
from advisor.content.portable import import_guide
from tests.assessment.reading import Form, Page
from tests.content.admin_pages import admin_address, beside, read_admin, save_in_admin, saved
from tests.content.making import draft
from tests.content.test_portable import COPY, exported

pytestmark = pytest.mark.django_db

PASTED = "\ufeffMessy\u00a0\u200bstack\u00ad"


def test_the_form_of_a_part_makes_it_clean(editor: Client) -> None:
    signal = Signal.objects.get(key="messy-stack")

    save_in_admin(editor, signal, {"name": PASTED, "reason": "\u200bOne line.\u2028Another.\ufeff"})

    signal.refresh_from_db()
    assert (signal.name, signal.reason) == ("Messy stack", "One line.\nAnother.")


@pytest.mark.parametrize("typed", ["\u200b", "\u2800", "\u3164", "\ufffe", "\u115f"])
def test_what_looks_empty_is_refused_like_empty(editor: Client, typed: str) -> None:
    signal = Signal.objects.get(key="messy-stack")

    page = Page(saved(editor, signal, {"name": typed}), admin_address(signal), strict=False)

    assert beside(page, "name") == "Please fill in “Name”."
    assert Signal.objects.get(key="messy-stack").name == signal.name


def test_the_outcome_table_makes_it_clean(editor: Client) -> None:
    address = reverse("admin:content_guide_rules", args=[draft().pk])
    form = Form(read_admin(editor, address).one("form[@class='rows']"), address)
    rule = Rule.objects.get(position=1)

    form.send(editor, {f"{rule.pk}-reason": PASTED, "do": "save"})

    rule.refresh_from_db()
    assert rule.reason == "Messy\u00a0stack"


def test_the_comparison_table_makes_it_clean(editor: Client) -> None:
    address = reverse("admin:content_guide_table", args=[draft().pk])
    form = Form(read_admin(editor, address).one("form[@novalidate]"), address)
    cell = Cell.objects.select_related("dimension", "role").earliest("pk")

    form.send(editor, {f"cell-{cell.dimension.pk}-{cell.role.pk}": PASTED})

    cell.refresh_from_db()
    assert cell.text == "Messy stack"


def test_an_imported_guide_is_clean() -> None:
    document = json.loads(exported())
    document["guide"]["roles"][0]["name"] = PASTED
    document["guide"]["title"] = f" {PASTED} "

    made = import_guide(json.dumps(document).encode(), key=COPY)

    assert made.title == "Messy stack"
    assert Role.objects.filter(guide=made, name="Messy stack").exists()


def test_an_imported_guide_with_a_name_of_which_nothing_can_be_seen_is_refused() -> None:
    document = json.loads(exported())
    document["guide"]["roles"][0]["name"] = "\u3164"

    with pytest.raises(UnwritableError, match=r"guide\.roles\[0\]\.name"):
        import_guide(json.dumps(document).encode(), key=COPY)

    assert not Guide.objects.filter(key=COPY).exists()


def test_the_key_of_a_copy_is_taken_without_what_was_pasted_along(publisher: Client) -> None:
    answer = publisher.post(
        reverse("admin:content_guide_copy", args=[draft().pk]), {"key": f"\u200b{COPY}\ufeff", "title": PASTED}
    )

    assert answer.status_code == 302
    assert Guide.objects.get(key=COPY).title == "Messy stack"
