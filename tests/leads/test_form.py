"""The form for the call: what it asks, what it refuses, and that nothing typed is ever lost."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from advisor.content.editions import LoadedEdition
from advisor.leads.forms import CallForm
from advisor.leads.models import Lead
from tests.assessment.addresses import call
from tests.assessment.reading import FRAGMENT, Page, path_of, query_of, read
from tests.assessment.soundness import flaws
from tests.conftest import ANSWERS, CALL, GUIDE
from tests.leads.asking import EVERYTHING, ask, message_beside, post, refused

pytestmark = pytest.mark.usefixtures("published")

CONTENT_TYPE = "application/x-www-form-urlencoded"
ONE_LINE = ["name", "company", "job_title", "phone", "availability"]
LENGTHS = {"name": 120, "company": 120, "job_title": 120, "phone": 40, "message": 4000, "availability": 500}


def longest_address(length: int) -> str:
    """An e-mail address of this length that is one in every other respect."""
    domain = ".".join(["d" * 60] * 3)
    return f"{'l' * 64}@{domain}.{'e' * (length - 64 - 1 - len(domain) - 1)}"


def max_length(field: str) -> int | None:
    """How much of a field the database keeps."""
    return next(found.max_length for found in Lead._meta.fields if found.name == field)


def test_it_asks_for_what_the_contract_names_and_fills_in_nothing(visitor: Client) -> None:
    page = read(visitor, call())

    filled = dict(page.form.pairs())
    names = [control.get("name") for tag in ("input", "select", "textarea") for control in page.all(f"form//{tag}")]
    assert set(names) == {*EVERYTHING, "key", "stamp", "homepage", "csrfmiddlewaretoken"}
    assert len(names) == len(set(names))
    assert "consent" not in filled
    assert {name for name, value in filled.items() if value} == {"key", "stamp", "csrfmiddlewaretoken"}


def test_every_form_has_a_key_of_its_own(visitor: Client) -> None:
    first, second = read(visitor, call()), read(visitor, call())

    keys = [dict(page.form.pairs())["key"] for page in (first, second)]
    assert keys[0] != keys[1]
    assert all(len(key) >= 20 for key in keys)


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["whole", "fragment"])
def test_it_is_a_valid_page_that_says_what_goes_with_the_request(
    visitor: Client, published: LoadedEdition, headers: dict[str, str]
) -> None:
    page = read(visitor, call(ANSWERS["one-leader"]), headers=headers)

    guide = published.guide
    assert flaws(page) == []
    assert page.text("h1") == guide.call_title
    assert guide.call_text in page.text("main")
    assert guide.consent in page.text("form")
    assert f"Your result goes with it: {guide.outcome['one-leader'].title}." in page.text("main")
    assert page.link("Back to the result") == f"/{GUIDE}/result/?{ANSWERS['one-leader']}&edition=1"


def test_only_who_takes_calls_is_asked_of_the_database_before_it_is_sent(
    visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        answer = visitor.get(call())

    assert answer.status_code == 200


def test_it_is_kept_by_the_browser_that_asked_and_only_for_back(visitor: Client) -> None:
    answer = visitor.get(call())

    assert set(answer["Cache-Control"].split(", ")) == {"private", "no-cache"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [("", "software"), ("software=yes", "ai"), ("software=yes&ai=yes&both=both", "team-size")],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_with_incomplete_answers_it_leads_to_the_first_open_question(
    visitor: Client, method: str, query: str, expected: str
) -> None:
    answer = getattr(visitor, method)(call(query))

    page = read(visitor, answer["Location"])
    assert path_of(page.address) == f"/{GUIDE}/{expected}/"
    assert not Lead.objects.exists()


@pytest.mark.parametrize("field", ["name", "email", "company", "consent"])
@pytest.mark.parametrize("given", [None, ""])
def test_what_must_be_there_is_asked_for_and_everything_else_is_kept(visitor: Client, field: str, given: Any) -> None:
    page = refused(visitor, **(EVERYTHING | {field: given}))

    kept = {name: value for name, value in page.form.pairs() if name in EVERYTHING}
    assert page.title.startswith("Error: ")
    assert len(page.errors) == 1
    assert page.errors == [message_beside(page, field)]
    assert {name: value for name, value in kept.items() if name != field} == {
        name: value.replace("\r\n", "\n") for name, value in EVERYTHING.items() if name != field
    }
    assert flaws(page) == []


@pytest.mark.parametrize("given", ["off", "false", "no", "0", "ON"])
def test_only_the_tick_itself_is_consent(visitor: Client, given: str) -> None:
    page = refused(visitor, consent=given)

    assert page.errors == ["We need your agreement to keep your request."]
    assert "consent" not in dict(page.form.pairs())
    assert not Lead.objects.exists()


def test_the_summary_leads_to_each_field_that_is_wrong(visitor: Client) -> None:
    page = refused(visitor, name="", email="nonsense", consent=None)

    summary = page.one("*[@role='alert']")
    targets = [link.attrib["href"].removeprefix("#") for link in summary.findall(".//a")]
    assert [page.one(f"*[@id='{target}']").get("name") for target in targets] == ["name", "email", "consent"]
    assert "autofocus" in summary.attrib


@pytest.mark.parametrize("field", ["name", "email", "company", "consent"])
def test_a_field_that_is_wrong_says_so_to_those_who_do_not_see_it(visitor: Client, field: str) -> None:
    page = refused(visitor, **{field: ""})

    control = page.one(f"input[@id='id_{field}']")
    assert control.get("aria-invalid") == "true"
    assert f"id_{field}_error" in control.get("aria-describedby", "").split()


@pytest.mark.parametrize("email", ["nonsense", "a@b", "a b@example.com", "a@example.com\nBcc: b@example.com", "@"])
def test_what_is_no_address_is_refused(visitor: Client, email: str) -> None:
    page = refused(visitor, email=email)

    assert message_beside(page, "email").startswith("This does not look like an e-mail address")


@pytest.mark.parametrize(("field", "length"), LENGTHS.items())
def test_a_text_may_be_as_long_as_the_database_keeps_it_and_no_longer(visitor: Client, field: str, length: int) -> None:
    sign = "1" if field == "phone" else "x"
    lead = ask(visitor, **{field: sign * length})
    page = refused(visitor, **{field: sign * (length + 1)})

    assert getattr(lead, field) == sign * length
    assert max_length(field) == length
    assert str(length) in message_beside(page, field)
    assert dict(page.form.pairs())[field] == sign * (length + 1)


def test_an_address_may_be_254_characters_long_and_no_longer(visitor: Client) -> None:
    lead = ask(visitor, email=longest_address(254))
    page = refused(visitor, email=longest_address(255))

    assert lead.email == lead.person.email == longest_address(254)
    assert "254" in message_beside(page, "email")


@pytest.mark.parametrize("domain", [".".join(["\u0130" * 20] * 8), "münchen.example", "\u212aelvin.example"])
def test_an_address_of_letters_that_mail_does_not_carry_does_no_harm(visitor: Client, domain: str) -> None:
    answer = post(visitor, email=f"{'l' * 64}@{domain}.com")

    assert answer.status_code in {200, 302}


@pytest.mark.parametrize("field", CallForm.Meta.fields)
def test_a_browser_knows_how_long_each_text_may_be(visitor: Client, field: str) -> None:
    page = read(visitor, call())

    (control,) = [found for found in page.all("form//*[@name]") if found.get("name") == field]
    assert control.tag == "select" or control.get("maxlength") == str(max_length(field))


def test_a_message_as_long_as_a_browser_lets_one_type_it_is_taken_whatever_its_line_breaks(visitor: Client) -> None:
    typed = "x\n" * 2000
    sent = typed.replace("\n", "\r\n")

    lead = ask(visitor, message=sent)

    assert lead.message.replace("\r\n", "\n").strip() == typed.strip()


@pytest.mark.parametrize("field", ONE_LINE)
@pytest.mark.parametrize("character", ["\n", "\r", "\x01", "\x1b", "\x7f", "\x85"])
def test_a_field_of_one_line_takes_no_line_break_and_no_control_character(
    visitor: Client, field: str, character: str
) -> None:
    answer = post(visitor, **{field: f"The{character}Asker"})

    page = Page(answer, strict=False)
    assert answer.status_code == 200
    assert page.title.startswith("Error: ")
    assert message_beside(page, field)
    assert not Lead.objects.exists()


@pytest.mark.parametrize("field", [*ONE_LINE, "email", "message", "employees", "key"])
def test_a_null_character_is_refused_everywhere(visitor: Client, field: str) -> None:
    answer = post(visitor, **{field: "The\x00Asker"})

    page = Page(answer, strict=False)
    assert answer.status_code == 200
    assert page.title.startswith("Error: ")
    assert page.errors
    assert not Lead.objects.exists()


@pytest.mark.parametrize("character", ["\x00", "\x01", "\ud800"])
def test_what_nobody_can_type_comes_back_in_a_valid_page(visitor: Client, character: str) -> None:
    typed = f"Ada{character}".encode("utf-8", "surrogatepass")

    answer = visitor.post(
        call(), urlencode(CALL | {"key": "key-of-the-form", "message": typed, "name": ""}), CONTENT_TYPE
    )

    assert flaws(Page(answer)) == []


@pytest.mark.parametrize(
    "name", ["Jean\u00a0Dupont", "山田\u3000太郎", "می\u200cخواهم", "O’Brien-Żółć", "Zoë 👩\u200d💻", "Nuñez i Jr."]
)
def test_names_are_taken_as_people_write_them(visitor: Client, name: str) -> None:
    lead = ask(visitor, name=name)

    assert lead.name == " ".join(name.split())


def test_a_number_of_employees_that_is_no_choice_is_refused(visitor: Client) -> None:
    page = refused(visitor, employees="12")

    assert message_beside(page, "employees")


@pytest.mark.parametrize("key", [None, "", "short", "x" * 65, "key with spaces", "key/../key", "ключ-ключ"])
def test_a_key_that_is_missing_or_broken_loses_nothing_and_is_replaced(visitor: Client, key: Any) -> None:
    page = refused(visitor, **(EVERYTHING | {"key": key}))

    assert "Nothing is lost: please send it again." in page.errors[0]
    answer = page.form.send(visitor)
    assert answer.status_code == 302
    assert Lead.objects.get().message == EVERYTHING["message"].replace("\r\n", "\n")


def test_what_was_typed_comes_back_as_text_and_not_as_markup(visitor: Client) -> None:
    typed = '"><script>alert(1)</script>'

    page = refused(visitor, name=typed, message=typed, email="nonsense")

    kept = dict(page.form.pairs())
    assert (kept["name"], kept["message"]) == (typed, typed)
    assert flaws(page) == []


def test_the_form_goes_to_its_own_address_with_all_that_rides_along(visitor: Client) -> None:
    address = f"{call()}&edition=1&utm_source=news"

    page = read(visitor, address)

    assert path_of(page.form.action) == f"/{GUIDE}/call/"
    assert query_of(page.form.action) == query_of(address)


def test_what_is_wrong_is_shown_to_htmx_too(visitor: Client) -> None:
    answer = visitor.post(call(), CALL | {"key": "key-of-the-form", "name": ""}, headers=FRAGMENT)

    page = Page(answer)
    assert answer.status_code == 200
    assert not page.is_whole
    assert page.errors == ["Please tell us your name."]


@pytest.mark.parametrize("field", [*ONE_LINE, "message"])
def test_characters_that_would_turn_what_stands_beside_them_are_dropped(visitor: Client, field: str) -> None:
    typed = ["+371", "2000 0000"] if field == "phone" else ["The", "Asker"]

    lead = ask(visitor, **{field: "\u2068{}\u202e {}\u2069".format(*typed)})

    assert getattr(lead, field) == " ".join(typed)


NOTHING_TO_SEE = ["\u200b", "\u2800", "\u3164", "\ufffe", "\u115f", "\ufe0f", "\u0301\u0302"]


@pytest.mark.parametrize("field", ["name", "company", "email"])
@pytest.mark.parametrize("typed", NOTHING_TO_SEE)
def test_what_looks_empty_is_empty(visitor: Client, field: str, typed: str) -> None:
    page = refused(visitor, **{field: typed * 3})

    assert message_beside(page, field).startswith("Please ")
    assert page.errors == [message_beside(page, field)]


@pytest.mark.parametrize("field", ONE_LINE)
def test_what_a_spreadsheet_puts_between_words_is_a_space(visitor: Client, field: str) -> None:
    typed = ("+371", "2000 0000") if field == "phone" else ("The", "Asker")

    lead = ask(visitor, **{field: "\t".join(typed)})

    assert getattr(lead, field) == " ".join(typed)


def test_an_address_pasted_with_what_nobody_sees_is_taken_without_a_word(visitor: Client) -> None:
    lead = ask(visitor, email="The Asker <ann3@example.com\u200b>.")

    assert (lead.email, lead.person.email) == ("ann3@example.com", "ann3@example.com")


@pytest.mark.parametrize(
    "email",
    ["ann@localhost", "ann@[127.0.0.1]", f"{'l' * 65}@example.com", "ann@example..com", "jörg@müller.example"],
)
def test_an_address_that_mail_cannot_carry_comes_back_with_the_reason(visitor: Client, email: str) -> None:
    page = refused(visitor, email=email)

    assert "e-mail address" in message_beside(page, "email")
    assert dict(page.form.pairs())["email"] == email


def test_a_domain_in_other_letters_is_one_person_however_it_is_written(visitor: Client) -> None:
    first = ask(visitor, email="Jorg@Müller.example")
    second = ask(visitor, email="jorg@xn--mller-kva.example")

    assert first.email == "Jorg@müller.example"
    assert first.person == second.person
    assert first.person.email == "jorg@xn--mller-kva.example"


@pytest.mark.parametrize("phone", ["abc", "12", "call me", "+371 2000 0000 or mail"])
def test_what_is_no_number_of_a_phone_is_refused(visitor: Client, phone: str) -> None:
    page = refused(visitor, phone=phone)

    assert message_beside(page, "phone").startswith("This does not look like a phone number.")


def test_a_character_that_cannot_be_seen_is_named(visitor: Client) -> None:
    page = refused(visitor, name="The\u0085Asker")

    assert "U+0085" in message_beside(page, "name")


def test_a_text_that_is_too_long_says_which_and_by_how_much(visitor: Client) -> None:
    page = refused(visitor, company="x" * 133)

    assert page.errors == [
        "“Company” can have at most 120 characters, and this has 133. Please shorten it.",
    ]
