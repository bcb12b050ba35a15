"""Finding leads: by what one remembers, by the beginning of a word, and just as fast when there are many."""

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from advisor.decision import result_code
from advisor.leads.actions.sales import note, plan, record_call, set_status
from advisor.leads.desk.duplicates import suggestions
from advisor.leads.desk.listing import filtered
from advisor.leads.models import EventKind, Lead, LeadWord, Status
from advisor.leads.search import index
from advisor.leads.search.index import find_leads
from advisor.leads.search.words import MAX_WORD_LENGTH, typed_words, words_in
from tests.leads.asking import EVERYTHING, ask

pytestmark = pytest.mark.usefixtures("published")

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "query",
    [
        "jürgen",
        "JURGEN",
        "jur",
        "müller-schmidt",
        "schmidt",
        "  smith & jür ",
        "asker@example.com",
        "Asker@Ex",
        "example.com",
        "looms",
        "loomsandengines",
        "+371 2000 0000",
        "37120000000",
        "371-2000",
        "0037120000000",
        "2000 0000",
        "020000000",
        "00000",
        "slower",
        "founder looms",
    ],
)
def test_a_lead_is_found_by_what_one_remembers(visitor: Client, query: str) -> None:
    name = "Jürgen Müller-Schmidt Smith"
    lead = ask(visitor, **EVERYTHING | {"name": name, "company": "Looms and Engines GmbH"})
    ask(visitor, name="Another", email="another@elsewhere.org", company="Others")

    assert find_leads(query).keys == [lead.pk]


def test_a_lead_is_found_by_its_result_code(visitor: Client) -> None:
    lead = ask(visitor)
    ask(visitor, "/cto-or-head-of-ai/call/?software=no&ai=no&both=ai")

    assert find_leads(lead.result_code.lower()).keys == [lead.pk]


@pytest.mark.parametrize("query", ["nobody", "slow looms-that-are-not", "%", "_", "-", "  ", "'; --", "\U0010ffff"])
def test_what_is_not_there_is_not_found(visitor: Client, query: str) -> None:
    ask(visitor, **EVERYTHING)

    assert find_leads(query).keys == []


def test_a_search_for_nothing_shows_everything(visitor: Client) -> None:
    lead = ask(visitor)

    assert list(filtered({"q": " \0 "}, now=NOON)) == [lead]


def test_words_go_with_their_lead(visitor: Client) -> None:
    lead = ask(visitor)
    assert LeadWord.objects.filter(lead=lead).exists()

    lead.delete()

    assert not LeadWord.objects.exists()


