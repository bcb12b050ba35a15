"""What the owner reads: sums of what was counted, each with what it means, a share with what it is a share of."""

from datetime import date, timedelta
from xml.etree.ElementTree import Element

import pytest
from django.test import Client

from advisor.booking.models import Call
from advisor.content.editions import LoadedEdition
from advisor.funnel.definitions import DEFINITIONS
from advisor.funnel.models import Step
from advisor.funnel.steps import CountKey
from advisor.funnel.sums import write
from advisor.leads.actions.sales import note, set_status
from advisor.leads.models import EventKind, Lead, Status
from tests.assessment.addresses import call
from tests.assessment.reading import Page, text_of
from tests.booking.hosts import make_host
from tests.clock import NOW
from tests.conftest import CALL, GUIDE, member_of
from tests.content.admin_pages import read_admin
from tests.content.making import publish_draft
from tests.leads.asking import ask

pytestmark = pytest.mark.usefixtures("published")

INSIGHTS = "/admin/insights/"
DAY = date(2026, 11, 10)
NOVEMBER = "since=2026-11-01&until=2026-11-30"
OCTOBER = "other_since=2026-10-01&other_until=2026-10-31"


def key(
    step: Step, about: str = "", certainty: str = "", *, source: str = "", day: date = DAY, edition: int = 1
) -> CountKey:
    return CountKey(GUIDE, step.value, day, edition, about, certainty, source, "own")


def table(page: Page, title: str) -> list[list[str]]:
    """The table below a heading, line by line."""
    section = next(one for one in page.all("section") if text_of(one.find("h2")) == title)  # type: ignore[arg-type]
    rows = section.findall(".//tr")
    return [[text_of(cell) for cell in row if cell.tag in {"th", "td"}] for row in rows]


def drawings(page: Page) -> list[Element]:
    return [element for element in page.root.iter() if element.get("role") == "img"]


def line(page: Page, title: str, name: str) -> list[str]:
    return next(row[1:] for row in table(page, title) if row[0] == name)


@pytest.fixture
def november(db: None) -> None:
    """Forty who came, thirty who were asked, of whom twelve stopped."""
    write(
        {
            key(Step.LANDING, source="newsletter"): 30,
            key(Step.LANDING): 10,
            key(Step.SHOWN, "software", source="newsletter"): 30,
            key(Step.ANSWERED, "software", source="newsletter"): 18,
            key(Step.RESULT, "fractional-cto", "clear", source="newsletter"): 9,
            key(Step.RESULT, "not-yet", "mixed"): 3,
            key(Step.SIGNAL, "messy-stack"): 6,
            key(Step.SIGNAL, "ai-risks"): 8,
            key(Step.CONTRADICTION, "ai-without-component"): 2,
            key(Step.CALL_PAGE, "fractional-cto", "clear"): 4,
            key(Step.LEAD, "fractional-cto", "clear", source="newsletter"): 2,
            key(Step.CALL, "fractional-cto", "clear", source="newsletter"): 1,
        }
    )


@pytest.mark.usefixtures("november")
def test_the_funnel_says_how_many_came_how_far_and_where_they_stopped(owner: Client) -> None:
    page = read_admin(owner, f"{INSIGHTS}?{NOVEMBER}")

    assert line(page, "Funnel", "Landing seen") == ["40", "–", "–"]
    assert line(page, "Funnel", "“Running software” shown") == ["30", "75.0 % of 40", "40.0 % of 30"]
    assert line(page, "Funnel", "“Running software” answered") == ["18", "45.0 % of 40", "–"]
    assert line(page, "Funnel", "Result shown") == ["12", "30.0 % of 40", "–"]
    assert line(page, "Funnel", "Call booked") == ["1", "2.5 % of 40", "–"]


