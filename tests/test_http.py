"""What every room's views share: whole pages and fragments, calm pages for what went wrong, and compression."""

import gzip
import logging
import socket
import sys
from collections.abc import Callable
from io import BytesIO
from typing import Any, NoReturn
from wsgiref.util import setup_testing_defaults

import brotli
import pytest
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import path
from pytest_django import DjangoAssertNumQueries

from advisor import http, posts, urls
from advisor.compression import CompressionMiddleware
from advisor.http import HeadMiddleware
from advisor.leads.models import Lead
from advisor.logs import shorten_record
from advisor.wsgi import application
from tests.assessment.addresses import LANDING, PAGES, call, result
from tests.assessment.reading import Page, text_of
from tests.assessment.soundness import flaws
from tests.conftest import ANSWERS, CALL, new_client

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def broken(request: HttpRequest) -> NoReturn:
    raise RuntimeError("a detail that is nobody's business")


def without_database(request: HttpRequest) -> NoReturn:
    raise {"operational": OperationalError, "interface": InterfaceError}[request.GET["kind"]]("the database has gone")


def forbidden(request: HttpRequest) -> NoReturn:
    raise PermissionDenied("a detail that is nobody's business")


def suspicious(request: HttpRequest) -> NoReturn:
    raise SuspiciousOperation("a detail that is nobody's business")


urlpatterns = [
    path("broken/", broken),
    path("without-database/", without_database),
    path("forbidden/", forbidden),
    path("suspicious/", suspicious),
    *urls.urlpatterns,
]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
here = pytest.mark.urls("tests.test_http")


@pytest.fixture
def visitor() -> Client:
    """A browser; what goes wrong on the server is an answer to it and no exception."""
    client = new_client()
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    ("headers", "is_whole"),
    [
        ({}, True),
        ({"HX-Request": "true"}, False),
        ({"HX-Request": "false"}, True),
        ({"HX-Request": "true", "HX-Boosted": "true"}, True),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, True),
        ({"HX-Boosted": "true"}, True),
    ],
)
def test_a_fragment_is_only_for_htmx_that_asks_for_what_changes(
    visitor: Client,
    headers: dict[str, str],
    is_whole: bool,  # noqa: FBT001
) -> None:
    page = Page(visitor.get("/privacy/", headers=headers))

    assert page.is_whole is is_whole
    assert page.title == "Privacy"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "status"),
    [
        (lambda request: http.bad_request(request, BadRequest()), 400),
        (lambda request: http.forbidden(request, PermissionDenied()), 403),
        (lambda request: posts.csrf_failure(request, "no cookie"), 403),
        (lambda request: http.not_found(request, Http404()), 404),
        (http.server_error, 500),
        (lambda request: http.unavailable(request, OperationalError()), 503),
    ],
    ids=["bad request", "forbidden", "no token", "not found", "error", "unavailable"],
)
def test_the_page_for_what_went_wrong_is_whole_and_needs_no_database(
    rf: RequestFactory, django_assert_num_queries: DjangoAssertNumQueries, page: Any, status: int
) -> None:
    request = rf.get("/somewhere/")

    with django_assert_num_queries(0):
        answer = page(request)

    read = Page(answer)
    assert answer.status_code == status
    assert read.is_whole
    assert flaws(read) == []
    assert ("/" in [href for _, href in read.links()]) or read.all("header//a")
    assert settings.CONTACT_EMAIL in read.text("main")


@pytest.mark.parametrize(
    ("method", "offers"), [("get", ["Try again", "Go to the front page"]), ("put", ["Go to the front page"])]
)
def test_a_page_that_cannot_be_shown_now_is_asked_for_again_by_one_press(
    rf: RequestFactory, method: str, offers: list[str]
) -> None:
    request = getattr(rf, method)("/somewhere/?with=answers")

    for answer in (http.server_error(request), http.unavailable(request, OperationalError())):
        read = Page(answer)
        assert [text_of(link) for link in read.all("p[@class='actions']/a")] == offers
        # An empty reference is this very address.
        assert ("Try again", "") in read.links() or "Try again" not in offers
    assert "Try again" not in http.not_found(request, Http404()).content.decode()


