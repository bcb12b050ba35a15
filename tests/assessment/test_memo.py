"""The memo as PDF: read by a validator of PDF/UA and by pikepdf, neither of which knows what wrote it."""

import re
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from threading import Event, Thread

import page as validator
import pikepdf
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from advisor.assessment import drawing, paper
from advisor.assessment.drawing import Drawings, NotDrawnError
from advisor.assessment.visit import visit_with
from advisor.content.editions import LoadedEdition
from tests.assessment.addresses import result
from tests.conftest import ANSWERS, GUIDE
from tests.decision.answer_sets import said
from tests.guides import first_guide

pytestmark = pytest.mark.usefixtures("published")

MAX_BYTES = 100_000

CONTRADICTING = (
    "software=no&signal=directionless-team&signal=fundraising&signal=messy-stack&signal=first-vp-engineering"
    "&signal=no-ai-component&ai=no&signal=ai-is-the-product&signal=failed-ai-attempt&signal=strong-cto-no-ai"
    "&signal=strategy-before-team&signal=ai-risks&both=both&team-size=under-ten&ai-place=core&scope=strategy"
)
"""Ten contradictions: more than any company has that answers in earnest."""


def memo(query: str, edition: int = 1) -> str:
    return f"/{GUIDE}/memo.pdf?{query}&edition={edition}"


@pytest.fixture(scope="module")
def drawn() -> dict[str, bytes]:
    """Each memo is drawn once for all tests."""
    return {}


@pytest.fixture
def draw(visitor: Client, drawn: dict[str, bytes]) -> Callable[[str], bytes]:
    def drawn_once(query: str) -> bytes:
        if query not in drawn:
            response = visitor.get(memo(query))
            assert response.status_code == 200
            drawn[query] = response.content
        return drawn[query]

    return drawn_once


