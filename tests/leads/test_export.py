"""Leads as a file: read back by other programs, harmless when opened, and honest about what is in it."""

import csv
import json
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, cast

import pytest
import time_machine
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from advisor.leads.actions.merging import merge
from advisor.leads.actions.sales import note, set_status, tag
from advisor.leads.export import files
from advisor.leads.export.files import BLOCK_SIZE, as_xlsx, harmless, sweep
from advisor.leads.export.table import COLUMNS, LeadTable
from advisor.leads.models import Event, EventKind, Export, Format, Lead, Status, Tag
from advisor.leads.search import index
from tests.assessment.addresses import call
from tests.clock import NOW
from tests.conftest import ANSWERS
from tests.content.admin_pages import admin_address, admin_list, read_admin
from tests.content.making import draft, load_copy, publish_draft
from tests.delivery.writing import NOON
from tests.leads.asking import EVERYTHING, ask
from tests.tracing import traces

pytestmark = pytest.mark.usefixtures("published")

ADDRESS = reverse("admin:leads_lead_export")
Row = dict[str, Any]


def begin(client: Client, query: str = "", kind: str = "csv") -> StreamingHttpResponse:
    """The answer of the export page for a list, of which nothing has been read yet."""
    answer = client.post(f"{ADDRESS}?{query}", {"format": kind})
    assert answer.status_code == 200
    return cast(StreamingHttpResponse, answer)


def take_out(client: Client, query: str = "", kind: str = "csv") -> bytes:
    """The whole file."""
    return b"".join(begin(client, query, kind))


def csv_rows(content: bytes) -> list[Row]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def xlsx_rows(content: bytes) -> list[Row]:
    """Cells as a spreadsheet has them; formulas would be values that begin with =, of type ``f``."""
    (sheet,) = load_workbook(BytesIO(content)).worksheets
    headings, *rows = sheet.iter_rows()
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "inlineStr"}
    return [{heading.value: cell.value for heading, cell in zip(headings, row, strict=True)} for row in rows]


READERS: dict[str, Callable[[bytes], list[Row]]] = {"csv": csv_rows, "xlsx": xlsx_rows}


@pytest.mark.parametrize("kind", READERS)
def test_a_file_holds_what_is_known_with_the_answers_in_columns(visitor: Client, sales: Client, kind: str) -> None:
    with time_machine.travel(NOON, tick=False):
        lead = ask(visitor, f"{call(ANSWERS['both-roles'])}&utm_source=news&ref=club", **EVERYTHING)
    tag(lead=lead, tags=[Tag.objects.create(name="urgent"), Tag.objects.create(name="warm")], by="x", now=NOON)

    (row,) = READERS[kind](take_out(sales, kind=kind))

    expected = {
        "Asked (UTC)": "2026-11-24T12:00:00Z",
        "Name": "The Asker",
        "E-mail": "asker@example.com",
        "Company": "Engines Ltd",
        "Role in the company": "Founder",
        "Employees": "20 to 50",
        "Message": "Our releases are slow.\nAnd our AI is slower.",
        "Status": "New",
        "Tags": "urgent; warm",
        "Outcome": "both-roles",
        "Certainty": lead.certainty,
        "Guide": "cto-or-head-of-ai",
        "Result": f"http://testserver{lead.result_address}",
        "Consent": lead.consent,
        "Consented (UTC)": "2026-11-24T12:00:00Z",
        "First touch": "ref=club; utm_source=news",
        "Signals": "Messy stack; AI risks",
        "Is your core problem building and running software reliably?": "Yes",
        "Is your core problem making AI work in your product or operations?": "Yes",
        "Is it both?": "Yes, both",
    }
    assert {heading: row[heading] for heading in expected} == expected
    for number in ("Number", "Priority", "Edition"):
        assert int(row[number]) == {"Number": lead.pk, "Priority": lead.priority, "Edition": 1}[number]
    assert "Ten or more" in row.values()


def test_a_question_that_was_not_asked_is_empty_and_one_without_an_answer_says_so(
    visitor: Client, sales: Client
) -> None:
    ask(visitor, call(ANSWERS["both-roles"]))
    ask(visitor, call(ANSWERS["not-yet"]))

    both, not_yet = csv_rows(take_out(sales))

    followed_up = [heading for heading in both if heading not in COLUMNS and both[heading] and not not_yet[heading]]
    assert len([heading for heading in followed_up if heading != "Signals"]) == 3


