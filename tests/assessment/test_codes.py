"""The result code: typed in from paper or from the telephone, it opens its result."""

from pathlib import Path

import msgspec
import pytest
from django.test import Client

from advisor.content.editions import LoadedEdition
from advisor.decision import result_code
from tests.assessment.addresses import result
from tests.assessment.reading import Page, query_of, read, read_sent
from tests.assessment.soundness import flaws
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import load_copy, publish_draft
from tests.decision.answer_sets import said

pytestmark = pytest.mark.usefixtures("published")

MISTYPED = "This result code was mistyped. Please compare it symbol by symbol."


@pytest.mark.parametrize("outcome", ANSWERS)
def test_the_code_on_a_result_opens_the_same_result(visitor: Client, outcome: str) -> None:
    shown = read(visitor, result(ANSWERS[outcome]))

    opened = read(visitor, f"/r/{shown.text('code')}/")

    assert opened.outcome == outcome
    code = shown.text("code")
    assert query_of(opened.address) == [*query_of(f"?{ANSWERS[outcome]}"), ("edition", "1"), ("from", code)]
    assert opened.text("h1") == shown.text("h1")
    assert opened.text("code") == code


def test_it_is_short_enough_to_be_read_out(visitor: Client) -> None:
    code = read(visitor, result(ANSWERS["both-roles"])).text("code")

    assert len(code.replace("-", "")) <= 12
    assert all(len(group) <= 3 for group in code.split("-"))


def test_small_letters_and_spaces_do_not_matter(visitor: Client) -> None:
    code = read(visitor, result(ANSWERS["both-roles"])).text("code")

    opened = read(visitor, f"/r/?code=+{code.lower().replace('-', '+')}+")

    assert opened.outcome == "both-roles"


def test_it_can_be_typed_into_a_form(visitor: Client) -> None:
    code = read(visitor, result(ANSWERS["one-leader"])).text("code")
    page = read(visitor, "/r/")

    opened = read_sent(visitor, page.form.send(visitor, {"code": code}))

    assert page.errors == []
    assert opened.outcome == "one-leader"


def test_every_single_wrong_symbol_is_noticed(visitor: Client) -> None:
    code = read(visitor, result(ANSWERS["one-leader"])).text("code")

    for place, symbol in enumerate(code):
        wrong = result_code.SYMBOLS[(result_code.SYMBOLS.find(symbol) + 1) % len(result_code.SYMBOLS)]
        if symbol != "-":
            assert visitor.get(f"/r/{code[:place]}{wrong}{code[place + 1 :]}/").status_code == 404


@pytest.mark.parametrize(
    "typed", ["X", "234", "2346789FK", "5" * 10, "0" * 500, "é", "<script>", "2 3 4", "%25", "🙂", "..", "2/3"]
)
def test_a_mistyped_code_says_so_and_keeps_what_was_typed(visitor: Client, typed: str) -> None:
    page = read_sent(visitor, read(visitor, "/r/").form.send(visitor, {"code": typed}))

    assert page.response.status_code == 404
    assert page.title == "Error: Open a result by its code"
    assert page.errors == [MISTYPED]
    assert page.one("input").get("value") == typed
    assert page.one("input").get("aria-invalid") == "true"
    assert flaws(page) == []


@pytest.mark.parametrize("typed", ["%00", "a%01b", "%ff%fe", "%ed%a0%80"])
@pytest.mark.parametrize("address", ["/r/{}/", "/r/?code={}"])
def test_a_code_with_what_nobody_can_type_comes_back_in_a_valid_page(visitor: Client, address: str, typed: str) -> None:
    answer = visitor.get(address.format(typed))

    page = Page(answer)
    assert answer.status_code == 404
    assert page.errors == [MISTYPED]


@pytest.mark.parametrize("address", ["/r/", "/r/%20/"])
def test_without_a_code_there_is_nothing_to_complain_about(visitor: Client, address: str) -> None:
    page = read(visitor, address)

    assert page.response.status_code == 200
    assert page.errors == []


def test_a_code_of_incomplete_answers_leads_to_the_first_open_question(
    visitor: Client, published: LoadedEdition
) -> None:
    code = result_code.write(published.guide, 1, said("software=yes&signal=messy-stack", published.guide))

    page = read(visitor, f"/r/{code}/")

    assert page.address.startswith(f"/{GUIDE}/ai/?software=yes&signal=messy-stack")


