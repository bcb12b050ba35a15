"""A form that is refused before its page sees it is shown again by that page, filled in, and nothing is done with it.

Django refuses a form whose token is not the one of the cookie, and one that it cannot read. Neither says anything about
what was typed. So the view is called all the same, with ``request.refusal``: one that is marked with ``shows_again``
shows the form with what was sent, a new token and the reason, and must not act. As a second lock, the database takes no
writes while it does.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import connections
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.middleware.csrf import (
    REASON_BAD_ORIGIN,
    REASON_BAD_REFERER,
    REASON_CSRF_TOKEN_MISSING,
    REASON_INSECURE_REFERER,
    REASON_MALFORMED_REFERER,
    REASON_NO_CSRF_COOKIE,
    REASON_NO_REFERER,
)
from django.utils.datastructures import MultiValueDict

from advisor.http import UNREACHABLE, error_page, unavailable


@dataclass(frozen=True)
class Refusal:
    """Why a form was refused. ``because`` goes on after a colon; ``kept`` says what is still there of it."""

    because: str
    kept: str = "Everything you entered is still here."
    advice: str = ""
    status: int = 403
    """Of the page that says so where there is no form to show."""
    is_foreign: bool = False
    """Whether another site sent it."""

    @property
    def to_visitors(self) -> str:
        return self._told("Nothing was sent yet", f"{self.kept} Please look at it and send it again.")

    @property
    def to_staff(self) -> str:
        return self._told("Nothing was saved yet", f"{self.kept} Please look at it and save it again.")

    @property
    def of_an_action(self) -> str:
        """Where nothing was typed, and a button was pressed."""
        return self._told("Nothing was done yet", "If you still want it, please do it again.")

    def _told(self, what: str, then: str) -> str:
        return " ".join(filter(None, [f"{what}: {self.because}", then, self.advice]))


COOKIE_GONE = Refusal(
    because=(
        "your browser did not send the cookie that protects the form. Perhaps it was deleted while the page was open."
    ),
    advice="If this comes back, please allow cookies for this site.",
)
COOKIE_RENEWED = Refusal(
    because=(
        "the cookie that protects the form was renewed since you opened this page, as happens when someone logs in in "
        "another tab of your browser."
    ),
)
ORIGIN_UNKNOWN = Refusal(
    because="your browser did not say that the form comes from this site.",
    advice="If this comes back, an extension or a setting of your browser is in the way.",
)
LOGGED_OUT = Refusal(because="you were logged out while you worked.")

PARTLY = "What could be read of it is still here."
TOO_LARGE = Refusal(
    because=(
        f"it is too long. About {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000} million characters can be taken at "
        "once."
    ),
    kept="What you entered is still here; only a text that was very long was cut.",
    status=413,
)
TOO_MANY_FIELDS = Refusal(
    because=f"it has more than {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields.", kept=PARTLY, status=400
)
TOO_MANY_FILES = Refusal(because="it has too many files.", kept=PARTLY, status=400)
NOT_READABLE = Refusal(because="what your browser sent was damaged on its way.", kept=PARTLY, status=400)

TOKEN_REASONS = re.compile(f"{re.escape(REASON_CSRF_TOKEN_MISSING)}|CSRF token from ")
ORIGIN_REASONS = (REASON_NO_REFERER, REASON_MALFORMED_REFERER, REASON_INSECURE_REFERER)
FOREIGN_REASONS = (REASON_BAD_ORIGIN.partition("%")[0], REASON_BAD_REFERER.partition("%")[0])


def refusal_for(request: HttpRequest, reason: str) -> Refusal:
    """Why Django's check of the origin refuses a form, in words."""
    if reason.startswith(FOREIGN_REASONS):
        sender = _site_of(request.META.get("HTTP_ORIGIN") or request.META.get("HTTP_REFERER", ""))
        if sender:
            return Refusal(
                because=f"the form came from another site, {sender}.",
                kept="All that came with it is here.",
                advice="If you did not fill it in yourself, close this page instead.",
                is_foreign=True,
            )
        return ORIGIN_UNKNOWN
    if reason in ORIGIN_REASONS:
        return ORIGIN_UNKNOWN
    if reason == REASON_NO_CSRF_COOKIE or not TOKEN_REASONS.match(reason):
        return COOKIE_GONE
    return COOKIE_RENEWED


def _site_of(address: str) -> str:
    """The host in an address; "" where it has none."""
    with suppress(ValueError):
        return urlsplit(address).netloc[:100]
    return ""


def refusal_of(request: HttpRequest) -> Refusal | None:
    """Why the form of this request may only be shown; None for one that may be acted on."""
    return getattr(request, "refusal", None)