def test_the_questions_of_all_guides_and_editions_have_columns(visitor: Client, sales: Client, tmp_path: Path) -> None:
    ask(visitor)
    question = draft().question_set.get(key="software")
    question.text = "Is building software your problem?"
    question.save()
    publish_draft()
    second = load_copy(tmp_path, "second-guide")
    publish_draft(second.key)
    ask(visitor)
    ask(visitor, call().replace("cto-or-head-of-ai", "second-guide"))

    table = LeadTable(Lead.objects.all())
    rows = csv_rows(take_out(sales))

    # The text of the newest edition of each guide, for leads of all of them.
    asked = [
        "Is building software your problem? (cto-or-head-of-ai)",
        "Is your core problem building and running software reliably? (second-guide)",
    ]
    assert set(asked) < set(table.headings)
    assert [[bool(row[heading]) for heading in asked] for row in rows] == [[True, False], [True, False], [False, True]]
    assert len(set(table.headings)) == len(table.headings)


FORMULAS = [
    "=1+1",
    "+371 2000 0000 or +1+1",
    "-1+1",
    "+1-2",
    "@SUM(A1)",
    '=HYPERLINK("http://evil.example.com","Click")',
    "＝1+1",
]


@pytest.mark.parametrize("typed", FORMULAS)
def test_what_begins_as_a_formula_does_is_a_text_in_both(visitor: Client, sales: Client, typed: str) -> None:
    ask(visitor, **EVERYTHING | {"message": typed})
    # Names hold no links any more, and older ones may.
    Lead.objects.update(name=typed, company=typed)

    (in_csv,) = csv_rows(take_out(sales))
    (in_xlsx,) = xlsx_rows(take_out(sales, kind="xlsx"))

    for heading in ("Name", "Company", "Message"):
        assert (in_csv[heading], in_xlsx[heading]) == (f"'{typed}", typed)


@pytest.mark.parametrize(
    ("typed", "in_csv"),
    [
        ("+371 2000 0000", "+371 2000 0000"),
        ("+49 (0)30 1234-5678", "+49 (0)30 1234 5678"),
        ("+49-30-1234", "+49 30 1234"),
        ("+49–30−1234", "+49 30 1234"),
        ("＋49-30-1234", "+49 30 1234"),
        ("+1 555 123/4567", "+1 555 123 4567"),
        ("030/1234-56", "030/1234-56"),
    ],
)
def test_the_number_of_a_phone_is_a_number_and_nothing_that_is_reckoned(
    visitor: Client, sales: Client, typed: str, in_csv: str
) -> None:
    ask(visitor, phone=typed)

    (row,), (workbook,) = csv_rows(take_out(sales)), xlsx_rows(take_out(sales, kind="xlsx"))

    assert (row["Phone"], workbook["Phone"]) == (in_csv, typed)


@pytest.mark.parametrize("number", ["-1", "+1", "3.14", "-0,5"])
def test_what_is_nothing_but_a_number_is_left_as_it_is(number: str) -> None:
    assert harmless(number) == number


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_every_sign_that_begins_a_formula_gets_an_apostrophe(first: str) -> None:
    assert harmless(f"{first}cmd") == f"'{first}cmd"
    assert harmless(f"cmd{first}") == f"cmd{first}"
    assert harmless(-1) == -1


@pytest.mark.parametrize(
    ("typed", "separator"),
    [
        ("Looms;=1+1;", ";"),
        ('Looms;"=1+1', ";"),
        ("Looms;＝1+1", ";"),
        ("Looms\n@SUM(A1)", ";"),
        ("Looms\n@SUM(A1)", "\t"),
        ('Looms\t"=1+1', "\t"),
    ],
)
def test_where_another_sign_parts_cells_no_part_of_a_text_is_a_formula(
    visitor: Client, sales: Client, typed: str, separator: str
) -> None:
    ask(visitor, **EVERYTHING | {"company": " ".join(typed.split()), "message": typed})

    rows = csv.reader(StringIO(take_out(sales).decode("utf-8-sig"), newline=""), delimiter=separator)

    cells = [cell for row in rows for cell in row]
    assert len(cells) > 2
    assert [cell for cell in cells if cell.startswith(tuple("=+-@＝"))] == []


