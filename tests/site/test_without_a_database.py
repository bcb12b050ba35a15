"""What visitors see while the database is gone, is empty, or was never migrated."""

import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.environment import CONTACT_EMAIL
from tests.server import RunningSite, is_postgresql, wait_for
from tests.site.client import ask, document, open_form, typed_into, words
from tests.site.walks import CTO, GUIDE, PAGES, WALKS

PASSWORD = "kept-nowhere-but-in-this-test"
REFRESH_INTERVAL = 2.0
"""Seconds after which a process looks for newer editions, and would notice that it cannot."""


@pytest.fixture
def own_site() -> Iterator[RunningSite]:
    """A site with one worker, so that every request meets the one that knows the edition."""
    with RunningSite(workers=1) as running:
        yield running


def test_the_walk_goes_on_while_the_database_is_gone(own_site: RunningSite) -> None:
    pages = {name: path for name, path in PAGES.items() if name != "call"}
    ask(own_site, "/")

    own_site.database.take_away()
    time.sleep(REFRESH_INTERVAL + 0.1)

    assert {name: ask(own_site, path).status for name, path in pages.items()} == dict.fromkeys(pages, 200)
    for walk in WALKS:
        assert document(ask(own_site, walk.result).text).find("body/main").get("data-outcome") == walk.outcome
    assert ask(own_site, "/healthz").status == 200
    assert ask(own_site, "/readyz").status == 503
    assert "Traceback" not in own_site.log


def test_the_call_form_says_calmly_that_it_cannot_take_requests_and_keeps_what_was_typed(own_site: RunningSite) -> None:
    form = open_form(own_site, CTO.call)
    own_site.database.take_away()
    time.sleep(REFRESH_INTERVAL + 0.1)

    shown = ask(own_site, CTO.call)
    logged = len(own_site.log)
    refused = form.send(own_site, message="Kept, every <word> of it")

    assert shown.status == 200
    assert refused.status == 503
    tree = document(refused.text)
    sent = form.filled(message="Kept, every <word> of it")
    del sent["csrfmiddlewaretoken"]
    assert sent.items() <= typed_into(tree).items()
    alert = next(element for element in tree.iter() if element.get("role") == "alert")
    assert CONTACT_EMAIL in words(alert)
    lines = own_site.log_since(logged).splitlines()
    # Who takes calls was read a moment before, or cannot be read; and the request cannot be kept.
    assert len([line for line in lines if "could not be kept" in line]) == 1
    assert len(lines) <= 2
    assert "Traceback" not in own_site.log


def test_the_same_form_is_taken_once_the_database_is_back(own_site: RunningSite) -> None:
    form = open_form(own_site, CTO.call)
    own_site.database.take_away()
    refused = form.send(own_site)

    own_site.database.bring_back()
    accepted = form.send(own_site)

    assert (refused.status, accepted.status) == (503, 302)
    assert own_site.database.query("SELECT count(*) FROM leads_lead") == [(1,)]
    assert ask(own_site, accepted.location).status == 200
    # On a machine under load the database may take longer than the second that this waits.
    assert wait_for(lambda: ask(own_site, "/readyz").status == 200)


def test_other_pages_that_need_the_database_say_so_calmly(own_site: RunningSite) -> None:
    sent = open_form(own_site, CTO.call).send(own_site)
    own_site.database.take_away()

    answers = {path: ask(own_site, path) for path in (sent.location, "/admin/login/", "/admin/")}

    for path, answer in answers.items():
        assert answer.status in {200, 302, 503}, path
        if answer.status != 302:
            document(answer.text)
    assert answers[sent.location].status == 503
    assert "Traceback" not in own_site.log


def test_a_process_that_never_saw_the_database_is_calm_about_it() -> None:
    with RunningSite(workers=1) as running:
        running.database.take_away()

        answers = {path: ask(running, path) for path in ("/", f"/{GUIDE}/", CTO.result, CTO.call, "/r/")}
        log = running.log

    # SQLite makes an empty file where there is none, which to a new process is a site that is being set up.
    statuses = {200, 503} if is_postgresql() else {200, 404, 503}
    for path, answer in answers.items():
        assert answer.status in statuses, path
        document(answer.text)
    assert "Traceback" not in log


def test_a_process_that_started_with_the_database_needs_no_visitor_to_know_the_edition() -> None:
    with RunningSite() as running:
        # Each worker has started; at most one has been visited.
        wait_for(lambda: running.log.count("Worker ready") == 2)
        running.database.take_away()

        statuses = [ask(running, CTO.result).status for _ in range(10)]

    assert statuses == [200] * 10


@pytest.mark.parametrize("migrated", [True, False], ids=["empty", "never migrated"])
def test_a_database_without_a_guide_is_said_to_be_being_set_up(*, migrated: bool) -> None:
    with RunningSite(migrated=migrated, seeded=False) as running:
        front = ask(running, "/")
        ready = ask(running, "/readyz")
        others = {path: ask(running, path) for path in (f"/{GUIDE}/", CTO.result, CTO.call, "/r/", "/privacy/")}
        log = running.log

    assert front.status == 503
    assert "being set up" in words(document(front.text))
    assert ready.status == 503
    for path, answer in others.items():
        assert answer.status in {200, 404, 503}, path
        document(answer.text)
    assert "Traceback" not in log


def test_staff_are_told_how_to_load_the_first_guide_and_visitors_are_not() -> None:
    with RunningSite(seeded=False) as running:
        running.manage(
            "createsuperuser",
            "--noinput",
            "--username=chief",
            "--email=chief@example.com",
            DJANGO_SUPERUSER_PASSWORD=PASSWORD,
        )
        form = open_form(running, "/admin/login/")
        entered = form.send_body(
            running,
            urlencode(form.hidden | {"username": "chief", "password": PASSWORD}).encode(),
        )
        session = next(cookie for cookie in entered.headers.get_all("Set-Cookie", []) if "sessionid" in cookie)

        for_visitors = ask(running, "/")
        for_staff = ask(running, "/", headers={"Cookie": session.partition(";")[0]})

    assert "manage.py seed" in words(document(for_staff.text))
    assert "manage.py" not in words(document(for_visitors.text))


def test_the_first_guide_is_there_soon_after_it_was_loaded() -> None:
    with RunningSite(seeded=False) as running:
        before = ask(running, "/").text

        running.manage("seed")

        assert "being set up" in before
        wait_for(lambda: "Start" in ask(running, "/").text, seconds=REFRESH_INTERVAL + 2)
        assert ask(running, "/readyz").status == 200
