"""What those who run the site can know of it: its log as JSON, which names nobody, and its figures."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from logging import ERROR, LogRecord
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from advisor.environment import env, token
from advisor.limits.stamps import stamp_of
from advisor.logs import MAIL_ADDRESS, JsonFormatter, LineFormatter, without_people, without_what_was_sent
from tests.clock import CLOCK, NOW
from tests.environment import ROOT
from tests.hostile.addresses import every_address
from tests.server import RunningSite, environment, wait_for
from tests.site.client import Answer, OpenForm, ask, new_key, open_form
from tests.site.hosting import add_host, free
from tests.site.walks import CTO, GUIDE

pytestmark = pytest.mark.once

TOKEN = "a-token-that-only-the-monitoring-knows"
NETWORK = "203.0.113.77"
OF_THE_PROXY = "0123456789abcdef0123456789abcdef"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
"""When a form was shown that nobody opened in this test, so that nobody has to wait for it."""

PERSON = {
    "name": "Aspazija Rozenberga",
    "email": "aspazija@rozenberga.example.com",
    "company": "Rozenberga Dzirnavas",
    "phone": "+371 2612 3456",
    "message": "Whom do we need first?",
}
LOGIN = {"username": "the-chief-of-staff", "password": "kept-nowhere-but-in-this-test"}

MAKE_STAFF = f"""
from django.contrib.auth import get_user_model
get_user_model().objects.create_superuser({LOGIN["username"]!r}, "chief@rozenberga.example.com", {LOGIN["password"]!r})
"""


@dataclass
class Story:
    """What happened on a site, and what it wrote."""

    site: RunningSite
    secrets: set[str] = field(default_factory=set)
    """What no line may have in it."""
    answers: list[Answer] = field(default_factory=list)
    worker_log: str = ""

    def ask(self, path: str, *, method: str = "GET", body: dict[str, str] | None = None, **headers: str) -> Answer:
        """As the proxy in front hands it on."""
        sent = {"X-Forwarded-For": f"198.51.100.1, {NETWORK}"} | {
            name.replace("_", "-"): headers[name] for name in headers
        }
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        encoded = urlencode(body).encode() if body is not None else None
        answer = ask(self.site, path, method=method, headers=sent, body=encoded)
        self.answers.append(answer)
        return answer

    def send(self, form: OpenForm, **fields: str) -> Answer:
        return self.ask(form.path, method="POST", body=form.hidden | fields, Cookie=form.cookie)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.site.log + self.worker_log).splitlines()]

    @property
    def processes(self) -> set[int]:
        """Those that have answered somebody."""
        return {line["process"] for line in self.lines if line["logger"] == "advisor.requests"}

    def figures(self, **headers: str) -> dict[str, dict[tuple[str, ...], float]]:
        """Each figure by its name, and its values by those of its labels."""
        answer = ask(self.site, "/metrics", headers={"Authorization": f"Bearer {TOKEN}"} | headers)
        assert answer.status == 200
        found: dict[str, dict[tuple[str, ...], float]] = {}
        for family in text_string_to_metric_families(answer.text):
            for sample in family.samples:
                found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
        return found


def book(story: Story) -> None:
    """Somebody walks through the guide and books a call, after a first try that was too fast; then they look at it."""
    for page in CTO.pages:
        story.ask(CTO.at(page), X_Request_ID=OF_THE_PROXY)
    story.ask(CTO.result)
    form, slot = open_form(story.site, CTO.call), free(story.site)[0]
    key = new_key()
    filled = PERSON | {"consent": "on", "zone": "Europe/Riga", "slot": slot, "key": key}
    assert story.send(form, **filled).status == 200
    booked = story.send(form, **filled, stamp=stamp_of(key, now=LONG_AGO))
    assert booked.status == 302, booked.text
    assert story.ask(booked.location).status == 200
    ((token,),) = story.site.database.query("SELECT token FROM booking_call")
    own = f"/calls/{token}/"
    assert story.ask(own).status == story.ask(f"{own}change/").status == 200
    story.secrets |= {key, str(token), form.cookie.partition("=")[2], form.hidden["csrfmiddlewaretoken"]}


def work(story: Story) -> None:
    """A member of staff mistypes the password, logs in and searches for a person."""
    form = open_form(story.site, "/admin/login/")
    assert story.send(form, **LOGIN | {"password": "kept-nowhere-mistyped"}).status == 200
    entered = story.send(form, **LOGIN)
    assert entered.status == 302
    (session,) = re.findall(r"sessionid=(\w+)", " ".join(entered.headers.get_all("Set-Cookie", [])))
    found = story.ask(f"/admin/leads/lead/?{urlencode({'q': PERSON['name']})}", Cookie=f"sessionid={session}")
    assert PERSON["company"] in found.text
    story.secrets |= {session, *LOGIN.values(), "kept-nowhere-mistyped"}


def fail(story: Story) -> None:
    """What goes wrong, and what people send who mean no good."""
    mail = PERSON["email"]
    story.ask(f"/{mail}/")
    story.ask(f"/calls/{'x' * 22}/?email={mail}")
    story.ask(f"/?email={mail}", Host=mail)
    story.ask("/admin/login/", method="POST", body=LOGIN, Origin=f"https://{mail}")
    story.ask(CTO.call, method="PUT", X_Request_ID=mail)
    story.site.database.restore("ALTER TABLE booking_call RENAME TO booking_call_away")
    assert story.ask(CTO.call).status == 200
    story.site.database.restore("ALTER TABLE booking_call_away RENAME TO booking_call")


@pytest.fixture(scope="module")
def story() -> Iterator[Story]:
    """A day on a site, in short."""
    variables = {"JSON_LOGS": "on", "METRICS_TOKEN": TOKEN, "TRUSTED_PROXIES": "1", "FORM_LIMITS": "on"}
    with RunningSite(variables=variables) as site:
        add_host(site)
        site.manage("shell", "--no-imports", "--command", MAKE_STAFF)
        story = Story(site, {NETWORK, "198.51.100.1", CTO.query, "software=yes", "?", *PERSON.values()})
        book(story)
        work(story)
        fail(story)
        wait_for(lambda: story.ask("/privacy/").status == 200 and len(story.processes) == 2)
        worker = subprocess.run(
            [sys.executable, "manage.py", "deliver", "--once"],
            cwd=ROOT,
            env=environment(site.database, clock=site.clock, **variables),
            capture_output=True,
            text=True,
            check=True,
        )
        story.worker_log = worker.stderr
        yield story


def test_every_line_is_json_and_names_nobody(story: Story) -> None:
    text = story.site.log + story.worker_log
    words = {word.casefold() for secret in story.secrets for word in [secret, *re.findall(r"\w{6,}", secret)]}

    seen = {line.get("view") for line in story.lines}

    assert {"question", "result", "call", "own-call", "admin:login", "admin:leads_lead_changelist"} <= seen, seen
    assert {line["logger"] for line in story.lines} >= {
        "advisor.accounts.audit",
        "advisor.booking.views",
        "advisor.delivery.worker",
        "django.request",
        "django.security.DisallowedHost",
        "gunicorn.error",
    }
    assert {word for word in words if word in text.casefold()} == set()


def test_every_line_about_a_request_has_its_id_and_so_has_the_answer(story: Story) -> None:
    answered = {line["request_id"] for line in story.lines if line["logger"] == "advisor.requests"}
    inside = {"django.request", "django.security.DisallowedHost", "advisor.accounts.audit", "advisor.booking.views"}

    ids = [answer.headers["X-Request-ID"] for answer in story.answers]

    assert ids.count(OF_THE_PROXY) == len(CTO.pages)
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)
    assert set(ids) <= answered
    assert {line["request_id"] for line in story.lines if line["logger"] in inside} <= answered


def test_figures_are_for_who_has_the_token_by_whatever_name_they_ask(story: Story) -> None:
    stranger = ask(story.site, "/metrics")
    guess = ask(story.site, "/metrics", headers={"Authorization": "Bearer a-token-that-somebody-guessed"})

    figures = story.figures(Host="10.0.0.5:8000")

    assert (stranger.status, guess.status) == (401, 401)
    assert stranger.headers["WWW-Authenticate"] == "Bearer"
    assert "advisor_" not in stranger.text + guess.text
    assert figures["advisor_database_up"] == {(): 1}


def is_of_a_machine(view: str) -> bool:
    return view.endswith((".healthz", ".metrics"))


def test_the_processes_count_together_and_count_everything_once(story: Story) -> None:
    answered = [line for line in story.lines if line["logger"] == "advisor.requests"]
    lines = [line for line in answered if not is_of_a_machine(line["view"])]

    figures = story.figures()

    requests = figures["advisor_requests_total"].items()
    assert sum(number for labels, number in requests if not any(map(is_of_a_machine, labels))) == len(lines)
    assert figures["advisor_request_seconds_count"]["question",] == len(CTO.pages)
    assert figures["advisor_leads_total"] == figures["advisor_calls_booked_total"] == {(): 1}
    assert figures["advisor_refusals_total"] == {("form, time",): 1}


def test_what_the_database_says_is_there_and_nothing_is_made_up_without_it(story: Story) -> None:
    figures = story.figures()
    story.site.database.take_away()
    without = story.figures()
    story.site.database.bring_back()

    # Both letters wait for their next attempt; nothing else is due.
    assert figures["advisor_outbox_due_messages"] == figures["advisor_outbox_oldest_seconds"] == {(): 0}
    assert NOW.timestamp() < figures["advisor_worker_seen_timestamp_seconds"][()] < CLOCK.now().timestamp() + 1
    assert without["advisor_database_up"] == {(): 0}
    assert figures["advisor_edition_live"] == without["advisor_edition_live"] == {(GUIDE,): 1}
    assert not any(name.startswith(("advisor_outbox", "advisor_worker")) for name in without)


def test_every_query_of_the_dashboard_and_of_the_handbook_asks_for_figures_that_there_are(story: Story) -> None:
    dashboard = json.loads((ROOT / "docs/grafana.json").read_text(encoding="utf-8"))
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    handbook = (
        (ROOT / "docs/operations.md").read_text(encoding="utf-8").partition("### Figures")[2].partition("\n## ")[0]
    )
    figures = story.figures()
    (views,) = {views for query in queries for views in re.findall(r'view=~"([^"]+)"', query)}

    assert len(queries) > 12
    assert {name for query in queries for name in re.findall(r"advisor_\w+", query)} <= figures.keys()
    assert set(re.findall(r"advisor_\w+", handbook)) <= figures.keys()
    described = set(re.findall(r"^\| `(advisor_\w+)`", handbook, re.MULTILINE))
    assert described == {name for name in figures if not name.endswith(("_bucket", "_sum"))}
    assert set(views.split("|")) <= {address.name for address in every_address()}


def test_without_a_token_nothing_is_counted_and_nothing_is_at_the_address(visitor: Client) -> None:
    assert visitor.get("/metrics").status_code == 404
    assert not [name for name in settings.MIDDLEWARE if "observing" in name]


@pytest.mark.parametrize("value", ["short", "with a blank, and long enough"])
def test_a_token_that_could_be_guessed_or_not_be_sent_stops_the_process(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setitem(env.ENVIRON, "METRICS_TOKEN", value)

    with pytest.raises(ImproperlyConfigured, match="METRICS_TOKEN is 20 to 200 letters") as refused:
        token("METRICS_TOKEN")

    assert value not in str(refused.value)


def test_an_error_is_named_by_its_type_and_place_and_not_by_its_words() -> None:
    try:
        try:
            raise KeyError(PERSON["email"])
        except KeyError as error:
            raise ValueError(f"Failing row contains ({PERSON['name']})") from error
    except ValueError as error:
        record = LogRecord("advisor", 40, __file__, 1, "It failed", None, (ValueError, error, error.__traceback__))

    line = json.loads(JsonFormatter().format(record))

    assert line["error"] == ["builtins.ValueError", "builtins.KeyError"]
    assert line["at"][0].endswith("test_an_error_is_named_by_its_type_and_place_and_not_by_its_words")
    assert not any(word in json.dumps(line) for word in PERSON.values())


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("calendar-3-stale-20261127-host@example.com was sent", "… was sent"),
        ("from 203.0.113.77, 2001:db8::7 and ::ffff:203.0.113.77", "from …, … and …"),
        ("Listening at: http://127.0.0.1:8000 since 14:00:05", "Listening at: http://127.0.0.1:8000 since 14:00:05"),
        ("Edition 1.2.3 of tzdata 2026.6", "Edition 1.2.3 of tzdata 2026.6"),
        ("GET /cto/result/?software=yes&ai=no failed", "GET /cto/result/?… failed"),
        ("Why? Because.", "Why? Because."),
    ],
)
def test_a_line_keeps_what_is_about_nobody(said: str, written: str) -> None:
    assert without_people(said) == written


def test_a_path_of_a_hundred_thousand_letters_is_read_once() -> None:
    """From each of its letters on it would be ten billion steps, and the run would be given up before they are over."""
    said = f"Not Found: /{'a' * 100_000}/"

    assert without_people(said) == said
    assert MAIL_ADDRESS.match("asker@example.com", 1) is None


def test_the_stack_trace_of_an_error_names_nobody() -> None:
    try:
        raise ValueError("Key (email)=(asker@example.com) exists, from 203.0.113.7")
    except ValueError:
        record = LogRecord("advisor", ERROR, "", 0, "It failed", None, sys.exc_info())

    written = LineFormatter("{message}", style="{").format(record)

    assert "ValueError: Key (email)=(…) exists, from …" in written


@pytest.mark.parametrize("path", ["/Jānis-Kalniņš/", "/a%5Cb-Kalnins/"])
def test_json_names_no_path_that_somebody_typed(visitor: Client, path: str, caplog: pytest.LogCaptureFixture) -> None:
    visitor.get(path)
    # Django compares the page that a form came from where the address is safe.
    Client(enforce_csrf_checks=True).post(
        "/admin/login/", secure=True, headers={"referer": f"https://elsewhere.example.com/{quote(path)}"}
    )

    records = [record for record in caplog.records if record.name.startswith("django.")]
    lines = [JsonFormatter().format(record) for record in records if without_what_was_sent(record)]
    assert len(lines) >= 2
    assert not [line for line in lines if "Kalni" in line or "elsewhere" in line]