def test_of_a_common_word_the_newest_are_found_and_it_is_said_that_there_are_more(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MAX_MATCHES", 2)
    leads = [ask(visitor, company="Engines") for _ in range(4)]
    ask(visitor, company="Enginesmiths")

    found = find_leads("engines")

    assert (found.keys, found.is_cut) == ([leads[3].pk, leads[2].pk], True)


def test_a_rare_word_finds_an_old_lead_among_many_with_the_common_one(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MAX_MATCHES", 2)
    old = ask(visitor, company="Engines Riga")
    for _ in range(4):
        ask(visitor, company="Engines")

    found = find_leads("engines riga")

    assert (found.keys, found.is_cut) == ([old.pk], False)


def test_leads_with_several_words_that_begin_alike_hide_neither_others_nor_that_there_are_more(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MAX_MATCHES", 4)
    ask(visitor, company="Engelberg English Engravers Engines Engineering")
    other = ask(visitor, company="Enzymes Riga")

    assert find_leads("en").is_cut
    assert find_leads("en riga").keys == [other.pk]


@pytest.mark.parametrize("sign", ["\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}", "\N{SQUARE APAATO}"])
def test_a_name_whose_signs_are_many_letters_is_kept_and_found(visitor: Client, sign: str) -> None:
    company = sign * 120
    lead = ask(visitor, company=company)
    twin = ask(visitor, company=company, email="me@another.example")

    assert find_leads(company[:8]).keys == [twin.pk, lead.pk]
    assert [one.lead for one in suggestions(lead)] == [twin]


def test_a_number_is_one_word_however_it_is_grouped() -> None:
    assert typed_words("+371 (20) 00-00.00") == ["37120000000"]
    assert typed_words("B2B sales") == ["b2b", "sales"]


def test_the_beginning_of_a_word_is_looked_up_in_the_index(visitor: Client) -> None:
    ask(visitor)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
        found = LeadWord.objects.filter(word__gte="en", word__lt="en\U0010ffff").order_by("word", "-lead")

        plan = found.values_list("lead", flat=True)[:10].explain()

    assert "leadword_newest" in plan
    assert "SORT" not in plan.upper().replace("NO SORT", "")
    assert "TEMP B-TREE" not in plan.upper()
    assert Lead.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "company", "query"),
    [
        ("Łukasz Nowak", "Looms", "lukasz"),
        ("Lukasz Nowak", "Looms", "Łukasz"),
        ("Øystein Dahl", "Looms", "oystein"),
        ("Øystein Dahl", "Looms", "oeystein"),
        ("O’Brien", "Looms", "O'Brien"),
        ("O'Brien", "Looms", "O’Brien"),
        ("O’Brien", "Looms", "obrien"),
        ("The Asker", "Müller & Söhne", "soehne"),
        ("The Asker", "Müller & Söhne", "sohne"),
        ("The Asker", "Müller & Söhne", "mueller soehne"),
        ("The Asker", "Mueller & Soehne", "müller söhne"),
        ("李小龍", "Looms", "小龍"),
        ("李小龍", "Looms", "龍"),
        ("Wim Booker", "Looms", "ooker"),
        ("Иван Петров", "Looms", "ivan"),
        ("Wim Booker", "Straße Müller–Schmidt", "strasse schmidt"),
        ("Wim\u200b Booker", "Looms", "\u200bbooker\ufeff"),
    ],
)
def test_a_name_is_found_by_any_keyboard_and_by_a_part_of_it(
    visitor: Client, name: str, company: str, query: str
) -> None:
    lead = ask(visitor, name=name, company=company)
    ask(visitor, name="Another", email="another@elsewhere.org", company="Others")

    assert find_leads(query).keys == [lead.pk]


def test_what_was_written_without_spaces_is_found_from_within(visitor: Client) -> None:
    lead = ask(visitor, message="我們需要一位技術長")

    assert find_leads("技術長").keys == [lead.pk]


def test_two_letters_are_looked_for_at_the_beginning_of_words_alone(visitor: Client) -> None:
    ask(visitor, name="Wim Booker", company="Looms")

    assert find_leads("ok").keys == []


@pytest.mark.parametrize(
    "written",
    ["{}.", "“{}”", "'{}'", "http://testserver/r/{}/", "/r/?code={}", "{}\u200b"],
)
@pytest.mark.parametrize("dash", ["-", "", "–", "—", "−", " ", "‑"])
def test_a_result_code_is_found_however_it_was_copied(visitor: Client, written: str, dash: str) -> None:
    lead = ask(visitor)
    ask(visitor, "/cto-or-head-of-ai/call/?software=no&ai=no&both=ai")
    code = lead.result_code.lower().replace("-", dash)

    assert find_leads(written.format(code)).keys == [lead.pk]


NOTED: dict[str, Callable[[Lead], Any]] = {
    "a note": lambda lead: note(lead=lead, kind=EventKind.NOTE, words="Knows Zelta Mežakungs.", by="seller", now=NOON),
    "what was said": lambda lead: note(
        lead=lead, kind=EventKind.SPOKE, words="Her colleague is zelta mezakungs", by="seller", now=NOON
    ),
    "a next step": lambda lead: plan(lead=lead, step="Write to Zelta Mežakungs", on=NOON.date(), by="seller", now=NOON),
    "why it was lost": lambda lead: set_status(
        lead=lead, status=Status.LOST, reason="Went to Zelta Mežakungs.", by="seller", now=NOON
    ),
    "why a call was cancelled": lambda lead: record_call(
        lead=lead,
        kind=EventKind.CANCELLED,
        call_at=None,
        words="Monday, with The host: Zelta Mežakungs said so",
        now=NOON,
    ),
}
"""What is typed about a lead, and where."""


@pytest.mark.parametrize("where", NOTED)
def test_a_lead_is_found_by_what_was_noted_about_it(visitor: Client, where: str) -> None:
    lead = ask(visitor, email="one@example.com")
    ask(visitor, email="two@example.com")
    before = find_leads("Zelta Mežakungs").keys

    NOTED[where](lead)

    assert before == []
    for query in ("Zelta Mežakungs", "mezakungs", "MEŽA", "zelta engines"):
        assert find_leads(query).keys == [lead.pk], query


def test_what_was_planned_before_is_found_as_well(visitor: Client) -> None:
    lead = ask(visitor)

    plan(lead=lead, step="Write to Zelta", on=NOON.date(), by="seller", now=NOON)
    plan(lead=lead, step="", on=None, by="seller", now=NOON)

    assert find_leads("zelta").keys == [lead.pk]


def test_the_number_in_a_note_is_found_however_it_is_typed(visitor: Client) -> None:
    lead = ask(visitor)

    note(lead=lead, kind=EventKind.NOTE, words="Call +371 2777-6655 instead", by="seller", now=NOON)

    for query in ("2777 6655", "+371 27776655", "76655"):
        assert find_leads(query).keys == [lead.pk], query


def test_what_nobody_typed_finds_nothing(visitor: Client) -> None:
    lead = ask(visitor)
    set_status(lead=lead, status=Status.CONTACTED, by="seller", now=NOON)
    record_call(lead=lead, kind=EventKind.BOOKED, call_at=NOON, words="Monday, with The host", now=NOON)

    assert find_leads("contacted").keys == find_leads("monday").keys == find_leads("until").keys == []


def test_the_same_word_in_many_notes_is_kept_once(visitor: Client) -> None:
    lead = ask(visitor)

    for _ in range(3):
        note(lead=lead, kind=EventKind.NOTE, words="Zelta again", by="seller", now=NOON)

    assert lead.words.filter(word="zelta").count() == 1


LONG_TEXT = " ".join(f"Wort{number}ü" for number in range(320))


def test_a_long_message_leaves_no_part_of_a_name_out(visitor: Client) -> None:
    lead = ask(visitor, name="Wim Booker", company="Müllerwerke", job_title="Geschäftsführer", message=LONG_TEXT)

    for query in ("ooker", "llerwerke", "schaftsfuhrer", "wort99"):
        assert find_leads(query).keys == [lead.pk], query


def test_long_names_leave_no_part_of_the_message_out(visitor: Client) -> None:
    long = {name: " ".join(f"{name}{number}é" for number in range(9)) for name in ("name", "company", "job_title")}
    lead = ask(visitor, **long, message="Zelta Mežakungs")

    for query in ("ame8é", "ompany8é", "zelta", "mezakungs"):
        assert find_leads(query).keys == [lead.pk], query


def test_a_long_note_leaves_neither_a_number_nor_a_part_of_a_name_out(visitor: Client) -> None:
    lead = ask(visitor, name="Wim Booker")

    note(lead=lead, kind=EventKind.NOTE, words=f"{LONG_TEXT} +371 2777-6655", by="seller", now=NOON)

    for query in ("ooker", "2777 6655"):
        assert find_leads(query).keys == [lead.pk], query


def test_the_words_of_a_note_of_digits_fit_into_the_database() -> None:
    assert max(map(len, words_in("1234567890" * 60))) <= MAX_WORD_LENGTH


@pytest.mark.parametrize("phone", ["+49 (0)30 1234-5678", "+49–30–1234–5678", "（＋４９）３０·１２３４·５６７８"])
@pytest.mark.parametrize("query", ["+49 30 12345678", "+49 (0)30 1234", "0049–30–1234", "030 1234", "٣٠١٢٣٤"])
def test_a_number_is_found_whichever_way_it_and_the_query_are_typed(visitor: Client, phone: str, query: str) -> None:
    lead = ask(visitor, phone=phone)

    assert find_leads(query).keys == [lead.pk]


def test_a_company_that_is_called_like_a_result_code_is_found_beside_the_code(visitor: Client) -> None:
    with_code = ask(visitor)
    symbols = result_code.symbols(with_code.result_code)
    other = "/cto-or-head-of-ai/call/?software=no&ai=no&both=ai"
    company = ask(visitor, other, company=f"{symbols}Fit", email="a@b.example")

    assert find_leads(symbols).keys == [with_code.pk, company.pk]


def test_a_word_that_could_be_a_result_code_is_looked_for_as_any_other(visitor: Client) -> None:
    leads = [ask(visitor, company=company) for company in ("Flyr", "Flyr Air", "Flyrline")]

    assert set(find_leads("flyr").keys) == {lead.pk for lead in leads}


def test_a_company_with_a_slash_is_no_link_to_a_code(visitor: Client) -> None:
    lead = ask(visitor, company="h/r/loom")
    ask(visitor, company="Loom", email="two@example.com")

    assert find_leads("h/r/loom").keys == [lead.pk]


def test_leads_that_were_there_before_are_found_by_all_of_their_names_after_the_migration(visitor: Client) -> None:
    lead = ask(visitor, name="Wim Booker", message=LONG_TEXT)
    note(lead=lead, kind=EventKind.NOTE, words="Knows Zelta.", by="seller", now=NOON)
    words = sorted(lead.words.values_list("word", flat=True))
    lead.words.filter(word__in=["~ooker", "zelta"]).delete()
    migration = import_module("advisor.leads.migrations.0015_words_of_names_first")

    for _ in range(2):
        migration.find_by_names_first(apps, SimpleNamespace(connection=connection))

    assert find_leads("ooker").keys == find_leads("zelta").keys == [lead.pk]
    assert sorted(lead.words.values_list("word", flat=True)) == words


def test_notes_that_were_there_before_are_found_after_the_migration(visitor: Client) -> None:
    lead, other = ask(visitor), ask(visitor, email="two@example.com")
    note(lead=lead, kind=EventKind.NOTE, words="Knows Zelta.", by="seller", now=NOON)
    words = sorted(lead.words.values_list("word", flat=True))
    LeadWord.objects.filter(word__in=["knows", "zelta"]).delete()
    migration = import_module("advisor.leads.migrations.0014_words_of_notes")

    for _ in range(2):
        migration.find_by_notes(apps, SimpleNamespace(connection=connection))

    assert find_leads("zelta").keys == [lead.pk]
    assert sorted(lead.words.values_list("word", flat=True)) == words
    assert other.words.exists()
