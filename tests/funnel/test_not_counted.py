"""What is not a step of a visitor: each request has a twin that differs in one thing alone, and is counted."""

from collections import Counter

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from advisor.content.previews import make_link
from advisor.funnel.buffer import buffer
from advisor.funnel.visitors import MAX_USER_AGENT_LENGTH, is_robot
from tests.assessment.addresses import LANDING, PAGES, call, question, result
from tests.assessment.reading import FRAGMENT
from tests.clock import NOW
from tests.conftest import ANSWERS
from tests.content.making import draft
from tests.funnel.walking import Browser, counted
from tests.load.visitors import CHROME

pytestmark = pytest.mark.usefixtures("published")

STEPS = {
    "landing": LANDING,
    "question": question("software"),
    "answer": question("software", "software=yes&asked=software"),
    "result": result(ANSWERS["fractional-cto"]),
    "call page": call(),
}
EACH = pytest.mark.parametrize("address", STEPS.values(), ids=STEPS)


@EACH
def test_the_twin_is_counted(visitor: Client, address: str) -> None:
    visitor.get(address, headers={"User-Agent": CHROME})

    assert len(buffer) > 0


@EACH
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Cache-Control": "max-age=0"}, id="loaded anew"),
        pytest.param({"Cache-Control": "no-cache", "Pragma": "no-cache"}, id="loaded anew past every cache"),
        pytest.param({"Sec-Purpose": "prefetch"}, id="fetched ahead"),
        pytest.param({"Sec-Purpose": "prefetch;prerender"}, id="rendered ahead"),
        pytest.param({"Purpose": "prefetch"}, id="fetched ahead, as it was said before"),
        pytest.param({"HX-Request": "true", "HX-History-Restore-Request": "true"}, id="gone back to with htmx"),
        pytest.param({"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}),
        pytest.param({"User-Agent": CHROME.replace("Chrome", "HeadlessChrome")}),
        pytest.param({"User-Agent": "curl/8.14.1"}),
        pytest.param({"User-Agent": ""}, id="without a name"),
    ],
)
def test_what_says_that_it_is_no_step_of_a_visitor_is_not_counted(
    visitor: Client, address: str, headers: dict[str, str]
) -> None:
    visitor.get(address, headers={"User-Agent": CHROME} | headers)

    assert len(buffer) == 0


@EACH
def test_who_asks_for_the_headers_only_is_not_counted(visitor: Client, address: str) -> None:
    visitor.head(address, headers={"User-Agent": CHROME})

    assert len(buffer) == 0


@EACH
def test_staff_are_not_counted(staff: Client, address: str) -> None:
    assert settings.SESSION_COOKIE_NAME in staff.cookies

    staff.get(address, headers={"User-Agent": CHROME})

    assert len(buffer) == 0


