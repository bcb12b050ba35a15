"""Pages of the admin about one guide: they lead through the guide, and saving goes on in it."""

import pytest
from django.test import Client
from django.urls import reverse

from advisor.content.models import NeedRow, Rule, Signal
from tests.content.admin_pages import admin_address, read_admin, saved
from tests.content.making import draft

pytestmark = pytest.mark.django_db


def guide_page(name: str = "overview", *more: object) -> str:
    return reverse(f"admin:content_guide_{name}", args=[draft().pk, *more])


def test_who_saves_a_part_comes_back_to_its_place_in_the_guide(editor: Client) -> None:
    answer = saved(editor, Signal.objects.get(key="ai-risks"), {"name": "Risks of AI"})

    assert answer["Location"] == guide_page() + "#signals"
    assert read_admin(editor, guide_page()).one("h2[@id='signals']").text == "Signals"


@pytest.mark.parametrize(
    ("model", "page"), [(Rule, ("rules",)), (NeedRow, ("need", "fractional-cto"))], ids=["a rule", "a row of a need"]
)
def test_who_saves_a_row_alone_comes_back_to_its_table(
    editor: Client, model: type[Rule] | type[NeedRow], page: tuple[str, ...]
) -> None:
    row = model.objects.first()
    assert row

    assert saved(editor, row, {})["Location"] == guide_page(*page)


def test_who_saves_the_words_of_the_guide_comes_back_to_its_page(editor: Client) -> None:
    assert saved(editor, draft(), {"summary": "In other words."})["Location"] == guide_page()


def test_who_saves_may_go_on_to_the_next_of_its_kind(editor: Client) -> None:
    first, second, *_, last = draft().signal_set.all()

    answer = saved(editor, first, {"_next": "yes", "name": "In other words"})

    assert answer["Location"] == admin_address(second)
    assert f"Save and go on to “{second}"[:30] in read_admin(editor, admin_address(first)).html
    assert "Save and go on" not in read_admin(editor, admin_address(last)).html
    # Sent by hand where there is no next one, it saves.
    assert saved(editor, last, {"_next": "yes", "name": "The last"})["Location"] == guide_page() + "#signals"


def test_save_and_add_another_stays_with_the_guide(editor: Client) -> None:
    address = reverse("admin:content_outcome_add") + f"?guide={draft().pk}"
    sent = {"guide": draft().pk, "key": "new", "name": "New", "title": "New", "text": "New.", "_addanother": "yes"}

    assert editor.post(address, sent)["Location"] == address


def test_who_deletes_a_part_comes_back_to_its_place_in_the_guide(editor: Client) -> None:
    outcome = draft().outcome_set.create(key="new", name="New", title="New", text="New.")
    question = read_admin(editor, admin_address(outcome, "delete"))

    answer = editor.post(admin_address(outcome, "delete"), {"post": "yes"})

    assert guide_page() in {link.get("href") for link in question.all("ol[@class='breadcrumbs']//a")}
    assert answer["Location"] == guide_page() + "#outcomes"


@pytest.mark.parametrize("page", ["content_signal_change", "content_guide_rules", "content_guide_proof"])
def test_breadcrumbs_and_sidebar_lead_through_the_guide(editor: Client, page: str) -> None:
    owner = draft().signal_set.first() if page == "content_signal_change" else draft()
    assert owner

    read = read_admin(editor, reverse(f"admin:{page}", args=[owner.pk]))

    assert guide_page() in {link.get("href") for link in read.all("ol[@class='breadcrumbs']//a")}
    sidebar = {link.get("href") for link in read.all("nav[@class='guide-sidebar']//a")}
    assert {
        guide_page("rules"),
        guide_page("need", "head-of-ai"),
        guide_page("publish"),
        guide_page() + "#roles",
    } <= sidebar


def test_the_sidebar_offers_what_one_may_open(owner: Client) -> None:
    read = read_admin(owner, guide_page())

    links = {link.attrib["href"] for link in read.all("nav[@class='guide-sidebar']//a")}

    assert {owner.get(link).status_code for link in links} == {200}
    assert guide_page("rules") not in links