@pytest.mark.parametrize("missing", ["assets", "footer"])
def test_the_page_for_what_went_wrong_is_there_without_collected_static_files(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    def no_manifest() -> NoReturn:
        raise ValueError("Missing staticfiles manifest entry for 'advisor.css'")

    monkeypatch.setattr(http, missing, no_manifest)

    answer = http.server_error(rf.get("/"))

    assert answer.status_code == 500
    assert "Something went wrong on our side" in Page(answer).text("main")


def test_a_helpful_message_is_shown_and_any_other_is_not(rf: RequestFactory) -> None:
    request = rf.get("/")

    helpful = Page(http.not_found(request, http.HelpfulNotFound("Try <the> first question.")))
    other = Page(http.not_found(request, Http404("a detail that is nobody's business")))

    assert "Try <the> first question." in helpful.text("main")
    assert "nobody" not in other.html


def test_what_went_well_is_not_raised_to_a_warning() -> None:
    # As Django's own server writes it for every request.
    record = logging.makeLogRecord({"name": "django.server", "levelno": logging.INFO, "status_code": 200})

    assert shorten_record(record)
    assert record.levelno == logging.INFO


def test_who_asks_for_the_headers_gets_them_and_no_body(visitor: Client) -> None:
    response = HttpResponse("What a page says.")

    answer = HeadMiddleware(lambda _: response)(RequestFactory().head("/"))

    assert answer.content == b""
    assert answer["Content-Length"] == "17"


@here
def test_a_view_that_fails_is_logged_and_shows_nothing_of_it(visitor: Client, caplog: pytest.LogCaptureFixture) -> None:
    answer = visitor.get("/broken/")

    page = Page(answer)
    assert answer.status_code == 500
    assert page.text("h1") == "Something went wrong on our side"
    assert not [word for word in ("nobody", "RuntimeError", "Traceback", "test_http") if word in page.html]
    assert [record.exc_info is not None for record in caplog.records if record.levelno == logging.ERROR] == [True]


@here
@pytest.mark.parametrize("kind", ["operational", "interface"])
def test_a_view_that_cannot_reach_the_database_says_so_and_writes_one_line(
    visitor: Client, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    answer = visitor.get(f"/without-database/?kind={kind}")

    ours = [record for record in caplog.records if record.name == "advisor.http"]
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert Page(answer).text("h1") == "We cannot show this just now"
    assert [record.exc_info for record in ours] == [None]
    assert not [record for record in caplog.records if record.exc_info]


@here
@pytest.mark.parametrize(("address", "status"), [("/forbidden/", 403), ("/suspicious/", 400), ("/no/such/page", 404)])
def test_what_is_refused_is_refused_with_our_own_page(visitor: Client, address: str, status: int) -> None:
    answer = visitor.get(address)

    page = Page(answer)
    assert answer.status_code == status
    assert flaws(page) == []
    assert "nobody" not in page.html
    assert not answer.cookies
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_host_that_is_not_ours_is_refused(visitor: Client) -> None:
    answer = visitor.get(LANDING, headers={"Host": "evil.example"})

    page = Page(answer)
    assert answer.status_code == 400
    assert flaws(page) == []
    assert "evil.example" not in page.html


@pytest.mark.usefixtures("published")
def test_a_form_larger_than_anyone_types_is_not_taken(visitor: Client) -> None:
    answer = visitor.post(call(), CALL | {"key": "key-of-the-form", "message": "x" * 3_000_000})

    assert "it is too long" in Page(answer).errors[0]
    assert not Lead.objects.exists()


@here
def test_an_error_of_ours_holds_what_was_sent_but_no_password(visitor: Client) -> None:
    answer = visitor.post("/broken/?from=here", {"note": "Typed with <care>", "password": "secret", "key": "the-key"})

    page = Page(answer)
    assert answer.status_code == 500
    assert flaws(page) == []
    assert "Typed with <care>" in page.text("main")
    assert page.form.action == "/broken/?from=here"
    assert dict(page.form.pairs()).items() >= {"note": "Typed with <care>", "key": "the-key"}.items()
    assert "secret" not in page.html


@here
@pytest.mark.parametrize("address", ["/broken/", "/forbidden/", "/nowhere/at/all/"])
def test_another_site_puts_no_words_on_a_page_of_ours(address: str) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    answer = client.post(address, {"note": "Call this number"}, headers={"Origin": "https://evil.example"})

    assert "Call this number" not in answer.content.decode()


@here
def test_without_the_database_what_was_sent_is_held(visitor: Client) -> None:
    answer = visitor.post("/without-database/?kind=operational", {"note": "Typed\r\nwith care"})

    assert answer.status_code == 503
    assert dict(Page(answer).form.pairs())["note"].split() == ["Typed", "with", "care"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_address_that_is_used_in_the_wrong_way_says_so(visitor: Client, method: str) -> None:
    address = "/admin/logout/" if method == "GET" else LANDING

    answer = visitor.generic(method, address) if method == "POST" else through_calm(address)

    page = Page(answer)
    assert answer.status_code == 405
    assert flaws(page) == []
    assert "cannot be opened like this" in page.text("h1")


def through_calm(address: str) -> HttpResponse:
    """The answer of a view that takes forms only."""
    return http.ErrorPageMiddleware(lambda _: HttpResponseNotAllowed(["POST"]))(RequestFactory().get(address))


@pytest.mark.django_db
def test_a_view_that_is_to_show_a_form_only_cannot_write() -> None:
    with posts.nothing_is_written(), pytest.raises(posts.WriteRefusedError), transaction.atomic():
        Lead.objects.update(name="Another")
    with posts.nothing_is_written(), transaction.atomic():
        assert Lead.objects.count() == 0


FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nAda\r\n--x--\r\n'


def served(method: str, address: str, content_type: str, body: bytes = b"") -> tuple[int, str]:
    """Status and page as a server gets them from the application; an exception here is a bare 500 there."""
    location, _, query = address.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": location,
        "QUERY_STRING": query,
        "HTTP_HOST": "testserver",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    setup_testing_defaults(environ)
    statuses: list[str] = []
    response = application(environ, lambda status, headers, exc_info=None: statuses.append(status))  # type: ignore[arg-type]
    page = b"".join(response)
    response.close()
    return int(statuses[0].split()[0]), page.decode()


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    "charset", ["nonsense", "utf-16", "hex", "rot13", "undefined", "idna", "utf-7", "", "é", "x" * 99]
)
@pytest.mark.parametrize("kind", [FORM, PARTS])
def test_a_form_in_a_charset_that_nobody_uses_is_answered_with_our_own_page(kind: str, charset: str) -> None:
    body = b"name=Asker" if kind == FORM else PART

    status, page = served("POST", call(), f"{kind}; charset={charset}", body)

    assert status < 500
    assert page.startswith("<!doctype html>")


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("charset", ["nonsense", "utf-16", "hex", "rot13", "undefined", "idna"])
@pytest.mark.parametrize("address", [LANDING, result(ANSWERS["not-yet"]), "/healthz"])
def test_a_page_asked_for_in_a_charset_that_nobody_uses_is_answered(address: str, charset: str) -> None:
    status, _ = served("GET", address, f"text/plain; charset={charset}")

    assert status < 500


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", PART),
        ("multipart/form-data; boundary=", PART),
        ("multipart/form-data; boundary=\xff", PART),
        ("multipart/form-data; boundary=other", PART),
        (PARTS, PART.replace(b'name="name"', b"name*=nonsense''Asker")),
        (PARTS, PART.replace(b'name="name"', b"")),
        (PARTS, PART[:30]),
        ("application/x-www-form-urlencoded; charset*=nonsense''x", b"name=Asker"),
        ("application/json", b"{"),
        ("nonsense", b"\xff\xfe"),
        ("", b"name=Asker"),
        (FORM, b"name=%ff%fe&%00=%00&=&&;"),
        (FORM, b"&".join(b"name=Asker" for _ in range(2000))),
    ],
)
def test_a_form_that_is_none_is_answered_with_our_own_page(content_type: str, body: bytes) -> None:
    status, page = served("POST", call(), content_type, body)

    assert status < 500
    assert page.startswith("<!doctype html>")


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("accept", "encoding", "decompress"),
    [("gzip, br", "br", brotli.decompress), ("gzip, deflate, br, zstd", "zstd", zstd.decompress)],
)
@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_compressed_it_is_the_same_page_in_fewer_bytes(
    visitor: Client, address: str, accept: str, encoding: str, decompress: Callable[[bytes], bytes]
) -> None:
    plain, compressed = visitor.get(address), visitor.get(address, headers={"Accept-Encoding": accept})

    assert "Content-Encoding" not in plain
    assert compressed["Content-Encoding"] == encoding
    assert compressed["Content-Length"] == str(len(compressed.content))
    assert decompress(compressed.content) == plain.content
    assert len(compressed.content) < 0.6 * len(plain.content)