def say_refusal(request: HttpRequest, form: BaseForm) -> None:
    """Make a form invalid that may only be shown, and say why above it."""
    if refusal := refusal_of(request):
        form.add_error(None, refusal.to_visitors)


def shows_again[**P, R](view: Callable[P, R]) -> Callable[P, R]:
    """Marks a view that shows what was sent, and does nothing, where the request has a refusal.

    It stands next to the function, so that every decorator around it passes the mark on.
    """
    view.shows_again = True  # type: ignore[attr-defined]
    return view


def may_show_again(view: Callable[..., Any]) -> bool:
    return getattr(view, "shows_again", False)


class WriteRefusedError(Exception):
    """A view wanted to write although it was called to show a form only."""


READS = re.compile(r"\s*\(?\s*(SELECT|WITH|BEGIN|SAVEPOINT|RELEASE|ROLLBACK|PRAGMA|SET|SHOW)\b", re.IGNORECASE)


@contextmanager
def nothing_is_written() -> Iterator[None]:
    """Within it every database refuses to be written to. Raises ``WriteRefusedError`` where that is tried."""

    def only_reads(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        if not READS.match(statement):
            raise WriteRefusedError(statement[:60])
        return execute(statement, *rest)

    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(only_reads))
        yield


def show_again(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer of the page that a form was sent to, which shows it once more; the admin sees to that by itself."""
    # Not checked again further in: nothing is done with it.
    request.csrf_processing_done = True  # type: ignore[attr-defined]
    request.refusal = refusal  # type: ignore[attr-defined]
    match = request.resolver_match
    try:
        if match and match.app_name == "admin":
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
            return response
        if match and may_show_again(match.func):
            with nothing_is_written():
                shown: HttpResponse = match.func(request, *match.args, **match.kwargs)
                return shown
    except UNREACHABLE as error:
        return unavailable(request, error)
    return error_page(refusal.status, "We could not take that", refusal.to_visitors)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's hook for a form whose origin it could not make sure of."""
    return show_again(request, refusal_for(request, reason))


class Stream(Protocol):
    def read(self, size: int = ...) -> bytes: ...


MOST_READ = 32 * 2**20
"""Bytes that are read of a form that is too large. Whoever sends less gets an answer; of more the browser may show
nothing, as the connection is closed while it still sends.
"""
LONGEST_PAIR = 100_000
"""Bytes that are kept of each field of such a form."""
CHUNK = 2**16


class ReadablePostMiddleware:
    """Lets a form that Django cannot read, or will not as it is too large, be shown again as far as it can be read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if request.method != "POST":
            return None
        parts = _remember_parts(request)
        try:
            request.POST  # noqa: B018
        except RequestDataTooBig:
            refusal = TOO_LARGE
        except TooManyFieldsSent:
            refusal = TOO_MANY_FIELDS
        except TooManyFilesSent:
            refusal = TOO_MANY_FILES
        except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError, ValueError, LookupError):
            refusal = NOT_READABLE
        else:
            return None
        read = parts[0] if parts else _read_pairs(request)
        request.encoding = "utf-8"
        request.POST = read  # type: ignore[assignment]
        request._files = MultiValueDict()  # type: ignore[attr-defined]
        return show_again(request, refusal)


def _remember_parts(request: HttpRequest) -> list[QueryDict]:
    """A list that gets the fields of a form in parts as they are read, however far that goes."""
    parts: list[QueryDict] = []

    class RememberingParser(MultiPartParser):
        def _parse(self) -> Any:
            try:
                return super()._parse()  # type: ignore[misc]
            finally:
                parts.extend(filter(None, [getattr(self, "_post", None)]))

    request.multipart_parser_class = RememberingParser  # type: ignore[assignment]
    return parts


def _read_pairs(request: HttpRequest) -> QueryDict:
    """The fields of a form that is sent as one line, each cut where it is very long."""
    stream: Stream = BytesIO(request.body) if hasattr(request, "_body") else request
    pairs: list[bytes] = []
    with suppress(UnreadablePostError):
        pairs.extend(_pairs(stream))
    text = b"&".join(pairs)[: settings.DATA_UPLOAD_MAX_MEMORY_SIZE]
    return QueryDict(text.decode("utf-8", "replace") if request.content_type != "multipart/form-data" else "")


def _pairs(stream: Stream) -> Iterator[bytes]:
    """Each ``name=value``, as many as a form may have; a long one is cut, and the rest of it is passed over."""
    most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    rest, read, given = b"", 0, 0
    while read < MOST_READ and (chunk := stream.read(CHUNK)):
        read += len(chunk)
        *whole, rest = (rest + chunk).split(b"&")
        rest = rest[:LONGEST_PAIR]
        for pair in whole:
            if given < most:
                given += 1
                yield pair[:LONGEST_PAIR]
    if given < most and rest:
        yield rest
