"""What visitors are offered: said before it is changed, and changed by one more click."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from advisor.content.editions import edition_cache
from advisor.content.models import Guide, PreviewLink
from advisor.content.previews import make_link
from tests.assessment.reading import Form, Page
from tests.conftest import ANSWERS, CALL, GUIDE
from tests.content.admin_pages import read_admin
from tests.content.making import NOON, draft, load_copy, publish_draft
from tests.guides import first_guide

pytestmark = pytest.mark.django_db

FIRST, SECOND = first_guide().title, "The second guide?"


@pytest.fixture
def second(tmp_path: Path) -> Guide:
    """A second guide beside the first, not published yet."""
    guide = load_copy(tmp_path, "second-guide")
    Guide.objects.filter(pk=guide.pk).update(title=SECOND)
    return draft("second-guide")


@pytest.fixture
def two(second: Guide) -> Guide:
    """The second of two guides that are offered."""
    publish_draft(second.key)
    return second


def address(name: str, guide: Guide, *more: object) -> str:
    return reverse(f"admin:content_guide_{name}", args=[guide.pk, *more])


def said(page: Page) -> str:
    return page.text("div[@id='content-main']")


def test_publishing_a_second_guide_says_first_that_the_front_page_becomes_a_list(
    publisher: Client, second: Guide
) -> None:
    page = read_admin(publisher, address("publish", second))

    assert (
        f"This is the first edition of this guide. The front page becomes a list of 2 guides, in this order: "
        f"“{FIRST}”, “{SECOND}”. Now it is the first page of “{FIRST}”."
    ) in said(page)


def test_what_was_said_of_the_front_page_comes_true(publisher: Client, visitor: Client, second: Guide) -> None:
    before = Page(visitor.get("/"))

    publish_draft(second.key)

    after = Page(visitor.get("/"))
    assert before.text("h1") == FIRST
    assert after.texts("article/h2") == [FIRST, SECOND]


def test_a_further_edition_changes_nothing_about_the_front_page_and_says_nothing(publisher: Client) -> None:
    Guide.objects.update(summary="In other words.")

    page = read_admin(publisher, address("publish", draft()))

    assert "front page" not in said(page)


def test_the_first_edition_of_a_retired_guide_is_not_offered_and_the_page_says_so(
    publisher: Client, second: Guide
) -> None:
    Guide.objects.filter(pk=second.pk).update(is_retired=True)

    page = read_admin(publisher, address("publish", second))

    assert "This guide is retired: visitors are not offered it" in said(page)


def test_the_command_says_what_became_of_the_front_page(second: Guide) -> None:
    out = StringIO()
    second.scenario_set.update(expected_to_change=True)

    call_command("publish", second.key, stdout=out)

    assert "The front page becomes a list of 2 guides" in out.getvalue()


@pytest.mark.parametrize(
    ("change", "button", "words"),
    [
        ("default", "Make it the default guide", f"in this order: “{SECOND}”, “{FIRST}”"),
        ("retire", "Retire it", f"The front page becomes the first page of “{FIRST}”."),
    ],
)
def test_what_visitors_will_see_is_said_and_nothing_is_done_before_it_is_confirmed(
    publisher: Client, two: Guide, change: str, button: str, words: str
) -> None:
    before = list(Guide.objects.values())

    page = read_admin(publisher, address("state", two, change))

    assert page.text("h1") == f"{button}?"
    assert words in said(page)
    assert list(Guide.objects.values()) == before


@pytest.mark.parametrize("change", ["default", "retire"])
def test_the_page_of_the_guide_leads_there_and_has_no_button_that_acts_at_once(
    publisher: Client, two: Guide, change: str
) -> None:
    page = read_admin(publisher, address("overview", two))

    section = "section[@aria-labelledby='offer']"
    assert address("state", two, change) in {link.get("href") for link in page.all(f"{section}//a")}
    assert page.all(f"{section}//form") == []


@pytest.mark.parametrize(
    ("change", "front"),
    [("default", [SECOND, FIRST]), ("retire", [])],
)
def test_once_it_is_confirmed_it_is_done(
    publisher: Client, visitor: Client, two: Guide, change: str, front: list[str]
) -> None:
    page = read_admin(publisher, address("state", two, change))

    answer = Form(page.one("div[@id='content-main']//form"), page.address).send(publisher)

    edition_cache.clear()
    assert answer["Location"] == address("overview", two)
    assert Page(visitor.get("/")).texts("article/h2") == front


def test_a_retired_guide_keeps_what_the_page_promised(publisher: Client, visitor: Client, two: Guide) -> None:
    publisher.post(address("state", two, "retire"))
    edition_cache.clear()

    landing = visitor.get(f"/{two.key}/")
    question = visitor.get(f"/{two.key}/ai/?software=yes&signal=none.software&edition=1")
    result = Page(visitor.get(f"/{two.key}/result/?{ANSWERS['both-roles']}&edition=1"))
    call = visitor.get(f"/{two.key}/call/?{ANSWERS['both-roles']}&edition=1")
    sent = visitor.post(f"/{two.key}/call/?{ANSWERS['both-roles']}&edition=1", CALL | {"key": "key-of-the-form"})

    assert landing.status_code == 410
    assert FIRST in landing.content.decode()
    assert (question.status_code, result.outcome, call.status_code) == (200, "both-roles", 200)
    assert sent.status_code == 302


def test_offering_a_guide_again_is_asked_too(publisher: Client, visitor: Client, two: Guide) -> None:
    Guide.objects.filter(pk=two.pk).update(is_retired=True)
    page = read_admin(publisher, address("state", two, "offer"))

    Form(page.one("div[@id='content-main']//form"), page.address).send(publisher)

    edition_cache.clear()
    assert "The front page becomes a list of 2 guides" in said(page)
    assert Page(visitor.get("/")).texts("article/h2") == [FIRST, SECOND]


def test_a_guide_that_was_never_published_changes_nothing_for_visitors(publisher: Client, second: Guide) -> None:
    pages = [said(read_admin(publisher, address("state", second, change))) for change in ("default", "retire", "offer")]

    assert all("Nothing of this guide is published, so nothing changes for visitors" in page for page in pages)


def test_retiring_the_only_guide_that_is_offered_says_what_is_left(publisher: Client, two: Guide) -> None:
    Guide.objects.filter(key=GUIDE).update(is_default=False, is_retired=True)

    page = read_admin(publisher, address("state", two, "retire"))

    assert "The front page becomes a page that says that the site is being set up." in said(page)
    assert "names no other, as none is offered" in said(page)


def test_an_address_that_is_only_looked_at_changes_nothing(publisher: Client, two: Guide) -> None:
    before = list(Guide.objects.values())

    statuses = [publisher.head(address("state", two, change)).status_code for change in ("default", "retire", "offer")]

    assert statuses == [200] * 3
    assert list(Guide.objects.values()) == before


def test_who_may_not_publish_is_not_asked(editor: Client, two: Guide) -> None:
    answers = [editor.get(address("state", two, "retire")), editor.post(address("state", two, "retire"))]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_a_link_to_the_draft_is_revoked_after_it_was_asked(editor: Client) -> None:
    link = make_link(guide=draft(), by="editor", purpose="Our lawyer", days=7, now=NOON)
    where = reverse("admin:content_preview_revoke", args=[draft().pk, link.pk])

    page = read_admin(editor, where)
    before = PreviewLink.objects.get().revoked_at
    Form(page.one("div[@id='content-main']//form"), where).send(editor)

    assert "The link “Our lawyer” opens nothing any more" in said(page)
    assert before is None
    assert PreviewLink.objects.get().revoked_at is not None
