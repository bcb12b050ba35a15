"""Whether a result fits: said of each reason without a name, counted once, and a line kept for those who write."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from advisor.assessment.fit import MAX_LINE_LENGTH, all_reasons, given_reasons
from advisor.assessment.visit import visit_with
from advisor.content.editions import LoadedEdition
from advisor.content.models import Guide
from advisor.content.previews import make_link
from advisor.feedback import actions
from advisor.feedback.data_policy import WHETHER_IT_FITS
from advisor.feedback.models import MAX_PER_NETWORK, Ballot, Line, Tally, VotingDay
from advisor.limits.networks import wide_network_of
from tests.assessment.addresses import result
from tests.assessment.reading import FRAGMENT, Page, Response, read, read_sent
from tests.assessment.soundness import flaws
from tests.clock import NOW
from tests.conftest import ANSWERS, GUIDE
from tests.decision.answer_sets import said
from tests.load.visitors import CHROME

pytestmark = pytest.mark.usefixtures("published")

QUERY = ANSWERS["fractional-cto"]
FORM = f"/{GUIDE}/result/fit/?{QUERY}&edition=1"
SIGNAL = "signal.messy-stack"
MONDAY = NOW.date() - timedelta(days=NOW.weekday())


def send(
    client: Client, fields: dict[str, str], *, address: str = FORM, come_from: str = "192.0.2.1", **more: Any
) -> Response:
    """The answer to the form, sent by a browser in some network."""
    headers = {"User-Agent": CHROME, "Sec-Fetch-Site": "same-origin"} | more.pop("headers", {})
    sent = urlencode(fields)
    return client.generic(
        "POST", address, sent, "application/x-www-form-urlencoded", headers=headers, REMOTE_ADDR=come_from, **more
    )


def counted(reason: str = SIGNAL) -> tuple[int, int, int]:
    """What was counted of one reason: it fits, it does not, and beyond the bounds."""
    found = Tally.objects.filter(reason=reason).values_list("fits", "does_not", "not_counted")
    return found[0] if found else (0, 0, 0)


def test_whoever_reads_a_result_says_what_fits_and_is_thanked(visitor: Client) -> None:
    page = read(visitor, result(QUERY))
    form = next(form for form in page.all("form") if form.get("method") == "post")
    legends = [legend.text for legend in form.iter("legend")]
    assert len(legends) == 4
    assert form.get("action") == FORM

    answer = send(visitor, {SIGNAL: "fits", "rule.4": "not", "line": " We  have no stack yet.\u200b "})
    thanks = read_sent(visitor, answer)

    assert "Thank you." in thanks.text("main")
    assert flaws(thanks) == []
    assert counted() == (1, 0, 0)
    assert list(Tally.objects.filter(fits=1).values_list("guide", "edition", "outcome", "week")) == [
        (GUIDE, 1, "fractional-cto", MONDAY)
    ]
    (line,) = Line.objects.all()
    assert (line.text, line.outcome, line.edition, line.day) == (
        "We have no stack yet.",
        "fractional-cto",
        1,
        NOW.date(),
    )
    # A line says of the result as a whole that it does not fit.
    assert counted("") == (0, 1, 0)


def test_nothing_of_it_needs_a_cookie_and_the_result_asks_the_database_nothing(
    visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    read(visitor, result(QUERY))
    with django_assert_num_queries(0):
        read(visitor, result(QUERY))
        read(visitor, FORM)

    send(visitor, {SIGNAL: "fits"})

    assert not visitor.cookies
    assert counted() == (1, 0, 0)


@pytest.mark.parametrize("query", ANSWERS.values(), ids=ANSWERS)
def test_every_sentence_under_why_can_be_voted_on_and_is_named_by_its_edition(
    visitor: Client, published: LoadedEdition, query: str
) -> None:
    page = read(visitor, result(query))

    reasons = given_reasons(published.guide, visit_with(published, said(query)).recommendation)

    why = next(section for section in page.all("section") if section.get("aria-labelledby") == "why")
    words = " ".join("".join(why.itertext()).split())
    asked = {box.get("name") for box in page.all("input") if box.get("type") == "radio"}
    assert asked == reasons.keys()
    for text in reasons.values():
        assert text.split(". ")[0].split("*")[0].strip(".") in words
    assert reasons.items() <= all_reasons(published.guide).items()


def test_who_changes_their_mind_is_counted_once_with_what_they_said_last(visitor: Client) -> None:
    for verdict in ("fits", "fits", "not"):
        send(visitor, {SIGNAL: verdict})

    assert counted() == (0, 1, 0)
    assert Ballot.objects.count() == 1


def test_a_network_counts_three_times_a_day_with_other_answers_and_again_tomorrow(visitor: Client) -> None:
    others = [
        "signal=messy-stack",
        "signal=messy-stack&signal=fundraising",
        "signal=messy-stack&signal=first-vp-engineering",
    ]
    others += ["signal=messy-stack&signal=directionless-team"]
    addresses = [FORM.replace("signal=messy-stack", other) for other in others]

    for address in addresses:
        # Any address of the network is the same network.
        send(visitor, {SIGNAL: "fits"}, address=address, come_from="192.0.2.77")

    assert counted() == (MAX_PER_NETWORK, 0, 1)
    send(visitor, {SIGNAL: "fits"}, come_from="192.0.3.1")
    assert counted() == (MAX_PER_NETWORK + 1, 0, 1)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        send(visitor, {SIGNAL: "fits"}, come_from="192.0.2.77")
    assert sum(Tally.objects.filter(reason=SIGNAL).values_list("fits", flat=True)) == MAX_PER_NETWORK + 2


def test_no_more_count_in_an_hour_than_may(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MAX_PER_HOUR", 2)

    for number in range(4):
        send(visitor, {SIGNAL: "fits"}, come_from=f"198.51.{number}.1")
    assert counted() == (2, 0, 2)

    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        send(visitor, {SIGNAL: "fits"}, come_from="198.51.9.1")
    assert counted() == (3, 0, 2)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "", "Origin": "https://elsewhere.example.com"},
        {"Sec-Fetch-Site": "", "Origin": "null"},
        {"Sec-Fetch-Site": "", "Referer": "https://elsewhere.example.com/page"},
    ],
    ids=str,
)
def test_what_another_site_sends_is_refused(visitor: Client, headers: dict[str, str]) -> None:
    answer = send(visitor, {SIGNAL: "not", "line": "Forged"}, headers=headers)

    assert answer.status_code == 403
    assert "It came from another site" in Page(answer).text("main")
    assert not Tally.objects.exists()
    assert not Line.objects.exists()


def test_the_votes_of_staff_and_of_robots_do_not_count(editor: Client, visitor: Client) -> None:
    answers = [
        send(editor, {SIGNAL: "not"}),
        send(visitor, {SIGNAL: "not"}, headers={"User-Agent": "curl/8.5"}),
        send(visitor, {SIGNAL: "not"}, headers={"User-Agent": ""}),
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert not Tally.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Please say of a reason whether it fits, or write a line."),
        ({"line": " \u200b "}, "Please say of a reason"),
        ({"line": "Look at https://spam.example.com"}, "Please leave out links and e-mail addresses."),
        ({"line": "Look at www.spam.com"}, "Please leave out links"),
        ({"line": "Look at spam.example/offer"}, "Please leave out links"),
        ({"line": "Write to me@example.com, please"}, "Please leave out links"),
        ({"line": "x" * (MAX_LINE_LENGTH + 1)}, "200"),
        ({"line": "one\ntwo"}, "line break"),
        ({SIGNAL: "perhaps"}, ""),
    ],
    ids=str,
)
@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["whole", "fragment"])
def test_what_cannot_be_taken_is_shown_again_with_what_was_chosen(
    visitor: Client, fields: dict[str, str], words: str, headers: dict[str, str]
) -> None:
    answer = send(visitor, {"rule.4": "not"} | fields if words and fields else fields, headers=headers)
    page = Page(answer, FORM)

    assert "no-store" in answer["Cache-Control"]
    assert page.title.startswith("Error: ")
    assert words in " ".join(page.errors)
    assert len(page.errors) == 1
    if page.is_whole:
        assert flaws(page) == []
    assert [value for value in page.ticked if value[1] not in {"fits", "not"}] == []
    assert not Tally.objects.exists()
    assert not Line.objects.exists()


def test_a_reason_that_this_result_does_not_give_is_not_counted(visitor: Client) -> None:
    send(visitor, {SIGNAL: "fits", "signal.ai-risks": "not", "rule.999": "not", "": "not"})

    assert list(Tally.objects.values_list("reason", "fits", "does_not")) == [(SIGNAL, 1, 0)]


def test_lines_are_bounded_and_nobody_loses_theirs_without_a_word(visitor: Client) -> None:
    for number in range(MAX_PER_NETWORK):
        send(visitor, {"line": f"Line {number}"})
    send(visitor, {"line": "Line 0"})  # a second press

    page = Page(send(visitor, {SIGNAL: "fits", "line": "One more"}), FORM)

    assert "So many lines came" in " ".join(page.errors)
    assert page.one("input[@name='line']").get("value") == "One more"
    assert (SIGNAL, "fits") in page.ticked
    assert Line.objects.count() == MAX_PER_NETWORK
    assert counted() == (0, 0, 0)
    assert "Thank you." in read_sent(visitor, send(visitor, {SIGNAL: "fits"})).text("main")
    assert counted() == (1, 0, 0)


def test_what_tells_networks_apart_goes_with_its_key_and_the_sums_stay(visitor: Client, settings: Settings) -> None:
    send(visitor, {SIGNAL: "fits", "line": "Not us."}, come_from="203.0.113.9")
    (day,) = VotingDay.objects.all()
    stored = " ".join(str(row) for model in (VotingDay, Ballot, Tally, Line) for row in model.objects.values())
    assert "203.0.113" not in stored
    assert QUERY not in stored

    forget(NOW + timedelta(days=1))
    assert VotingDay.objects.exists()
    forget(NOW + timedelta(days=2))
    assert not VotingDay.objects.exists()
    assert not Ballot.objects.exists()
    assert counted() == (1, 0, 0)
    assert Line.objects.exists()

    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        send(visitor, {SIGNAL: "fits"}, come_from="203.0.113.9")
    assert VotingDay.objects.get().key != day.key
    forget(NOW + timedelta(days=settings.KEEP_LINES_DAYS + 1))
    assert not Line.objects.exists()


@pytest.mark.parametrize(
    ("address", "forwarded", "network"),
    [
        ("203.0.113.9", "", "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "", "2001:db8:1::/48"),
        ("", "", ""),
        ("127.0.0.1", "", "127.0.0.0/24"),
        # What stands before the address that our own proxy added, anyone can send.
        ("127.0.0.1", "198.51.100.7, 93.184.216.34", "93.184.216.0/24"),
        ("127.0.0.1", "93.184.216.34:4711", "93.184.216.0/24"),
        ("127.0.0.1", "2606:2800:220:1::1", "2606:2800:220::/48"),
        ("127.0.0.1", "nonsense", ""),
    ],
)
def test_a_vote_is_told_from_others_by_its_network(
    rf: RequestFactory, settings: Settings, address: str, forwarded: str, network: str
) -> None:
    settings.TRUSTED_PROXIES = 1 if forwarded else 0

    request = rf.post("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR=address)

    assert wide_network_of(request) == network


def forget(now: Any) -> None:
    """What the policy of the room takes at that instant."""
    for rule in WHETHER_IT_FITS.rules:
        rule.remove(rule.due(rule.cutoff(now)))


def test_a_draft_asks_nothing(visitor: Client, db: None) -> None:
    token = make_link(guide=Guide.objects.get(key=GUIDE), by="editor", purpose="", days=7, now=NOW).token

    page = read(visitor, f"/preview/{token}/result/?{QUERY}")

    assert "Does this fit you?" not in page.text("main")


def test_without_complete_answers_there_is_nothing_to_say(visitor: Client) -> None:
    response = visitor.get(f"/{GUIDE}/result/fit/?software=yes", follow=True)

    assert response.redirect_chain[-1][0].startswith(f"/{GUIDE}/ai/?software=yes")


def test_while_the_database_is_down_the_form_opens_and_a_vote_is_answered_calmly(visitor: Client) -> None:
    read(visitor, result(QUERY))
    with patch("django.db.models.sql.compiler.SQLCompiler.execute_sql", side_effect=OperationalError("gone")):
        assert visitor.get(FORM).status_code == 200
        assert send(visitor, {SIGNAL: "fits"}).status_code == 503