def test_a_code_of_no_answers_leads_to_the_first_question(visitor: Client, published: LoadedEdition) -> None:
    code = result_code.write(published.guide, 1, said("", published.guide))

    page = read(visitor, f"/r/{code}/")

    assert page.address.startswith(f"/{GUIDE}/software/")


def test_a_code_of_an_edition_that_is_not_here_is_not_found_and_says_so(
    visitor: Client, published: LoadedEdition
) -> None:
    code = result_code.write(published.guide, 2, said(ANSWERS["not-yet"], published.guide))

    answer = visitor.get(f"/r/{code}/")

    page = Page(answer)
    assert answer.status_code == 404
    assert "belongs to a guide or an edition that is not here" in page.text("main")


def test_a_code_of_a_guide_that_is_not_here_is_not_found_and_says_so(visitor: Client, published: LoadedEdition) -> None:
    elsewhere = msgspec.structs.replace(published.guide, number=3)
    code = result_code.write(elsewhere, 1, said(ANSWERS["not-yet"], elsewhere))

    answer = visitor.get(f"/r/{code}/")

    page = Page(answer)
    assert answer.status_code == 404
    assert "belongs to a guide or an edition that is not here" in page.text("main")


@pytest.mark.parametrize("typed", ["", "  "])
def test_a_form_that_is_sent_without_a_code_asks_for_it(visitor: Client, typed: str) -> None:
    opened, sent = read(visitor, "/r/"), read(visitor, f"/r/?code={typed}")

    assert opened.errors == []
    assert sent.errors == ["Please enter the result code."]
    assert sent.title.startswith("Error: ")


def test_a_code_of_another_guide_opens_that_guide(tmp_path: Path, visitor: Client) -> None:
    load_copy(tmp_path, "second-guide")
    publish_draft("second-guide")
    shown = read(visitor, f"/second-guide/result/?{ANSWERS['not-yet']}")

    opened = read(visitor, f"/r/{shown.text('code')}/")

    assert opened.address.startswith(f"/second-guide/result/?{ANSWERS['not-yet']}&edition=1&from=")
    assert opened.text("code") != read(visitor, result(ANSWERS["not-yet"])).text("code")


DASHES = {"hyphen": "-", "none": "", "en dash": "–", "em dash": "—", "minus": "−", "no-break hyphen": "‑", "space": " "}
AROUND = ["{}", "{}.", " {} ", "“{}”", "'{}'", "{},", "({})", "{}\u200b", "https://advisor.example.com/r/{}/"]


@pytest.mark.parametrize("dash", DASHES.values(), ids=DASHES)
@pytest.mark.parametrize("around", AROUND)
def test_a_code_opens_its_result_however_it_was_copied(visitor: Client, around: str, dash: str) -> None:
    code = read(visitor, result(ANSWERS["both-roles"])).text("code").lower().replace("-", dash)

    opened = read_sent(visitor, read(visitor, "/r/").form.send(visitor, {"code": around.format(code)}))

    assert opened.outcome == "both-roles"


@pytest.mark.parametrize("ending", [".", "\u2013", "%E2%80%8B"])
def test_an_address_with_a_code_opens_with_what_was_copied_along(visitor: Client, ending: str) -> None:
    code = read(visitor, result(ANSWERS["one-leader"])).text("code")

    opened = read(visitor, f"/r/{code}{ending}/")

    assert opened.outcome == "one-leader"


def test_a_whole_link_to_a_result_opens_it_here(visitor: Client) -> None:
    link = f"https://elsewhere.example.com{result(ANSWERS['both-roles'])}&edition=1"

    answer = read(visitor, "/r/").form.send(visitor, {"code": link})

    assert answer.status_code == 302
    assert answer["Location"].startswith(f"/{GUIDE}/result/?")
    assert read_sent(visitor, answer).outcome == "both-roles"


@pytest.mark.parametrize(
    "typed", ["https://evil.example.com/", "//evil.example.com/result/?a=b", "http://[broken", "/admin/?a=b"]
)
def test_a_link_to_anything_else_is_no_code(visitor: Client, typed: str) -> None:
    answer = read(visitor, "/r/").form.send(visitor, {"code": typed})

    assert answer.status_code == 404