@pytest.mark.usefixtures("november")
def test_outcomes_situations_and_contradictions_come_with_their_share_of_results(owner: Client) -> None:
    page = read_admin(owner, f"{INSIGHTS}?{NOVEMBER}")

    assert line(page, "Outcomes", "Fractional CTO") == ["9", "75.0 % of 12", "9", "0", "0", "2"]
    assert [row[1:] for row in table(page, "Situations ticked most")[1:]] == [
        ["8", "66.7 % of 12"],
        ["6", "50.0 % of 12"],
    ]
    assert table(page, "Contradictions seen most")[1] == [
        "ai-without-component (not in this edition)",
        "2",
        "16.7 % of 12",
    ]


@pytest.mark.usefixtures("november")
def test_outcomes_over_time_fall_on_their_days(owner: Client) -> None:
    page = read_admin(owner, f"{INSIGHTS}?{NOVEMBER}")

    assert len(table(page, "Outcomes over time")) == 31
    assert line(page, "Outcomes over time", "10 Nov 2026")[0] == "9"
    assert sum(int(row[1]) for row in table(page, "Outcomes over time")[1:]) == 9


@pytest.mark.parametrize(("since", "rows"), [("2026-08-01", 19), ("2025-12-01", 12), ("2026-11-30", 1)])
def test_longer_periods_are_cut_into_weeks_and_months(owner: Client, since: str, rows: int) -> None:
    write({key(Step.RESULT, "not-yet", "clear", day=date(2026, 11, 30)): 1})

    page = read_admin(owner, f"{INSIGHTS}?since={since}&until=2026-11-30")

    assert len(table(page, "Outcomes over time")) == rows + 1


@pytest.mark.usefixtures("november")
def test_two_periods_stand_side_by_side(owner: Client) -> None:
    write({key(Step.LANDING, day=date(2026, 10, 5)): 7})

    page = read_admin(owner, f"{INSIGHTS}?{NOVEMBER}&{OCTOBER}")

    assert page.texts("ul[@class='periods']/li") == [
        "A: 1 November 2026 to 30 November 2026",
        "B: 1 October 2026 to 31 October 2026",
    ]
    assert table(page, "Funnel")[0][1] == "Number, A"
    assert line(page, "Funnel", "Landing seen") == ["40", "–", "–", "7", "–", "–"]
    assert line(page, "Funnel", "Result shown")[3:] == ["0", "0.0 % of 7", "–"]


@pytest.mark.usefixtures("november")
def test_two_editions_of_the_same_days_stand_side_by_side(owner: Client) -> None:
    publish_draft()
    write({key(Step.LANDING, edition=2): 5})

    page = read_admin(owner, f"{INSIGHTS}?{NOVEMBER}&edition=1&other_edition=2")
    all_of_them = read_admin(owner, f"{INSIGHTS}?{NOVEMBER}")

    assert line(page, "Funnel", "Landing seen") == ["40", "–", "–", "5", "–", "–"]
    assert line(all_of_them, "Funnel", "Landing seen")[0] == "45"


def test_sources_lead_to_requests_calls_and_what_was_agreed(owner: Client, visitor: Client) -> None:
    visitor.post(f"{call()}&utm_source=Newsletter", CALL | {"key": "key-of-the-form"})
    lead = Lead.objects.get()
    day = NOW
    held = Call(host=make_host("Another"), lead=lead, begins_at=day, ends_at=day + timedelta(minutes=30), zone="UTC")
    held.booked_at = held.changed_at = day
    held.status, held.agreed = "held", "both-roles"
    held.save()
    write({key(Step.LANDING, source="newsletter", day=day.date()): 4, key(Step.LANDING, day=day.date()): 6})

    page = read_admin(owner, INSIGHTS)

    assert line(page, "Sources", "newsletter") == ["4", "0", "1", "0", "Both roles 1"]
    assert line(page, "Sources", "Direct, or not known") == ["6", "0", "0", "0", "–"]
    agreed = line(page, "What the tool said and what was agreed", "Fractional CTO")
    assert agreed == ["1", "0.0 % of 1", "Both roles 1"]
    assert line(page, "What the tool said and what was agreed", "All together")[:2] == ["1", "0.0 % of 1"]


