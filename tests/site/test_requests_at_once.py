"""Forms that arrive together: what must be one is one, and what must be many is many."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

from tests.load.visitors import CHROME
from tests.server import RunningSite
from tests.site.client import URLENCODED, Answer, ask, document, new_key, open_form, typed_into
from tests.site.walks import CTO, EDITION, GUIDE

AT_ONCE = 20


def at_once(send: Callable[[int], Answer]) -> list[Answer]:
    """What each of twenty gets that set off together."""
    barrier = Barrier(AT_ONCE)

    def set_off(number: int) -> Answer:
        barrier.wait()
        return send(number)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(set_off, range(AT_ONCE)))


def someone() -> str:
    return f"{uuid4()}@example.com"


def count(site: RunningSite, table: str, email: str) -> Any:
    return site.database.query(f"SELECT count(*) FROM {table} WHERE email = ?", email)[0][0]


def test_the_same_form_sent_by_twenty_at_once_is_one_lead_and_one_answer(site: RunningSite) -> None:
    form, email = open_form(site, CTO.call), someone()

    answers = at_once(lambda _: form.send(site, email=email))

    assert {(answer.status, answer.location) for answer in answers} == {(302, answers[0].location)}
    assert count(site, "leads_lead", email) == count(site, "leads_person", email) == 1


def test_twenty_forms_of_one_person_at_once_are_twenty_leads_of_one_person(site: RunningSite) -> None:
    form, email = open_form(site, CTO.call), someone()

    answers = at_once(lambda _: form.send(site, email=email, key=new_key()))

    assert {answer.status for answer in answers} == {302}
    assert count(site, "leads_lead", email) == AT_ONCE
    assert count(site, "leads_person", email) == 1


def test_the_same_key_with_twenty_contents_at_once_keeps_one_and_loses_none(site: RunningSite) -> None:
    form, email = open_form(site, CTO.call), someone()

    answers = at_once(lambda number: form.send(site, email=email, message=f"Message {number}"))

    kept = [number for number, answer in enumerate(answers) if answer.status == 302]
    assert len(kept) == 1
    for number, answer in enumerate(answers):
        if number not in kept:
            assert answer.status == 200
            assert typed_into(document(answer.text))["message"].strip() == f"Message {number}"
    assert count(site, "leads_lead", email) == 1


def test_the_same_form_with_another_content_is_kept_on_the_page_and_can_be_sent_on(site: RunningSite) -> None:
    form, email = open_form(site, CTO.call), someone()
    form.send(site, email=email)

    refused = form.send(site, email=email, company="Another one")
    again = typed_into(document(refused.text))
    accepted = form.send(site, **again)

    assert (refused.status, accepted.status) == (200, 302)
    assert again["name"] == form.filled()["name"]
    companies = site.database.query("SELECT company FROM leads_lead WHERE email = ? ORDER BY id", email)
    assert companies == [(form.filled()["company"],), ("Another one",)]


def test_twenty_votes_of_one_network_at_once_are_three(site: RunningSite) -> None:
    others = ("", "&signal=fundraising", "&signal=first-vp-engineering", "&signal=directionless-team")
    headers = {"Content-Type": URLENCODED, "User-Agent": CHROME, "Sec-Fetch-Site": "same-origin"}

    def vote(number: int) -> Answer:
        ticked = f"signal=messy-stack{others[number % len(others)]}"
        address = f"/{GUIDE}/result/fit/?software=yes&{ticked}&ai=no&signal=none.ai&both=software&edition={EDITION}"
        return ask(site, address, method="POST", headers=headers, body=b"signal.messy-stack=fits")

    answers = at_once(vote)

    assert {answer.status for answer in answers} == {302}
    statement = "SELECT SUM(fits), SUM(does_not) FROM feedback_tally WHERE outcome = ? AND reason = ?"
    assert site.database.query(statement, "fractional-cto", "signal.messy-stack") == [(3, 0)]