def elements(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The elements of structure in the order in which they are read out."""
    children = element.get("/K", pikepdf.Array())
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


def kinds(document: pikepdf.Pdf) -> list[str]:
    return [str(element["/S"])[1:] for element in elements(document.Root["/StructTreeRoot"])]


@pytest.mark.parametrize("query", [*ANSWERS.values(), CONTRADICTING], ids=[*ANSWERS, "contradicting"])
def test_every_memo_passes_the_validator_is_small_and_says_what_matters_on_one_page(
    draw: Callable[[str], bytes], query: str
) -> None:
    content = draw(query)

    report = validator.validate_pdf_bytes(content, profile=validator.ValidationProfile.PDF_UA_1)

    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant
    assert report.rules.total > 100
    assert len(content) <= MAX_BYTES
    with pikepdf.open(BytesIO(content)) as document:
        assert len(document.pages) == 2  # the memo, and the appendix


def test_a_memo_has_a_title_a_language_headings_headers_of_tables_and_links_that_work(
    draw: Callable[[str], bytes], published: LoadedEdition
) -> None:
    visit = visit_with(published, said(ANSWERS["both-roles"]))

    with pikepdf.open(BytesIO(draw(ANSWERS["both-roles"]))) as document:
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == f"Hire both, with separate domains – {published.guide.title}"
            assert metadata["pdfuaid:part"] == "1"
        assert str(document.Root["/Lang"]) == "en-GB"
        assert document.Root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert document.Root["/MarkInfo"]["/Marked"]
        found = kinds(document)
        headings = [kind for kind in found if kind.startswith("H") and kind[1:].isdigit()]
        assert headings == ["H1", *["H2"] * (len(headings) - 1)]
        assert found.count("Table") == 4
        scopes = [
            element["/A"] for element in elements(document.Root["/StructTreeRoot"]) if str(element["/S"]) == "/TH"
        ]
        assert len(scopes) == 3 + 2 + 2 + 10 + 2
        links = [note for page in document.pages for note in page.get("/Annots", []) if note["/Subtype"] == "/Link"]
        addresses = [str(note["/A"]["/URI"]) for note in links if "/A" in note]
        assert addresses == [
            f"http://testserver/r/{visit.code}/",
            f"http://testserver{visit.call_address}",
        ]
        assert all(note.get("/Contents") for note in links)


def test_its_address_is_one_for_each_set_of_answers_and_names_the_edition(visitor: Client) -> None:
    whole = memo(ANSWERS["not-yet"])

    for address in (whole.replace("&edition=1", ""), f"{whole}&utm_source=news", f"{whole}&nothing=at-all"):
        response = visitor.get(address)
        assert (response.status_code, response["Location"]) == (302, whole)


def test_answers_that_are_not_complete_lead_to_the_question_that_is_open(visitor: Client) -> None:
    response = visitor.get(memo("software=yes&signal=messy-stack"), follow=True)

    assert response.redirect_chain[-1][0].startswith(f"/{GUIDE}/ai/?software=yes")


def test_a_memo_is_kept_from_search_engines_and_asks_no_database(
    visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visitor.get(result(ANSWERS["not-yet"]))
    with django_assert_num_queries(0):
        response = visitor.get(memo(ANSWERS["not-yet"]))

    assert response["Content-Type"] == "application/pdf"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Cache-Control"].startswith("private")
    assert response["Content-Disposition"].startswith(f'inline; filename="{GUIDE}-')


def test_words_are_data_and_never_part_of_the_template() -> None:
    guide = first_guide()
    outcome = guide.outcome["not-yet"]
    words = {**paper.outcome_card(guide, outcome.key), "title": '#panic("x") = $ \\ " #read("card.typ") *a*'}

    assert drawing.run(drawing.order("card.typ", "png", words)).startswith(b"\x89PNG")


def memo_that_says(published: LoadedEdition, words: str) -> pikepdf.Pdf:
    """A memo whose sentence is this."""
    data = paper.memo(visit_with(published, said(ANSWERS["not-yet"]))) | {"sentence": words}
    return pikepdf.open(BytesIO(drawing.run(drawing.order("memo.typ", "pdf", data))))


def letters(document: pikepdf.Pdf) -> str:
    """All that the faces of type of the first page say they show, as a reader of the file copies or reads it out."""
    maps = [font["/ToUnicode"].read_bytes().decode() for font in document.pages[0]["/Resources"]["/Font"].values()]
    shown = re.findall(r"<[0-9A-F]+> <((?:[0-9A-F]{4})+)>", "\n".join(maps))
    return "".join(bytes.fromhex(code).decode("utf-16-be") for code in shown)


def claims_the_standard(document: pikepdf.Pdf) -> bool:
    with document.open_metadata() as metadata:
        return metadata.get("pdfuaid:part") == "1"


@pytest.mark.parametrize("name", ["Ģirts Ķīsis", "Nguyễn Thị", "Юрий Жуков", "Ελένη", "أحمد", "דוד"])
def test_names_in_many_scripts_can_be_read(published: LoadedEdition, name: str) -> None:
    with memo_that_says(published, name) as document:
        assert set(name) <= set(letters(document))
        assert claims_the_standard(document)


def test_letters_that_only_the_machine_has_are_shown_with_its_faces(
    published: LoadedEdition, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A face of two boxes that pass for 漢字.
    monkeypatch.setattr(drawing, "FONTS", Path(__file__).parent / "fonts")

    with memo_that_says(published, "漢字") as document:
        assert set("漢字") <= set(letters(document))
        assert claims_the_standard(document)


def test_letters_that_no_face_has_cost_the_mark_of_the_standard_and_not_the_memo(
    published: LoadedEdition, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(drawing, "FONTS", tmp_path / "missing")

    with memo_that_says(published, "漢字") as document:
        assert not claims_the_standard(document)
        assert "Table" in kinds(document)


def test_six_roles_have_room_on_the_page_turned_round(published: LoadedEdition) -> None:
    words = paper.memo(visit_with(published, said(ANSWERS["not-yet"])))
    words["roles"] = words["roles"] * 3
    words["rows"] = [{**row, "cells": row["cells"] * 3} for row in words["rows"]]

    content = drawing.run(drawing.order("memo.typ", "pdf", words))

    assert validator.is_pdf_compliant_bytes(content, profile=validator.ValidationProfile.PDF_UA_1)
    with pikepdf.open(BytesIO(content)) as document:
        _, _, width, height = document.pages[1].mediabox
        assert width > height


# What is never in the way of the walk


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Event, Event]]:
    """A drawing that begins and then waits until it may end."""
    begun, may_end = Event(), Event()

    def run(order: str) -> bytes:
        begun.set()
        assert may_end.wait(10)
        return order.encode()

    monkeypatch.setattr(drawing, "run", run)
    yield begun, may_end
    may_end.set()


def test_while_one_is_drawn_and_one_waits_others_are_sent_away_at_once(slow: tuple[Event, Event]) -> None:
    begun, may_end = slow
    drawings = Drawings()
    results: list[bytes] = []

    def ask(title: str) -> None:
        results.append(drawings.draw("card.typ", "png", {"title": title}))

    first = Thread(target=ask, args=["first"])
    first.start()
    assert begun.wait(10)
    second = Thread(target=ask, args=["first"])
    second.start()
    deadline = time.monotonic() + 10
    while not drawings.is_full and time.monotonic() < deadline:
        time.sleep(0.01)

    with pytest.raises(NotDrawnError):
        drawings.draw("card.typ", "png", {"title": "third"})
    may_end.set()
    first.join(10)
    second.join(10)

    assert len(results) == 2
    assert results[0] == results[1]
    assert drawings.draw("card.typ", "png", {"title": "first"}) == results[0]


def test_what_cannot_be_drawn_is_a_calm_page_and_a_line_in_the_log(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    drawing.drawings.clear()
    monkeypatch.setattr(drawing, "PROCESS", "/no/such/program.py")

    response = visitor.get(memo(ANSWERS["not-yet"]))

    assert response.status_code == 503
    assert response["Retry-After"]
    assert b"We cannot show this just now" in response.content
    assert "Drawing failed with 2" in caplog.text
    assert visitor.get(result(ANSWERS["not-yet"])).status_code == 200


def test_a_drawing_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("while True: pass\n")
    monkeypatch.setattr(drawing, "PROCESS", endless)
    monkeypatch.setattr(drawing, "MAX_WAIT", 0.5)

    with pytest.raises(NotDrawnError):
        drawing.run("{}")


def test_only_so_much_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def run(order: str) -> bytes:
        drawn.append(order)
        return order.encode()

    monkeypatch.setattr(drawing, "run", run)
    monkeypatch.setattr(drawing, "MAX_KEPT", 2)
    drawings = Drawings()

    for title in ("a", "b", "a", "c", "a", "b"):
        drawings.draw("card.typ", "png", {"title": title})

    assert len(drawn) == 4  # the second a and the third were kept, b had gone
