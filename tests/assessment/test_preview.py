"""A draft, walked by a link: the same pages, marked, kept to itself and leading nowhere else."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from advisor.content.models import Cell, Edition, Guide, PreviewLink, Rule, Signal
from advisor.content.previews import make_link, revoke
from tests.assessment.reading import FRAGMENT, Page, path_of, read
from tests.assessment.soundness import flaws
from tests.clock import NOW
from tests.conftest import ANSWERS, GUIDE, database_down
from tests.content.making import draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(db: None) -> PreviewLink:
    """A link to the draft of the first guide, open for a week."""
    return make_link(guide=draft(), by="editor", purpose="The lawyer", days=7, now=NOW)


@pytest.fixture
def root(link: PreviewLink) -> str:
    return f"/preview/{link.token}/"


PAGES = {
    "landing": "",
    "question": "software/",
    "follow-up": f"team-size/?{ANSWERS['both-roles']}",
    "question without an answer": "software/?asked=software",
    **{f"result {outcome}": f"result/?{answers}" for outcome, answers in ANSWERS.items()},
}
EACH = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)


@EACH
def test_every_page_says_that_it_is_a_draft_and_is_kept_to_itself(visitor: Client, root: str, path: str) -> None:
    answer = visitor.get(root + path)

    page = Page(answer)
    assert answer.status_code == 200
    assert flaws(page) == []
    assert page.title.startswith(("Draft: ", "Draft: Error: "))
    assert "This is a draft." in page.text("p[@role='note']")
    assert page.one("meta[@name='robots']").get("content") == "noindex, nofollow"
    assert not page.all("link[@rel='canonical']")
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "strict-origin"
    assert not answer.cookies


@EACH
def test_no_link_and_no_form_leaves_the_draft(visitor: Client, root: str, path: str) -> None:
    page = Page(visitor.get(root + path))

    links = [link.attrib["href"] for link in page.all("a") if not link.attrib["href"].startswith("mailto:")]
    targets = links + [form.attrib["action"] for form in page.all("form")]
    outside = {path_of(target) for target in targets if path_of(target) and not path_of(target).startswith(root)}
    assert outside <= {"/privacy/", "/accessibility/", "/r/"}
    assert "edition=" not in page.html


@EACH
def test_htmx_gets_the_same_as_a_fragment(visitor: Client, root: str, path: str) -> None:
    fragment = Page(visitor.get(root + path, headers=FRAGMENT))

    assert not fragment.is_whole
    assert "Draft: " in fragment.title


def test_the_walk_goes_from_the_landing_to_the_result_of_the_draft(visitor: Client, root: str) -> None:
    cto, not_yet = (Rule.objects.get(outcome__key=key) for key in ("fractional-cto", "not-yet"))
    cto.outcome, not_yet.outcome = not_yet.outcome, cto.outcome
    cto.save()
    not_yet.save()
    page = read(visitor, next(href for text, href in Page(visitor.get(root)).links() if text.startswith("Start")))
    for answers in (
        {"software": "yes", "signal": "messy-stack"},
        {"ai": "no", "signal": "none.ai"},
        {"both": "software"},
    ):
        sent = page.form.send(visitor, answers)
        page = read(visitor, sent["Location"])

    assert page.address.startswith(f"{root}result/")
    assert page.outcome == "not-yet"
    assert Page(visitor.get(f"/{GUIDE}/result/?{ANSWERS['fractional-cto']}")).outcome == "fractional-cto"


def test_a_change_of_the_draft_is_there_at_once(visitor: Client, root: str) -> None:
    before = visitor.get(root).content.decode()
    Signal.objects.filter(key="messy-stack").update(name="Stack in a mess")

    after = visitor.get(root).content.decode()

    assert "Stack in a mess" not in before
    assert "Stack in a mess" in after


def test_a_result_in_a_draft_has_no_code_no_link_to_pass_on_and_no_call(visitor: Client, root: str) -> None:
    page = Page(visitor.get(f"{root}result/?{ANSWERS['both-roles']}"))

    assert not page.all("code")
    assert "/call/" not in page.html
    assert "In a draft no call can be asked for." in page.text("main")


def test_a_link_that_was_revoked_or_has_expired_says_what_to_do(visitor: Client, root: str, link: PreviewLink) -> None:
    PreviewLink.objects.filter(pk=link.pk).update(made_at=NOW - timedelta(days=2), expires_at=NOW - timedelta(days=1))
    expired = visitor.get(root)
    revoke(link=link, now=NOW)
    revoked = visitor.get(root)

    assert (expired.status_code, revoked.status_code) == (404, 404)
    assert "has expired. Ask whoever sent you the link for a new one." in expired.content.decode()
    assert "was revoked. Ask whoever sent you the link for a new one." in revoked.content.decode()


@pytest.mark.parametrize("token", ["nothing", "%00", "a" * 5000, "..%2f", "%E2%80%AE", "result"])
@pytest.mark.parametrize("path", ["", "software/", "result/"])
def test_a_token_that_does_not_exist_is_not_found(visitor: Client, token: str, path: str) -> None:
    answer = visitor.get(f"/preview/{token}/{path}")

    assert answer.status_code == 404


def test_missing_words_are_shown_as_they_are(visitor: Client, root: str) -> None:
    Guide.objects.update(why="")
    Signal.objects.filter(key="messy-stack").update(text="")

    statuses = {visitor.get(root + path).status_code for path in PAGES.values()}

    assert statuses == {200}


def test_a_draft_in_pieces_says_what_is_missing_instead_of_failing(visitor: Client, root: str) -> None:
    Cell.objects.filter(dimension__key="focus").delete()
    Rule.objects.get(outcome__key="not-yet").delete()

    answers = [visitor.get(root + path) for path in PAGES.values()]

    assert {answer.status_code for answer in answers} == {409}
    said = Page(answers[0]).text("main")
    assert "This draft cannot be walked yet" in said
    assert "The cell for “Fractional CTO” is missing." in said
    assert "The last rule must match anything" in said


@pytest.mark.parametrize("when", [{"gone": ["yes"]}, {"software": ["gone"]}, {"software": []}, {"software": [1]}])
def test_a_condition_that_cannot_hold_is_named_instead_of_failing(
    visitor: Client, root: str, when: dict[str, list[object]]
) -> None:
    Rule.objects.filter(position=1).update(when=when)

    answers = [visitor.get(root + path) for path in PAGES.values()]

    assert {answer.status_code for answer in answers} == {409}
    assert "rules 1" in Page(answers[0]).text("main")


def test_without_a_database_it_is_a_calm_page(visitor: Client, root: str) -> None:
    with database_down():
        answer = visitor.get(root)

    assert answer.status_code == 503


def test_nothing_is_published_by_looking(visitor: Client, root: str) -> None:
    for path in PAGES.values():
        visitor.get(root + path)

    assert Edition.objects.count() == 1
    assert urlsplit(root).path == root