def test_many_sources_are_shown_in_one_line(owner: Client) -> None:
    write({key(Step.LANDING, source=f"source-{number:02}"): 100 - number for number in range(30)})

    page = read_admin(owner, f"{INSIGHTS}?{NOVEMBER}")

    assert len(table(page, "Sources")) == 27
    assert line(page, "Sources", "5 further sources")[0] == str(sum(range(71, 76)))


@pytest.mark.usefixtures("november")
def test_how_soon_requests_were_answered_is_told_with_those_that_were_not(owner: Client) -> None:
    write({key(Step.LEAD, "not-yet", "mixed"): 6})
    write({key(Step.RESPONSE, "1h"): 2, key(Step.RESPONSE, "1d"): 3, key(Step.RESPONSE, "later"): 1})

    page = read_admin(owner, f"{INSIGHTS}?{NOVEMBER}")

    title = "Time to first response"
    assert line(page, title, "Within an hour") == ["2", "25.0 % of 8"]
    assert line(page, title, "An hour to four hours")[0] == "0"
    assert line(page, title, "Four hours to a day") == ["3", "37.5 % of 8"]
    assert line(page, title, "Later")[0] == "1"
    assert line(page, title, "Not answered yet")[0] == "2"
    assert line(page, title, "Half of those answered")[0] == "within a day"


def test_a_first_response_counts_once_on_the_day_of_the_request(owner: Client, visitor: Client) -> None:
    lead = ask(visitor)
    later = lead.requested_at + timedelta(hours=3)
    set_status(lead=lead, status=Status.CONTACTED, by="seller", now=later)
    note(lead=lead, kind=EventKind.SPOKE, words="Again.", by="seller", now=later + timedelta(days=3))

    page = read_admin(owner, INSIGHTS)

    assert line(page, "Time to first response", "An hour to four hours")[0] == "1"
    assert line(page, "Time to first response", "Not answered yet")[0] == "0"


def test_before_anything_is_counted_it_says_so_and_divides_by_nothing(owner: Client) -> None:
    page = read_admin(owner, INSIGHTS)

    assert "Nothing has been counted in these days yet." in page.texts("p[@role='status']")
    assert "%" not in "".join(page.texts("td"))
    assert drawings(page) == []


@pytest.mark.usefixtures("november")
def test_each_figure_has_its_definition_beside_it(owner: Client) -> None:
    page = read_admin(owner, f"{INSIGHTS}?{NOVEMBER}")

    shown = set(page.texts("dl[@class='meaning']//dd"))
    assert set(DEFINITIONS.values()) <= shown


@pytest.mark.usefixtures("november")
def test_each_drawing_has_a_name_and_a_description_and_its_table_beside_it(owner: Client) -> None:
    page = read_admin(owner, f"{INSIGHTS}?{NOVEMBER}")

    ids = {element.get("id"): text_of(element) for element in page.root.iter() if element.get("id")}
    assert len(drawings(page)) == 5
    for drawing in drawings(page):
        assert all(ids[name] for name in drawing.get("aria-labelledby", "").split())


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("since=2026-11-30&until=2026-11-01", "The last day is before the first day."),
        ("since=1900-01-01&until=2026-11-01", "Name a day of this century."),
        ("since=2010-01-01&until=2026-11-01", "The period is longer than ten years."),
        ("since=yesterday", "“From” should be a day like 2027-03-31."),
        (f"{NOVEMBER}&other_since=2026-10-01", "To compare with other days, fill in both."),
        (f"{NOVEMBER}&edition=0", "“Edition” must be 1 or more. Please give a larger number."),
        (
            f"{NOVEMBER}&guide=no-such-guide",
            "What was sent for “Guide” is not one of the choices. Please choose one of these.",
        ),
    ],
)
def test_a_period_that_makes_no_sense_is_refused_beside_its_field(owner: Client, query: str, message: str) -> None:
    page = read_admin(owner, f"{INSIGHTS}?{query}")

    assert page.texts("ul[@class='errorlist']/li") == [message]
    assert drawings(page) == []
    assert owner.get(f"{INSIGHTS}funnel.csv?{query}").status_code == 404


