"""Real Gunicorn: nothing is lost when it stops, and what was counted without a database is written when it is back."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.load.visitors import CHROME
from tests.server import RunningSite, wait_for
from tests.site.client import ask

GUIDE = "/cto-or-head-of-ai/"
COUNTED = "SELECT coalesce(sum(number), 0) FROM funnel_count WHERE step = 'landing'"


@pytest.fixture
def site() -> Iterator[RunningSite]:
    with RunningSite() as running:
        yield running


def visit(site: RunningSite, times: int) -> None:
    for _ in range(times):
        assert ask(site, GUIDE, headers={"User-Agent": CHROME}).status == 200


def counted(site: RunningSite) -> int:
    return int(site.database.query(COUNTED)[0][0])


def test_nothing_is_lost_when_it_is_stopped(site: RunningSite) -> None:
    visit(site, 25)

    site.stop()

    assert counted(site) == 25
    assert "Traceback" not in site.log


def test_a_worker_that_is_replaced_loses_nothing_and_one_that_is_killed_no_more_than_its_buffer(
    site: RunningSite,
) -> None:
    visit(site, 5)
    wait_for(lambda: counted(site) == 5)
    visit(site, 5)

    for pid in site.worker_pids():
        os.kill(pid, signal.SIGTERM)
    wait_for(lambda: counted(site) == 10)
    wait_for(lambda: site.log.count("Worker ready") == 4)
    for pid in site.worker_pids():
        os.kill(pid, signal.SIGKILL)

    assert counted(site) == 10


def test_what_was_counted_while_the_database_was_gone_is_written_when_it_is_back(site: RunningSite) -> None:
    visit(site, 3)
    wait_for(lambda: counted(site) == 3)
    logged = len(site.log)
    site.database.take_away()
    visit(site, 20)
    wait_for(lambda: "Counted steps wait for the database" in site.log_since(logged))

    site.database.bring_back()

    wait_for(lambda: counted(site) == 23, seconds=30)
    lines = [line for line in site.log_since(logged).splitlines() if "Counted steps" in line]
    assert len(lines) <= 4
    assert "Traceback" not in site.log
