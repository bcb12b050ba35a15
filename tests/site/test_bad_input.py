"""Addresses and forms that no page of ours makes: each gets a helpful answer, and none of them an exception.

``%00`` is a null byte, ``%ff`` is broken UTF-8.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.server import RunningSite
from tests.site.client import URLENCODED, Answer, OpenForm, ask, document, follow, open_form, typed_into, words
from tests.site.walks import CTO, FOLLOW_UP, GUIDE, ONE_LEADER

LONG = "x" * 10_000
HEADER = "x" * 8_000
"""As long as a header may be; above that the server itself refuses it."""
EDITION = "names an edition of the guide that does not exist"
NO_GUIDE = "There is no guide at this address"
NO_QUESTION = "no such question"
MISTYPED = "mistyped"
NOWHERE = "nothing at this address"
NOT_READ = "could not read"

# What is wrong in a query string, and the field of the first question that it is said beside.
WRONG_ANSWERS = {
    "a choice that does not exist": ("software=maybe", "software"),
    "a choice of another question": ("software=both", "software"),
    "two different choices": ("software=yes&software=no", "software"),
    "ten thousand characters as a choice": (f"software={LONG}", "software"),
    "a null byte as a choice": ("software=%00", "software"),
    "a null byte behind a choice": ("software=yes%00", "software"),
    "broken UTF-8 as a choice": ("software=%ff%fe", "software"),
    "half a surrogate as a choice": ("software=%ed%a0%80", "software"),
    "markup as a choice": ("software=%3Cscript%3Ealert(1)%3C/script%3E", "software"),
    "a signal that does not exist": ("software=yes&signal=flat-tyre", "signal"),
    "ten thousand characters as a signal": (f"software=yes&signal={LONG}", "signal"),
    "a null byte as a signal": ("software=yes&signal=%00", "signal"),
    "broken UTF-8 as a signal": ("software=yes&signal=%ff", "signal"),
    "none of another question's signals": ("software=yes&signal=none.both", "signal"),
    "none and some": ("software=yes&signal=messy-stack&signal=none.software", "signal"),
}
# What is wrong in a query string and concerns no question: it is passed over.
PASSED_OVER = {
    "a choice said twice": "software=yes&software=yes",
    "a signal ticked twice": "software=yes&signal=messy-stack&signal=messy-stack",
    "an unknown parameter": "colour=green",
    "a name with a null byte": "%00=yes",
    "a name in broken UTF-8": "%ff=%ff",
    "a tag of ten thousand characters": f"utm_source={LONG}",
    "a tag with a null byte": "utm_source=%00",
    "a tag in broken UTF-8": "ref=%ff",
    "a line break in a tag": "utm_source=a%0d%0aSet-Cookie:%20a=b",
    "many tags": "&".join(f"utm_{letter}=1" for letter in "abcdefghijklmnopqrstuvwxyz"),
    "asked for nothing": "asked=%00",
    "nothing but separators": "&&&==&",
}
WRONG_EDITIONS = [
    "0",
    "2",
    "-1",
    "1.0",
    "one",
    "9" * 4_000,
    LONG,
    "%00",
    "1%00",
    "%ff",
    "%D9%A1",
    "%2B1",
    "1%20or%201=1",
]
THE_WALK = {
    "landing": f"/{GUIDE}/",
    "question": f"/{GUIDE}/software/",
    "follow-up": f"/{GUIDE}/{FOLLOW_UP}/",
    "result": f"/{GUIDE}/result/",
    "call": f"/{GUIDE}/call/",
}
# Addresses with nothing behind them, and what is said there.
NOWHERE_TO_GO = {
    "/no-such-guide/": NO_GUIDE,
    f"/no-such-guide/result/?{CTO.query}": NO_GUIDE,
    f"/no-such-guide/call/?{CTO.query}": NO_GUIDE,
    "/no-such-guide/software/": NO_GUIDE,
    f"/{LONG}/": NO_GUIDE,
    "/%00/": NOWHERE,
    "/%ff/": NOWHERE,
    "/%ed%a0%80/": NOWHERE,
    "/..%2f..%2fetc%2fpasswd": NOWHERE,
    "/static/no-such-file.css": NOWHERE,
    "/static/%00": NOWHERE,
    "/static/..%2f..%2fadvisor/settings.py": NOWHERE,
    "/favicon.ico": NOWHERE,
    f"/{GUIDE}/no-such-question/": NO_QUESTION,
    f"/{GUIDE}/{LONG}/": NO_QUESTION,
    f"/{GUIDE}/%00/": NOWHERE,
    f"/{GUIDE}/software/%ff/": NOWHERE,
    f"/{GUIDE}/call/thanks/no-such-key/": "no request with this address",
    f"/{GUIDE}/call/thanks/{LONG}/": "no request with this address",
    f"/{GUIDE}/call/thanks/%00/": NOWHERE,
    "/no-such-guide/call/thanks/no-such-key/": "no request with this address",
    "/r/AAA-AAA-AAA/": MISTYPED,
    "/r/AAA-AAA-AAA": MISTYPED,
    f"/r/{LONG}/": MISTYPED,
    "/r/%ff/": MISTYPED,
    "/r/%F0%9F%98%80/": MISTYPED,
    "/r/?code=AAA-AAA-AAA": MISTYPED,
    f"/r/?code={LONG}": MISTYPED,
    "/r/?code=%ff": MISTYPED,
    "/r/?code=%CC%81%CC%81%CC%81%CC%81": MISTYPED,
    "/no-such-guide/together/": "no guide at this address",
    f"/{GUIDE}/together/?code=AAA-AAA-AAA": MISTYPED,
    f"/{GUIDE}/together/?code={LONG}": MISTYPED,
    f"/{GUIDE}/together/?code=%ff&code=%00a": MISTYPED,
    f"/{GUIDE}/together/?code=https://[broken": MISTYPED,
}


@dataclass
class Log:
    """What the server writes while a test runs."""

    site: RunningSite
    start: int = field(init=False)

    def __post_init__(self) -> None:
        self.start = len(self.site.log)

    def assert_calm(self) -> None:
        log = self.site.log_since(self.start)

        assert "Traceback" not in log
        assert "ERROR" not in log


@pytest.fixture
def log(site: RunningSite) -> Log:
    return Log(site)


def said(answer: Answer) -> str:
    """What a page says; that it is one of our pages, valid and with a way on, is checked on the way."""
    tree = document(answer.text)
    assert tree.find("body/main//h1") is not None
    assert list(tree.find("body").iter("a"))
    return words(tree.find("body/main"))


def named_as_wrong(tree: Any) -> set[str]:
    """The fields that the summary of a page with errors links to; each is marked as wrong itself."""
    assert words(tree.find("head/title")).startswith("Error:")
    summary = next(element for element in tree.iter() if element.get("role") == "alert")
    linked = {link.get("href") for link in summary.iter("a")}
    invalid = {f"#{element.get('id')}" for element in tree.iter() if element.get("aria-invalid") == "true"}
    assert words(summary)
    assert linked <= invalid
    return linked


def everywhere(cases: dict[str, Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases.values(), ids=cases)


@everywhere(WRONG_ANSWERS)
@pytest.mark.parametrize("address", ["question", "result", "call"])
def test_a_wrong_answer_is_named_on_its_question(
    site: RunningSite, log: Log, address: str, case: tuple[str, str]
) -> None:
    query, name = case
    asked = "&asked=software" if address == "question" else "&ai=no&both=software"

    answer = follow(site, f"{THE_WALK[address]}?{query}{asked}")

    assert answer.status == 200
    said(answer)
    assert named_as_wrong(document(answer.text)) == {f"#id_{name}_0"}
    log.assert_calm()


@everywhere(WRONG_ANSWERS | {name: (query, "") for name, query in PASSED_OVER.items()})
@pytest.mark.parametrize("htmx", [False, True], ids=["whole", "fragment"])
@pytest.mark.parametrize("address", THE_WALK)
def test_whatever_is_wrong_is_answered_calmly(
    site: RunningSite, log: Log, address: str, case: tuple[str, str], *, htmx: bool
) -> None:
    headers = {"HX-Request": "true"} if htmx else {}

    answer = ask(site, f"{THE_WALK[address]}?{case[0]}", headers=headers)

    assert answer.status in {200, 302}
    assert "<script>alert" not in answer.text
    assert "\n" not in answer.location
    log.assert_calm()


@everywhere(PASSED_OVER)
def test_what_concerns_no_question_does_not_get_in_the_way(site: RunningSite, log: Log, case: str) -> None:
    answer = follow(site, f"{CTO.result}&{case}")

    assert answer.status == 200
    assert document(answer.text).find("body/main").get("data-outcome") == CTO.outcome
    log.assert_calm()


@pytest.mark.parametrize("edition", WRONG_EDITIONS, ids=lambda edition: edition[:12])
@pytest.mark.parametrize("address", THE_WALK)
def test_an_edition_that_does_not_exist_is_said_to_be_missing(
    site: RunningSite, log: Log, address: str, edition: str
) -> None:
    answer = ask(site, f"{THE_WALK[address]}?{CTO.query}&edition={edition}")

    assert answer.status == 404
    assert EDITION in said(answer)
    log.assert_calm()


@pytest.mark.parametrize(("path", "message"), NOWHERE_TO_GO.items(), ids=lambda value: value[:50])
def test_where_nothing_is_the_visitor_is_told_so(site: RunningSite, log: Log, path: str, message: str) -> None:
    answer = follow(site, path)

    assert answer.status == 404
    assert message in said(answer)
    log.assert_calm()


@pytest.mark.parametrize("path", ["/r/%00/", "/r/?code=%00", "/r/?code=%00%20%00", "/r/?code="])
def test_a_code_of_nothing_is_asked_for_again(site: RunningSite, log: Log, path: str) -> None:
    answer = ask(site, path)

    assert answer.status in {200, 404}
    assert "Result code" in said(answer)
    log.assert_calm()


def test_the_code_of_another_guide_is_said_to_be_from_elsewhere(site: RunningSite, log: Log) -> None:
    # Guide 7, edition 1, and any answers; the last symbol is the check symbol that goes with them.
    codes = [f"72{answers}{check}" for answers in ("00000", "2222222") for check in "02346789FKMQRWXYL"]

    answers = [ask(site, f"/r/{code}/") for code in codes]

    assert {answer.status for answer in answers} == {404}
    assert sum("belongs to a guide or an edition that is not here" in said(answer) for answer in answers) == 2
    log.assert_calm()


def test_a_query_of_a_thousand_parameters_is_answered(site: RunningSite, log: Log) -> None:
    answer = ask(site, f"/{GUIDE}/software/?{'&'.join(['signal=messy-stack'] * 1_500)}")

    assert answer.status in {200, 400}
    said(answer)
    log.assert_calm()


WRONG_HOSTS = {
    "another site": "evil.example.com",
    "a space": "a b",
    "nothing": "",
    "five thousand characters": "x" * 5_000,
    "half an address": "[::1",
    "markup": "<script>alert(1)</script>",
}
SOME_ADDRESSES = {
    "front page": "/",
    "result": CTO.result,
    "call": CTO.call,
    "code": "/r/",
    "nowhere": "/nothing/at/all/here/",
    "staff": "/admin/login/",
}


@everywhere(WRONG_HOSTS)
@pytest.mark.parametrize("address", SOME_ADDRESSES)
def test_a_wrong_host_is_refused_without_a_fuss(site: RunningSite, log: Log, address: str, case: str) -> None:
    answer = ask(site, SOME_ADDRESSES[address], headers={"Host": case})

    assert answer.status == 400
    assert NOT_READ in said(answer)
    log.assert_calm()


WRONG_HEADERS = {
    "a referrer that is no address": {"Referer": "http://[broken"},
    "a long referrer": {"Referer": "https://" + HEADER},
    "a long cookie": {"Cookie": "csrftoken=" + HEADER},
    "a cookie in another alphabet": {"Cookie": "csrftoken=\xff; sessionid=\xfe"},
    "a session that is none": {"Cookie": "sessionid=" + "0" * 32},
    "a long language": {"Accept-Language": HEADER},
    "a language that is none": {"Accept-Language": "x-\xff,,;q=a"},
    "compression that is none": {"Accept-Encoding": "br;q=nonsense, *;q=9"},
    "a fragment for an address that is none": {"HX-Request": "true", "HX-Current-URL": "http://[broken"},
    "a fragment for broken UTF-8": {
        "HX-Request": "true",
        "HX-Current-URL": "%ff",
        "HX-Current-URL-URI-AutoEncoded": "true",
    },
    "perhaps a fragment": {"HX-Request": "maybe"},
    "an unknown charset": {"Content-Type": "text/html; charset=nonsense"},
    "a charset that is not for text": {"Content-Type": "text/html; charset=hex"},
    "a proxy that is none": {"X-Forwarded-Proto": "nonsense", "X-Forwarded-Host": "evil.example.com"},
    "versions that are none": {"If-None-Match": '"', "If-Modified-Since": "yesterday"},
    "a part that is none": {"Range": "bytes=9-1"},
}


@everywhere(WRONG_HEADERS)
@pytest.mark.parametrize("address", ["front page", "result", "call"])
def test_a_header_that_makes_no_sense_does_no_harm(
    site: RunningSite, log: Log, address: str, case: dict[str, str]
) -> None:
    answer = ask(site, SOME_ADDRESSES[address], headers=case)

    assert answer.status == 200
    log.assert_calm()


# The form for a call: a field, and what is sent in it that cannot be kept.
WRONG_FIELDS = {
    "no name": ("name", ""),
    "a name of spaces": ("name", "   "),
    "ten thousand characters as a name": ("name", LONG),
    "a null byte in the name": ("name", "a\x00b"),
    "a line break in the name": ("name", "a\r\nBcc: b"),
    "no address": ("email", ""),
    "an address without an at": ("email", "nobody"),
    "two addresses": ("email", "a@example.com, b@example.com"),
    "an address of 300 characters": ("email", "a" * 290 + "@example.com"),
    "a null byte in the address": ("email", "a\x00@example.com"),
    "a line break in the address": ("email", "a@example.com\nBcc: b@example.com"),
    "no company": ("company", ""),
    "ten thousand characters as a company": ("company", LONG),
    "ten thousand characters as a role": ("job_title", LONG),
    "ten thousand characters as a number": ("phone", LONG),
    "a size that does not exist": ("employees", "a dozen"),
    "ten thousand characters as a size": ("employees", LONG),
    "ten thousand characters as a message": ("message", LONG),
    "a null byte in the message": ("message", "a\x00b"),
    "ten thousand characters as a time": ("availability", LONG),
    "no consent": ("consent", ""),
    "no key": ("key", ""),
    "a key of ten thousand characters": ("key", LONG),
    "a key with a null byte": ("key", "a\x00bcdefgh"),
    "a key in another alphabet": ("key", "ключ-ключ"),
}


@everywhere(WRONG_FIELDS)
def test_a_field_that_cannot_be_kept_is_named_and_nothing_else_is_lost(
    site: RunningSite, log: Log, case: tuple[str, str]
) -> None:
    name, value = case
    form = open_form(site, CTO.call)
    others = form.filled()
    del others["csrfmiddlewaretoken"], others["key"]
    if name == "key":
        # It is of that key alone.
        del others["stamp"]

    answer = form.send(site, **{name: value})

    assert answer.status == 200
    tree = document(answer.text)
    # The key is not to be seen, so there is nothing to lead to.
    assert named_as_wrong(tree) == ({f"#id_{name}"} if name != "key" else set())
    typed = typed_into(tree)
    assert {other: text for other, text in typed.items() if other in others and other != name} == {
        other: text for other, text in others.items() if other != name
    }
    assert_nothing_kept(site, form)
    log.assert_calm()


def assert_nothing_kept(site: RunningSite, form: OpenForm) -> None:
    assert site.database.query("SELECT count(*) FROM leads_submission WHERE key = ?", form.hidden["key"]) == [(0,)]


@dataclass(frozen=True)
class Body:
    """Bytes that no browser makes of our form."""

    content_type: str
    body: bytes


FILLED = urlencode({"name": "Dibinātāja", "email": "founder@example.com", "company": "K", "consent": "on"}).encode()
WRONG_BODIES = {
    "an unknown charset": Body(f"{URLENCODED}; charset=nonsense", FILLED),
    "a charset with a null byte": Body(f"{URLENCODED}; charset=a%00b", FILLED),
    "a charset that is not for text": Body(f"{URLENCODED}; charset=base64", FILLED),
    "a charset that decodes nothing": Body(f"{URLENCODED}; charset=undefined", FILLED),
    "a charset for host names": Body(f"{URLENCODED}; charset=idna", FILLED),
    "another charset": Body(f"{URLENCODED}; charset=utf-16", FILLED),
    "no type": Body("", FILLED),
    "JSON": Body("application/json", b'{"name": "The founder"}'),
    "broken UTF-8": Body(URLENCODED, b"name=%ff%fe&email=\xff\xfe&company=%ed%a0%80&consent=on"),
    "nothing": Body(URLENCODED, b""),
    "more fields than a form can have": Body(URLENCODED, b"&".join([b"name=a"] * 1_500)),
    "three million characters": Body(URLENCODED, b"message=" + b"x" * 3_000_000),
    "multipart without a boundary": Body("multipart/form-data", FILLED),
    "multipart with an empty boundary": Body("multipart/form-data; boundary=", FILLED),
    "multipart with a boundary in another alphabet": Body("multipart/form-data; boundary=\xff", FILLED),
    "multipart that ends in the middle": Body(
        "multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nIl'
    ),
    "multipart with a header that makes no sense": Body(
        "multipart/form-data; boundary=x", b"--x\r\nContent-Disposition\r\n\r\nIlze\r\n--x--\r\n"
    ),
    "multipart in base64 that is none": Body(
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="name"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!\r\n--x--\r\n",
    ),
    "a file in place of a field": Body(
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="name"; filename="a"\r\n\r\nIlze\r\n--x--\r\n',
    ),
    "multipart with an unknown charset": Body(
        "multipart/form-data; boundary=x; charset=nonsense",
        b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nIlze\r\n--x--\r\n',
    ),
}


@everywhere(WRONG_BODIES)
@pytest.mark.parametrize("with_token", [False, True], ids=["without a token", "with a token"])
def test_a_body_that_cannot_be_read_is_refused_calmly(
    site: RunningSite, log: Log, case: Body, *, with_token: bool
) -> None:
    form = open_form(site, CTO.call)
    token = {"X-CSRFToken": form.hidden["csrfmiddlewaretoken"]} if with_token else {}
    headers = {**form.headers(case.content_type), **token}

    answer = ask(site, form.path, method="POST", headers=headers, body=case.body)

    assert answer.status in {200, 400, 403, 413}
    said(answer)
    assert_nothing_kept(site, form)
    log.assert_calm()


@everywhere(WRONG_BODIES)
@pytest.mark.parametrize("address", SOME_ADDRESSES)
def test_a_body_where_none_is_expected_does_no_harm(site: RunningSite, log: Log, address: str, case: Body) -> None:
    headers = {"Content-Type": case.content_type}

    answer = ask(site, SOME_ADDRESSES[address], method="POST", headers=headers, body=case.body)

    # What takes a form shows it again.
    assert answer.status in ({200} if address in {"call", "staff"} else {400, 403, 404, 405, 413})
    if answer.body:
        document(answer.text)
    log.assert_calm()


def test_a_form_from_another_site_is_refused_with_a_way_on(site: RunningSite, log: Log) -> None:
    form = open_form(site, CTO.call)
    body = urlencode(form.filled()).encode()

    without_cookie = ask(site, form.path, method="POST", headers={"Content-Type": URLENCODED}, body=body)
    from_elsewhere = ask(
        site,
        form.path,
        method="POST",
        headers={**form.headers(), "Origin": "https://evil.example.com"},
        body=body,
    )

    assert without_cookie.status == from_elsewhere.status == 200
    assert "allow cookies" in said(without_cookie)
    assert "another site, evil.example.com" in said(from_elsewhere)
    assert_nothing_kept(site, form)
    log.assert_calm()


def test_a_call_without_all_answers_is_asked_for_them_first(site: RunningSite, log: Log) -> None:
    answer = follow(site, f"/{GUIDE}/call/?software=yes&ai=no")

    assert answer.status == 200
    assert 'name="both"' in answer.text
    log.assert_calm()


def test_a_follow_up_that_is_not_asked_leads_on(site: RunningSite, log: Log) -> None:
    answer = follow(site, f"/{GUIDE}/{FOLLOW_UP}/?{CTO.query}")

    assert document(answer.text).find("body/main").get("data-outcome") == CTO.outcome
    log.assert_calm()


def test_a_result_without_the_follow_up_asks_it(site: RunningSite, log: Log) -> None:
    asked = {page: answers for page, answers in ONE_LEADER.pages.items() if page != FOLLOW_UP}

    answer = follow(site, f"/{GUIDE}/result/?{'&'.join(asked.values())}")

    assert 'name="team-size"' in answer.text
    log.assert_calm()