def through(response: HttpResponseBase, accept: str = "gzip, deflate, br, zstd") -> Any:
    """A response after it passed the middleware, for a client that says what it takes."""
    request = RequestFactory().get("/", headers={"Accept-Encoding": accept})
    return CompressionMiddleware(lambda _: response)(request)  # type: ignore[arg-type,return-value]


def html(length: int = 2000, **headers: str) -> HttpResponse:
    return HttpResponse(b"x" * length, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    "accept",
    [
        *("br", "gzip, br", "br, gzip", "gzip;q=1.0, br;q=0.5", "br;q=1.0", "br; q=0.001", "gzip,br;q=1", "gzip , br"),
        *("zstd;q=0, br", "gzip, deflate, br"),
    ],
)
def test_who_takes_brotli_gets_it(accept: str) -> None:
    answer = through(html(), accept)

    assert answer["Content-Encoding"] == "br"
    assert "Accept-Encoding" in answer["Vary"]


@pytest.mark.parametrize("accept", ["zstd", "gzip, deflate, br, zstd", "br;q=1.0, zstd;q=0.5"])
def test_who_takes_zstd_gets_that(accept: str) -> None:
    answer = through(html(), accept)

    assert answer["Content-Encoding"] == "zstd"
    assert answer["Content-Length"] == str(len(answer.content))
    assert zstd.decompress(answer.content) == b"x" * 2000