def test_a_row_stays_a_row_whatever_is_typed(visitor: Client, sales: Client) -> None:
    typed = 'A "quoted", one;\r\nwith\ttabs, ends\r\nand =formulas'
    ask(visitor, **EVERYTHING | {"message": typed, "company": 'Kalns, "Bērzs" & 部'})
    ask(visitor, **EVERYTHING)

    content = take_out(sales)

    first, _ = csv_rows(content)
    assert first["Message"] == typed.replace("\r\n", "\n")
    assert first["Company"] == 'Kalns, "Bērzs" & 部'
    assert content.startswith(b"\xef\xbb\xbfNumber,")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["contacted", "new"]),
        ("status=contacted", ["contacted"]),
        ("status=spam", ["spam"]),
        ("q=contacted", ["contacted"]),
        ("view=merged", ["merged"]),
        ("after=nonsense&sort=priority&nonsense=1&status=nonsense&outcome=%00&owner=x&tag=-1", ["contacted", "new"]),
    ],
)
def test_the_file_is_of_the_list_that_is_shown(visitor: Client, sales: Client, query: str, names: list[str]) -> None:
    leads = {name: ask(visitor, name=name, email=f"{name}@x.example.com") for name in ("contacted", "spam", "merged")}
    for name in ("contacted", "spam"):
        set_status(lead=leads[name], status=Status(name), by="x", now=NOW)
    merge(keep=ask(visitor, name="new", email="new@x.example.com"), other=leads["merged"], by="x", now=NOW)

    rows = csv_rows(take_out(sales, query))

    assert sorted(row["Name"] for row in rows) == names
    page = read_admin(sales, f"{ADDRESS}?{query}").text("div[@id='content']")
    assert f"{len(names)} lead" in page