def test_whether_someone_is_staff_is_told_without_a_query_and_without_telling_caches_to_keep_pages_apart(
    staff: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = staff.get(LANDING, headers={"User-Agent": CHROME})

    assert "Cookie" not in answer["Vary"]


def test_the_cookie_of_the_form_does_not_make_one_staff(visitor: Client) -> None:
    browser = Browser(visitor)
    browser.open(call())
    assert settings.CSRF_COOKIE_NAME in visitor.cookies

    browser.open(LANDING)

    assert counted()["landing", "", ""] == 1


def test_drafts_are_not_counted(visitor: Client) -> None:
    link = make_link(guide=draft(), purpose="A test", by="editor", days=1, now=NOW)
    browser = Browser(visitor)

    for page in ("", "software/", "software/?software=yes&asked=software", f"result/?{ANSWERS['not-yet']}"):
        assert browser.open(f"/preview/{link.token}/{page}").status_code == 200

    assert len(buffer) == 0


def test_pages_that_say_what_is_wrong_are_not_counted(visitor: Client) -> None:
    browser = Browser(visitor)

    browser.open(question("software", "asked=software"))
    browser.open(result("software=perhaps&ai=no&both=ai"))
    browser.open("/no-such-guide/")
    browser.open(question("no-such-question"))
    browser.open(LANDING.rstrip("/") + "/?edition=99")

    assert len(buffer) == 0


def test_other_pages_are_not_counted(visitor: Client) -> None:
    for address in ("/privacy/", "/accessibility/", "/r/", "/healthz"):
        visitor.get(address, headers={"User-Agent": CHROME})

    assert len(buffer) == 0


def test_a_landing_that_is_come_back_to_with_answers_is_not_counted(visitor: Client) -> None:
    Browser(visitor).open(f"{LANDING}?{ANSWERS['not-yet']}")

    assert len(buffer) == 0


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_no_page_of_the_walk_asks_the_database_because_it_is_counted(
    visitor: Client, django_assert_num_queries: DjangoAssertNumQueries, address: str
) -> None:
    with django_assert_num_queries(0):
        visitor.get(address, headers={"User-Agent": CHROME})
        visitor.get(address, headers=FRAGMENT | {"User-Agent": CHROME})


PREVIEWS = [
    "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Microsoft Outlook 16.0.17328; ms-office; MSOffice 16)",
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Word 16.0.17328; Pro)",
    "Microsoft Office Existence Discovery",
    "Microsoft Office Protocol Discovery",
    "Microsoft-WebDAV-MiniRedir/10.0.22631",
    "Microsoft Data Access Internet Publishing Provider Protocol Discovery",
    "MacOutlook/16.78.23100802 (Intelx64 Mac OS X Version 14.0)",
    "Outlook-iOS/711.2620504.prod.iphone (3.34.0)",
    "LibreOffice/24.2",
    "Mozilla/5.0 (compatible; SafeLinks)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Slack-ImgProxy (+https://api.slack.com/robots)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "Microsoft Teams LinkPreview",
    "WhatsApp/2.23.20.0",
    "WhatsApp/2",
    "Signal-Desktop/7.0.0",
    "TelegramBot (like TwitterBot)",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "com.apple.WebKit.Networking/8618 CFNetwork/1494 Darwin/23.4.0",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
    "Mozilla/5.0 (compatible; Yahoo Link Preview; https://help.yahoo.com/kb/mail/yahoo-link-preview-SLN23615.html)",
    "Mozilla/5.0 (compatible; GoogleMessages; +https://support.google.com/webmasters/answer/10000000)",
    "Mozilla/5.0 (compatible; ZulipURLPreview/9.0; +https://zulip.com)",
    "mattermost-5.39",
    "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",
    "Pinterest/0.2 (+http://www.pinterest.com/)",
]


@pytest.mark.parametrize("name", PREVIEWS)
def test_a_program_that_shows_what_a_link_leads_to_is_no_visitor(visitor: Client, name: str) -> None:
    visitor.get(LANDING, headers={"User-Agent": name})

    assert len(buffer) == 0


@EACH
@pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender", "prefetch;anonymous-client-ip"])
def test_no_page_is_handed_out_ahead_so_that_it_is_asked_for_when_it_is_shown(
    visitor: Client, address: str, purpose: str
) -> None:
    ahead = visitor.get(address, headers={"User-Agent": CHROME, "Sec-Purpose": purpose})
    before = len(buffer)

    visitor.get(address, headers={"User-Agent": CHROME})

    assert (ahead.status_code, ahead["Cache-Control"], before) == (503, "no-store", 0)
    assert len(buffer) > 0


MOBILE = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    "name",
    [
        CHROME,
        f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {MOBILE}",
        "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        # A telephone of that make.
        CHROME.replace("Windows NT 10.0; Win64; x64", "Linux; Android 14; CUBOT NOTE 50"),
        # Browsers inside of other programs.
        CHROME.replace("Chrome/", "Teams/1.5.00.4689 Chrome/"),
        CHROME.replace("Chrome/", "Slack/4.41.105 Chrome/"),
        f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {MOBILE} [FBAN/FBIOS;FBAV/490.0.0.45]",
        f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {MOBILE} [LinkedInApp]/9.30",
        f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {MOBILE} [Pinterest/iOS]",
        f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {MOBILE} MicroMessenger/8.0.50",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.0",
    ],
)
def test_browsers_are_no_robots(name: str) -> None:
    assert not is_robot(name)


def test_a_name_of_any_length_costs_no_more_than_a_long_one(visitor: Client) -> None:
    before = is_robot.cache_info().misses

    for length in (MAX_USER_AGENT_LENGTH, MAX_USER_AGENT_LENGTH + 1, 60_000):
        visitor.get(LANDING, headers={"User-Agent": "x" * length})

    assert is_robot.cache_info().misses == before + 1
    assert counted() == Counter({("landing", "", ""): 3})
