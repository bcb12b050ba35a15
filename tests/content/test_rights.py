"""Who may do what with the content: what one may not do is not offered, and refused on the server."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from advisor.content.editing.urls import urlpatterns
from advisor.content.models import Edition, Guide, PreviewLink
from advisor.content.previews import make_link
from tests.assessment.reading import Page
from tests.conftest import member_of
from tests.content.admin_pages import read_admin
from tests.content.making import NOON, draft

pytestmark = pytest.mark.django_db

READING = {
    "content_guide_overview",
    "content_guide_proof",
    "content_guide_publish",
    "content_guide_editions",
    "content_guide_edition",
    "content_guide_publish_edition",
    "content_guide_drawing",
    "content_edition_drawing",
    "content_guide_sheet",
    "content_edition_sheet",
    "content_guide_export",
    "content_edition_export",
    "content_guide_changes",
}
"""Pages that are open to everyone who may see the content; what they let one do is asked for again when it is done."""
NEEDED = {"number": 1, "change": "retire", "kind": "roles", "key": "software", "link_id": 1, "step": "words"}
PAGES = {route.name: set(route.pattern.converters) for route in urlpatterns if route.name}


def address(name: str) -> str:
    link = PreviewLink.objects.first()
    given = NEEDED | ({"link_id": link.pk} if link else {})
    if name in {"content_guide_need", "content_guide_role_step", "content_guide_role_done"}:
        given = given | {"key": "head-of-ai"}
    return reverse(f"admin:{name}", kwargs={needed: given.get(needed, draft().pk) for needed in PAGES[name]})


def answers(client: Client, name: str) -> set[int]:
    """The statuses of looking at a page and of sending it nothing."""
    return {client.get(address(name)).status_code, client.post(address(name)).status_code}


@pytest.mark.parametrize("name", PAGES)
def test_a_visitor_is_sent_to_the_login(visitor: Client, name: str) -> None:
    opened, sent = visitor.get(address(name)), visitor.post(address(name))

    assert opened.status_code in {302, 405}
    # What is sent is kept, and asks at the same address.
    assert sent.status_code in {200, 405}
    assert sent.status_code == 405 or Page(sent, strict=False).one("form[@id='login-form']") is not None


@pytest.mark.parametrize("group", ["", "Sales"])
@pytest.mark.parametrize("name", PAGES)
def test_who_has_no_right_to_the_content_sees_none_of_its_pages(staff: Client, name: str, group: str) -> None:
    client = member_of(group) if group else staff

    statuses = answers(client, name)

    assert statuses <= {403, 405}


@pytest.mark.parametrize("name", PAGES)
def test_owners_read_and_change_nothing(owner: Client, name: str) -> None:
    before = list(Guide.objects.values())

    looked, sent = owner.get(address(name)).status_code, owner.post(address(name)).status_code

    assert looked == (200 if name in READING else looked)
    assert looked in ({200} if name in READING else {403, 405})
    assert sent in {403, 405}
    assert list(Guide.objects.values()) == before


@pytest.mark.parametrize("name", PAGES)
def test_editors_open_every_page_but_the_switches_of_publishers(editor: Client, name: str) -> None:
    make_link(guide=draft(), by="editor", purpose="", days=7, now=NOON)

    looked = editor.get(address(name)).status_code

    assert looked in ({200, 405} if name != "content_guide_state" else {403, 405})


def test_editors_are_not_offered_to_publish_and_are_refused(editor: Client) -> None:
    Guide.objects.update(summary="In other words.")

    page = read_admin(editor, address("content_guide_publish"))
    sent = editor.post(address("content_guide_publish"), {"note": "Anyway."})

    assert "Publish this draft" not in page.html
    assert "To publish takes the right" in page.html
    assert sent.status_code == 403
    assert Edition.objects.count() == 1


@pytest.mark.parametrize("name", ["content_guide_publish_edition", "content_guide_state"])
def test_editors_can_neither_go_back_nor_retire(editor: Client, name: str) -> None:
    sent = editor.post(address(name), {"note": "Anyway."})

    assert sent.status_code == 403


@pytest.mark.parametrize("group", ["Editors", "Publishers"])
def test_who_edits_sees_no_lead(group: str) -> None:
    client = member_of(group)

    statuses = {client.get(reverse(f"admin:leads_{model}_changelist")).status_code for model in ("lead", "person")}

    assert statuses == {403}


@pytest.mark.parametrize("model", ["lead", "person"])
def test_sales_sees_leads_and_no_content(sales: Client, model: str) -> None:
    leads = sales.get(reverse(f"admin:leads_{model}_changelist"))
    guides = sales.get(reverse("admin:content_guide_changelist"))

    assert (leads.status_code, guides.status_code) == (200, 403)


def test_the_index_offers_each_group_its_own(sales: Client, editor: Client, owner: Client) -> None:
    offered = [
        {link.get("href") for link in read_admin(client, reverse("admin:index")).all("a")}
        for client in (sales, editor, owner)
    ]

    guides, leads = reverse("admin:content_guide_changelist"), reverse("admin:leads_lead_changelist")
    assert [(guides in links, leads in links) for links in offered] == [(False, True), (True, False), (True, True)]


def test_nobody_deletes_a_guide_or_an_edition_by_group() -> None:
    granted = Group.objects.values_list("permissions__codename", flat=True)

    assert not {"delete_guide", "delete_edition", "change_edition", "add_edition"} & set(granted)


def test_the_groups_are_there() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == {"Editors", "Publishers", "Sales", "Owners"}