def test_a_search_that_finds_only_the_first_of_many_says_so_before_the_file_is_made(
    visitor: Client, sales: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MAX_MATCHES", 2)
    for number in range(3):
        ask(visitor, name="Asker", email=f"{number}@example.com")

    cut, whole = (read_admin(sales, f"{ADDRESS}?q={query}").text("div[@id='content']") for query in ("asker", "0@ex"))

    assert "2 leads" in cut
    assert "Not all that the search would find" in cut
    assert "Not all" not in whole


def test_each_lead_gets_an_entry_in_its_history(visitor: Client, sales: Client) -> None:
    leads = [ask(visitor), ask(visitor)]

    take_out(sales, kind="xlsx")

    entries = Event.objects.filter(kind=EventKind.EXPORTED)
    assert {entry.lead_id for entry in entries} == {lead.pk for lead in leads}
    assert {(entry.by, entry.words) for entry in entries} == {("one of Sales", "XLSX")}


def test_who_took_out_what_and_when_stays_on_record_without_what_was_searched_for(
    visitor: Client, sales: Client, owner: Client
) -> None:
    lead = ask(visitor, **EVERYTHING)
    take_out(sales, "status=new&q=asker@example.com")

    page = read_admin(owner, ADDRESS).text("table")
    sales.post(admin_address(lead, "delete"), {"post": "yes"})

    for words in ("one of Sales", "CSV", "status: new; found by a search", "Done: 1 lead"):
        assert words in page
    assert traces("asker@example.com") == {}


def test_the_page_leads_on_and_says_beforehand_how_many_there_are(visitor: Client, sales: Client) -> None:
    ask(visitor)
    listed = read_admin(sales, f"{admin_list(Lead)}?status=new")
    (address,) = [link.get("href") for link in listed.all("a") if link.text == "Take out as a file"]

    page = read_admin(sales, str(address))

    assert address == f"{ADDRESS}?status=new"
    assert "1 lead: status: new." in page.text("div[@id='content']")
    assert [button.get("value") for button in page.all("form//button") if button.get("name")] == ["csv", "xlsx"]
    assert not Export.objects.exists()


def test_of_nothing_no_file_is_offered(sales: Client) -> None:
    page = read_admin(sales, ADDRESS)

    rows = csv_rows(take_out(sales))

    assert not [button for button in page.all("form//button") if button.get("name") == "format"]
    assert rows == []


def test_a_kind_of_file_that_there_is_not_is_refused(visitor: Client, sales: Client) -> None:
    ask(visitor)

    answer = sales.post(f"{ADDRESS}?status=new", {"format": "pdf"}, follow=True)

    assert "Choose a kind of file." in answer.content.decode()
    assert not Export.objects.exists()


def test_who_may_look_and_not_take_out_gets_no_file(visitor: Client, owner: Client, editor: Client) -> None:
    ask(visitor)

    page = read_admin(owner, ADDRESS)

    assert "Your account may not take leads out as a file." in page.text("div[@id='content']")
    assert owner.post(ADDRESS, {"format": "csv"}).status_code == 403
    assert {editor.get(ADDRESS).status_code, editor.post(ADDRESS).status_code} == {403}


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of one lead each."""
    monkeypatch.setattr(files, "BATCH_SIZE", 1)


@pytest.mark.usefixtures("one_by_one")
def test_a_file_arrives_piece_by_piece_and_says_how_far_it_is(visitor: Client, sales: Client) -> None:
    for _ in range(4):
        ask(visitor)
    arriving = iter(begin(sales))
    next(arriving), next(arriving)

    halfway = read_admin(sales, reverse("admin:leads_lead_export_progress")).text("table")
    rest = list(arriving)
    at_the_end = read_admin(sales, reverse("admin:leads_lead_export_progress")).text("table")

    assert "Going on: 1 of 4 leads (25 %)" in halfway
    assert len(rest) == 3
    assert "Done: 4 leads" in at_the_end


@pytest.mark.usefixtures("one_by_one")
def test_a_file_that_nobody_fetched_to_the_end_is_said_to_be_broken_off(visitor: Client, sales: Client) -> None:
    for _ in range(3):
        ask(visitor)
    arriving = iter(begin(sales))
    next(arriving), next(arriving)

    state = Export.objects.get().state(NOW + timedelta(minutes=3))

    assert state == "Broken off after 1 of 3 leads (33 %)"


@pytest.mark.usefixtures("one_by_one")
def test_who_is_erased_during_an_export_is_not_in_it_and_nothing_fails(visitor: Client, sales: Client) -> None:
    leads = [ask(visitor, email=f"{number}@example.com", name=f"Asker {number}") for number in range(4)]
    arriving = iter(begin(sales))
    content = next(arriving) + next(arriving)

    for erased in (leads[0], leads[2]):
        sales.post(admin_address(erased.person, "delete"), {"post": "yes"})
    ask(visitor, email="late@example.com", name="Late")
    content += b"".join(arriving)

    assert [row["Name"] for row in csv_rows(content)] == ["Asker 0", "Asker 1", "Asker 3"]
    assert traces("2@example.com", "Asker 0") == {}
    assert Export.objects.get().rows_done == 3
    assert not Event.objects.filter(kind=EventKind.EXPORTED, lead__name="Late").exists()


def test_a_workbook_has_a_bound_and_csv_has_none(
    visitor: Client, sales: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(files.MAX_ROWS, Format.XLSX, 1)
    ask(visitor), ask(visitor)

    page = read_admin(sales, ADDRESS)
    refused = sales.post(ADDRESS, {"format": "xlsx"}, follow=True).content.decode()

    assert "There is no XLSX of more than 1 leads" in page.text("div[@id='content']")
    assert "These are more than 1 leads. Take them out as CSV." in refused
    assert len(csv_rows(take_out(sales))) == 2


def test_an_unfinished_workbook_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def breaking() -> Iterator[list[list[str]]]:
        yield [["Asker"]]
        assert list(tmp_path.rglob("*"))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        list(as_xlsx(["Name"], breaking()))
    abandoned = as_xlsx(["Name"], [[[json.dumps([number])] for number in range(20_000)]])
    first = next(abandoned)
    abandoned.close()  # type: ignore[attr-defined]

    assert len(first) == BLOCK_SIZE
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_of_a_workbook_goes_and_what_is_in_use_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left, beside = tmp_path / "advisor-export-left", tmp_path / "somebody-elses"
    for folder in (left, beside):
        folder.mkdir()
        (folder / "leads.xlsx").touch()
    going_on = as_xlsx(["Name"], [[[json.dumps([number])] for number in range(20_000)]])
    next(going_on)
    in_use = {*tmp_path.iterdir()} - {left, beside}
    for folder in tmp_path.iterdir():
        os.utime(folder, (0, 0))

    sweep()

    assert len(in_use) == 1
    assert {*tmp_path.iterdir()} == in_use | {beside}
    assert b"".join(going_on)


def test_a_text_longer_than_a_cell_is_cut_and_the_rest_is_there() -> None:
    content = b"".join(as_xlsx(["Message", "Next"], [[["x" * 40_000, "after"]]]))

    (row,) = xlsx_rows(content)

    assert (len(row["Message"]), row["Next"]) == (32_767, "after")


def test_a_note_is_not_in_the_file(visitor: Client, sales: Client) -> None:
    lead = ask(visitor)
    note(lead=lead, kind=EventKind.NOTE, words="Between us.", by="seller", now=NOW)

    content = take_out(sales)

    assert b"Between us" not in content
