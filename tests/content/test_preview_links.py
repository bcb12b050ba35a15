"""Links to a draft: made, listed and revoked by editors."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import JSONField, Value
from django.test import Client
from django.urls import reverse

from advisor.content.models import PreviewLink, Rule
from advisor.content.previews import make_link, revoke
from tests.assessment.reading import Form, Page
from tests.clock import NOW
from tests.content.admin_pages import read_admin
from tests.content.making import NOON, draft

pytestmark = pytest.mark.django_db


def address(name: str = "guide_previews", *more: object) -> str:
    return reverse(f"admin:content_{name}", args=[draft().pk, *more])


def form_of(page: Page) -> Form:
    return Form(page.one("form[@class='module aligned']"), page.address)


def test_an_editor_makes_a_link_and_finds_its_address(editor: Client, visitor: Client) -> None:
    form_of(read_admin(editor, address())).send(editor, {"purpose": "The lawyer", "days": "30"})

    link = PreviewLink.objects.get()
    page = read_admin(editor, address())
    assert (link.purpose, link.made_by) == ("The lawyer", "one of Editors")
    assert link.expires_at - link.made_at == timedelta(days=30)
    shown = page.one("input[@readonly]").attrib["value"]
    assert shown == f"http://testserver/preview/{link.token}/"
    assert visitor.get(shown).status_code == 200


@pytest.mark.parametrize("wrong", [{"days": "365"}, {"days": ""}, {"purpose": "x" * 121}, {"days": "7\x00"}])
def test_what_cannot_be_is_refused_beside_the_field_and_kept(editor: Client, wrong: dict[str, str]) -> None:
    sent = form_of(read_admin(editor, address())).send(editor, wrong)

    page = Page(sent, address(), strict=False)
    assert sent.status_code == 200
    assert page.title.startswith("Error:")
    assert page.all("ul[@class='errorlist']")
    assert not PreviewLink.objects.exists()


def test_a_link_is_revoked_and_stays_in_the_list(editor: Client, visitor: Client) -> None:
    link = make_link(guide=draft(), by="editor", purpose="", days=7, now=NOW)

    editor.post(address("preview_revoke", link.pk))

    assert visitor.get(f"/preview/{link.token}/").status_code == 404
    assert "Revoked" in read_admin(editor, address()).html


def test_revoking_twice_keeps_the_first_time() -> None:
    link = make_link(guide=draft(), by="editor", purpose="", days=7, now=NOON)

    revoke(link=link, now=NOON + timedelta(hours=1))
    revoke(link=link, now=NOON + timedelta(hours=2))

    link.refresh_from_db()
    assert link.revoked_at == NOON + timedelta(hours=1)


def test_staff_walk_the_draft_by_a_link_of_their_own_that_is_used_again(editor: Client) -> None:
    first = editor.post(address("preview_walk"))
    second = editor.post(address("preview_walk"))

    assert first["Location"] == second["Location"]
    assert editor.get(first["Location"]).status_code == 200
    assert PreviewLink.objects.count() == 1


def test_a_link_of_another_guide_is_not_revoked_here(editor: Client) -> None:
    link = make_link(guide=draft(), by="editor", purpose="", days=7, now=NOON)

    answer = editor.post(reverse("admin:content_preview_revoke", args=[draft().pk + 1, link.pk]))

    link.refresh_from_db()
    assert answer.status_code == 404
    assert link.revoked_at is None


def test_the_database_refuses_a_token_twice_and_a_link_that_ends_before_it_begins() -> None:
    link = make_link(guide=draft(), by="editor", purpose="", days=7, now=NOON)

    with pytest.raises(IntegrityError, match=r"preview_token_unique|content_previewlink\.token"), transaction.atomic():
        PreviewLink.objects.create(
            guide=draft(), token=link.token, made_by="x", made_at=NOON, expires_at=NOON + timedelta(days=1)
        )
    with pytest.raises(IntegrityError, match="preview_expires_later"), transaction.atomic():
        make_link(guide=draft(), by="editor", purpose="", days=0, now=NOON)


def test_tokens_cannot_be_guessed() -> None:
    tokens = {make_link(guide=draft(), by="x", purpose="", days=1, now=NOON).token for _ in range(20)}

    assert len(tokens) == 20
    assert all(len(token) >= 24 for token in tokens)


@pytest.mark.parametrize("when", [5, "both", ["both"], {"both": 5}, {"both": "both"}, {"both": [5]}, None])
def test_a_condition_that_came_past_every_check_is_reported_and_not_an_error(
    visitor: Client, editor: Client, when: object
) -> None:
    link = make_link(guide=draft(), by="editor", purpose="", days=7, now=NOW)
    Rule.objects.filter(position=3).update(when=Value(when, JSONField()))

    preview = visitor.get(f"/preview/{link.token}/")
    overview = read_admin(editor, reverse("admin:content_guide_overview", args=[draft().pk]))

    assert preview.status_code == 409
    assert any(words.startswith("Rule 3") for words in overview.texts("ul[@class='blockers']/li"))
