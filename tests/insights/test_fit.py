"""What visitors say, as editors and the owner read it: counts with what they allow to conclude, and the lines."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from advisor.feedback.models import Line, Tally
from advisor.feedback.sums import MIN_VOTES, likely_share
from tests.assessment.reading import text_of
from tests.clock import NOW
from tests.conftest import GUIDE, member_of
from tests.content.admin_pages import read_admin
from tests.content.making import publish_draft

pytestmark = pytest.mark.usefixtures("published")

PAGE = "/admin/insights/fit/"
MONDAY = NOW.date() - timedelta(days=NOW.weekday())


def count(
    reason: str = "signal.messy-stack", *, fits: int, does_not: int = 0, weeks_ago: int = 0, edition: int = 1
) -> None:
    Tally.objects.create(
        guide=GUIDE,
        edition=edition,
        outcome="fractional-cto",
        reason=reason,
        week=MONDAY - timedelta(weeks=weeks_ago),
        fits=fits,
        does_not=does_not,
    )


def rows(client: Client, query: str = "") -> list[list[str]]:
    """The cells of the table, row by row."""
    page = read_admin(client, f"{PAGE}?{query}")
    return [[text_of(cell) for cell in row if cell.tag in {"th", "td"}] for row in page.all("section//tbody/tr")]


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0000),
    ],
)
def test_the_interval_is_the_one_that_is_published(part: int, whole: int, low: float, high: float) -> None:
    assert likely_share(part, whole) == pytest.approx((low, high), abs=0.00006)


def test_editors_and_the_owner_read_counts_with_what_is_likely_and_what_follows(editor: Client, owner: Client) -> None:
    count(fits=14, does_not=6)
    count("rule.4", fits=2, does_not=28)
    count("need.head-of-ai.1", fits=26, does_not=4)

    found = rows(editor)

    assert [row[1:4] for row in found] == [
        ["2 of 30", "2 to 21 of 100", "most say it does not"],
        ["14 of 20", "48 to 85 of 100", "could be either"],
        ["26 of 30", "70 to 95 of 100", "most say it fits"],
    ]
    assert found[1][0].startswith("Every extra framework and manual deployment makes the next change slower")
    assert rows(owner) == found


def test_of_a_few_votes_nothing_is_shown_but_that_they_are_few(owner: Client) -> None:
    count(fits=MIN_VOTES - 1)

    ((_, *cells),) = rows(owner)

    assert cells == ["–", "–", "too few to say", "–"]


def test_the_weeks_and_the_edition_are_chosen(owner: Client) -> None:
    publish_draft()
    count(fits=20)
    count(fits=20, weeks_ago=5)
    count(fits=20, weeks_ago=20)
    count(fits=10, edition=2)

    assert [row[1] for row in rows(owner)] == ["10 of 10"]
    found = [rows(owner, f"edition=1&weeks={weeks}")[0][1] for weeks in (4, 12, 0, "x")]
    assert found == ["20 of 20", "40 of 40", "60 of 60", "60 of 60"]


@pytest.mark.parametrize("query", ["guide=none", "edition=99", "edition=999999999999999999"])
def test_what_is_not_there_is_not_found(owner: Client, query: str) -> None:
    assert owner.get(f"{PAGE}?{query}").status_code == 404


@pytest.mark.parametrize("query", ["edition=x", "edition=%00", "weeks=%00", "page=0", "page=999", "page=%00"])
def test_what_cannot_be_read_is_passed_over(owner: Client, query: str) -> None:
    assert owner.get(f"{PAGE}?{query}").status_code == 200


def test_lines_are_listed_newest_first_page_by_page_as_text(owner: Client) -> None:
    for number in range(30):
        Line.objects.create(guide=GUIDE, edition=1, outcome="not-yet", day=NOW.date(), text=f"<b>Line</b> {number}")

    first, second = read_admin(owner, PAGE), read_admin(owner, f"{PAGE}?page=2")

    assert first.texts("q")[:2] == ["<b>Line</b> 29", "<b>Line</b> 28"]
    assert (len(first.all("q")), len(second.all("q"))) == (25, 5)
    assert second.texts("q")[-1] == "<b>Line</b> 0"
    assert "Remove" not in [text for text, _ in first.links("ul[@class='lines']")]


def test_an_editor_removes_a_line_and_the_log_does_not_repeat_it(editor: Client) -> None:
    line = Line.objects.create(guide=GUIDE, edition=1, outcome="not-yet", day=NOW.date(), text="Ann Other owes us")
    address = dict(read_admin(editor, PAGE).links("ul[@class='lines']"))["Remove"]

    editor.post(address, {"post": "yes"})

    assert not Line.objects.filter(pk=line.pk).exists()
    assert "Ann" not in str(editor.get(reverse("admin:index")).content)


@pytest.mark.parametrize("group", ["Sales", ""])
def test_who_has_no_right_to_it_does_not_see_it(staff: Client, group: str) -> None:
    client = member_of(group) if group else staff

    assert client.get(PAGE).status_code == 403
    assert PAGE not in str(client.get(reverse("admin:index")).content)
    assert client.get(reverse("admin:feedback_line_changelist")).status_code == 403


def test_it_is_offered_on_the_front_page_and_on_the_page_of_the_guide(editor: Client) -> None:
    overview = read_admin(editor, reverse("admin:content_guide_changelist"))
    guide = next(href for text, href in overview.links("div[@id='changelist']") if "CTO" in text)

    assert PAGE in [href for _, href in read_admin(editor, reverse("admin:index")).links("div[@id='content']")]
    assert f"{PAGE}?guide={GUIDE}" in [href for _, href in read_admin(editor, guide).links("div[@id='content']")]