@pytest.mark.parametrize("accept", ["gzip", "gzip, deflate", "deflate, gzip;q=0.5", "gzip, br;q=0, deflate"])
def test_who_takes_gzip_alone_gets_that(accept: str) -> None:
    answer = through(html(), accept)

    assert answer["Content-Encoding"] == "gzip"
    assert answer["Content-Length"] == str(len(answer.content))
    assert gzip.decompress(answer.content) == b"x" * 2000
    assert "Accept-Encoding" in answer["Vary"]


@pytest.mark.parametrize(
    "accept",
    ["", "br;q=0", "br;q=0.0", "br; q=0.000", "gzip;q=0, br;q=0, deflate", "brotli", "abr", "*;q=0", "x-br", "x-gzip"],
)
def test_who_takes_neither_gets_the_page_as_it_is(accept: str) -> None:
    answer = through(html(), accept)

    assert "Content-Encoding" not in answer
    assert answer.content == b"x" * 2000
    assert "Accept-Encoding" in answer["Vary"]


@pytest.mark.parametrize(("length", "is_worth_it"), [(0, False), (499, False), (500, True)])
def test_what_is_small_stays_as_it_is(length: int, is_worth_it: bool) -> None:  # noqa: FBT001
    answer = through(html(length))

    assert ("Content-Encoding" in answer) is is_worth_it


@pytest.mark.parametrize(
    "response",
    [
        html(Content_Type="text/plain"),
        html(Content_Type="image/png"),
        html(Content_Encoding="gzip"),
    ],
)
def test_what_is_no_page_or_compressed_already_stays_as_it_is(response: HttpResponse) -> None:
    answer = through(response)

    assert answer.content == b"x" * 2000
    assert answer.get("Content-Encoding") in (None, "gzip")


def test_what_comes_in_pieces_stays_as_it_is() -> None:
    answer = through(StreamingHttpResponse([b"<p>", b"x" * 2000]))

    assert "Content-Encoding" not in answer
    assert b"".join(answer) == b"<p>" + b"x" * 2000


def test_no_test_reaches_another_machine() -> None:
    with pytest.raises(PermissionError, match=r"192\.0\.2\.1"), socket.socket() as connection:
        connection.connect(("192.0.2.1", 80))