def test_an_edition_that_does_not_exist_has_no_figures(owner: Client) -> None:
    page = read_admin(owner, f"{INSIGHTS}?{NOVEMBER}&edition=99")

    assert drawings(page) == []


@pytest.mark.parametrize(("group", "status"), [("Owners", 200), ("Sales", 200), ("Editors", 403), ("Publishers", 403)])
def test_owners_and_sales_see_it_and_others_do_not(db: None, group: str, status: int) -> None:
    client = member_of(group)

    statuses = {client.get(address).status_code for address in (INSIGHTS, f"{INSIGHTS}funnel.csv")}

    assert statuses == {status}
    assert (f'"{INSIGHTS}"' in client.get("/admin/").content.decode()) == (status == 200)


def test_a_visitor_is_sent_to_the_login(visitor: Client) -> None:
    answer = visitor.get(INSIGHTS)

    assert answer["Location"].startswith("/admin/login/")


@pytest.mark.usefixtures("november")
def test_each_table_is_a_file_with_bare_figures(owner: Client) -> None:
    page = read_admin(owner, f"{INSIGHTS}?{NOVEMBER}")
    links = [link.attrib["href"] for link in page.all("p[@class='file']/a")]

    files = {link.rpartition("/")[2].partition(".")[0]: owner.get(link) for link in links}

    assert {answer.status_code for answer in files.values()} == {200}
    assert set(files) == {
        *("funnel", "outcomes", "over-time", "sources", "entrances", "contradictions", "signals", "responses")
    }
    assert files["funnel"]["Content-Type"] == "text/csv; charset=utf-8"
    assert files["funnel"]["Content-Disposition"] == (
        'attachment; filename="insights-funnel-2026-11-01-2026-11-30.csv"'
    )
    lines = files["funnel"].content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Step,Number,Of landings seen,Stopped there"
    assert "“Running software” shown,30,75.0,40.0" in lines


@pytest.mark.parametrize("source", ["=1+1", "+1-1", "-1+1", "@sum(1)", "\tx", "\rx"])
def test_no_source_becomes_a_formula(owner: Client, source: str) -> None:
    write({key(Step.LANDING, source=source): 1})

    answer = owner.get(f"{INSIGHTS}sources.csv?{NOVEMBER}").content.decode("utf-8-sig")

    assert f"'{source}" in answer


@pytest.mark.parametrize("source", ["+1", "-1"])
def test_a_source_that_is_a_number_stays_one(owner: Client, source: str) -> None:
    write({key(Step.LANDING, source=source): 1})

    answer = owner.get(f"{INSIGHTS}sources.csv?{NOVEMBER}").content.decode("utf-8-sig")

    assert f"\n{source},1," in answer


def test_a_file_has_all_sources(owner: Client) -> None:
    write({key(Step.LANDING, source=f"source-{number:02}"): 1 for number in range(60)})

    answer = owner.get(f"{INSIGHTS}sources.csv?{NOVEMBER}").content.decode()

    assert len(answer.splitlines()) == 61


def test_there_is_no_other_file(owner: Client) -> None:
    assert owner.get(f"{INSIGHTS}people.csv?{NOVEMBER}").status_code == 404


def test_a_name_of_a_source_is_text_on_the_page(owner: Client) -> None:
    write({key(Step.LANDING, source="<script>alert(1)</script>"): 1})

    answer = owner.get(f"{INSIGHTS}?{NOVEMBER}").content.decode()

    assert "<script>alert" not in answer
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer


def test_another_guide_has_its_own_figures(owner: Client, published: LoadedEdition) -> None:
    write({key(Step.LANDING)._replace(guide="another"): 50, key(Step.LANDING): 1})

    page = read_admin(owner, f"{INSIGHTS}?{NOVEMBER}")

    assert line(page, "Funnel", "Landing seen")[0] == "1"
