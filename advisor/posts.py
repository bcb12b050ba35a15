"""Refused forms: the page shows a form again, filled in, when Django refuses it before the view sees it.

Django refuses a form with a wrong CSRF token, and a form that it cannot read (``advisor.unreadable_posts``). Neither is
a fault of what was typed. So the view is called all the same, with ``request.refusal`` set. A view marked with
``shows_again`` shows the form with what was sent, a new token and the reason, and must not act on it. As a second
safeguard, the database refuses writes meanwhile.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.db import connections
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import (
    REASON_BAD_ORIGIN,
    REASON_BAD_REFERER,
    REASON_CSRF_TOKEN_MISSING,
    REASON_INSECURE_REFERER,
    REASON_MALFORMED_REFERER,
    REASON_NO_CSRF_COOKIE,
    REASON_NO_REFERER,
)

from advisor.http import UNREACHABLE, error_page, unavailable


@dataclass(frozen=True)
class PostRefusal:
    """Why a form was refused."""

    reason: str
    """In words that can follow a colon."""
    key: str = ""
    """The name of this refusal in the login form; "" if it does not outlast a login."""
    contents: str = "Everything you entered is still here."
    """How much of the form is still there."""
    advice: str = ""
    status: int = 403
    """The status of the error page, which is shown if there is no form to show."""
    is_foreign: bool = False
    """Whether another site sent the form, or may have. Such a form is not kept through a login."""
    is_partial: bool = False
    """Whether fields at the end of the form may be missing. A missing field does not count as empty."""

    @property
    def to_visitors(self) -> str:
        return self._message("Nothing was sent yet", f"{self.contents} Please look at it and send it again.")

    @property
    def to_staff(self) -> str:
        return self._message("Nothing was saved yet", f"{self.contents} Please look at it and save it again.")

    @property
    def of_an_action(self) -> str:
        """For a button that was pressed without anything typed."""
        return self._message("Nothing was done yet", "If you still want it, please do it again.")

    def _message(self, what: str, then: str) -> str:
        return " ".join(filter(None, [f"{what}: {self.reason}", then, self.advice]))


COOKIE_GONE = PostRefusal(
    reason=(
        "your browser did not send the cookie that protects the form. Perhaps it was deleted while the page was open."
    ),
    advice="If this comes back, please allow cookies for this site.",
)
COOKIE_RENEWED = PostRefusal(
    reason=(
        "the cookie that protects the form was renewed since you opened this page. That happens when someone logs in "
        "in another tab of your browser."
    ),
)
ORIGIN_UNKNOWN = PostRefusal(
    reason="your browser did not say that the form comes from this site.",
    advice="If this comes back, an extension or a setting of your browser is in the way.",
)
LOGGED_OUT = PostRefusal(reason="you were logged out while you worked.")
CONFIRMED_FIRST = PostRefusal(
    key="confirmed-first", reason="this asks for a login that is not half an hour old, and yours was older."
)

PARTLY = "What could be read is still here."
TOO_LARGE = PostRefusal(
    key="too-large",
    is_partial=True,
    reason=(
        f"it is too long. It can have about {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000} million characters."
    ),
    contents="What you entered is still here; only very long texts were cut.",
    status=413,
)
TOO_MANY_FIELDS = PostRefusal(
    key="too-many-fields",
    is_partial=True,
    reason=f"it has more than {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields.",
    contents=PARTLY,
    status=400,
)
TOO_MANY_FILES = PostRefusal(
    key="too-many-files", is_partial=True, reason="it has too many files.", contents=PARTLY, status=400
)
NOT_READABLE = PostRefusal(
    key="not-readable", is_partial=True, reason="what your browser sent arrived damaged.", contents=PARTLY, status=400
)
KEPT_THROUGH_LOGIN = {
    refusal.key: refusal for refusal in (CONFIRMED_FIRST, TOO_LARGE, TOO_MANY_FIELDS, TOO_MANY_FILES, NOT_READABLE)
}
"""The refusals that still apply after the sender has logged in, by key."""

TOKEN_REASONS = re.compile(f"{re.escape(REASON_CSRF_TOKEN_MISSING)}|CSRF token from ")
ORIGIN_REASONS = (REASON_NO_REFERER, REASON_MALFORMED_REFERER, REASON_INSECURE_REFERER)
FOREIGN_REASONS = (REASON_BAD_ORIGIN.partition("%")[0], REASON_BAD_REFERER.partition("%")[0])


def refusal_for(request: HttpRequest, reason: str) -> PostRefusal:
    """Django's reason for refusing a form, in our words."""
    if reason.startswith(FOREIGN_REASONS):
        sender = _parts_of(request.META.get("HTTP_ORIGIN") or request.META.get("HTTP_REFERER", "")).netloc[:100]
        if sender:
            return PostRefusal(
                reason=f"the form came from another site, {sender}.",
                contents="Everything that came with it is here.",
                advice="If you did not fill it in yourself, close this page instead.",
                is_foreign=True,
            )
    if reason.startswith(FOREIGN_REASONS) or reason in ORIGIN_REASONS:
        return replace(ORIGIN_UNKNOWN, is_foreign=may_be_foreign(request))
    if reason == REASON_NO_CSRF_COOKIE or not TOKEN_REASONS.match(reason):
        return COOKIE_GONE
    return COOKIE_RENEWED


def may_be_foreign(request: HttpRequest) -> bool:
    """Whether a page of another site may have sent this form.

    Browsers say so in Sec-Fetch-Site, which no page can set. Older browsers send Origin. Without either, Django's check
    of the token decides, and over HTTPS the Referer.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in {"same-origin", "none"}
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    sender = request.headers.get("Origin") or request.headers.get("Referer")
    if not sender:
        return request.is_secure()
    parts = _parts_of(sender)
    return f"{parts.scheme}://{parts.netloc}" not in ours


def _parts_of(address: str) -> SplitResult:
    """The parts of an address; all of them "" if it cannot be read."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def refusal_of(request: HttpRequest) -> PostRefusal | None:
    """Why the form of this request may only be shown; None if the view may act on it."""
    return getattr(request, "refusal", None)


def say_refusal(request: HttpRequest, form: BaseForm) -> None:
    """Make a form that may only be shown invalid, with the reason above it."""
    if refusal := refusal_of(request):
        form.add_error(None, refusal.to_visitors)


def shows_again[**P, R](view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that only shows what was sent if the request has a refusal.

    Put it innermost, so that every decorator around it passes the mark on.
    """
    view.shows_again = True  # type: ignore[attr-defined]
    return view


def may_show_again(view: Callable[..., Any]) -> bool:
    return getattr(view, "shows_again", False)


def as_opened(request: HttpRequest) -> None:
    """Turn a request into the GET that opens its page."""
    request.method = "GET"
    request.POST = QueryDict()


class WriteRefusedError(Exception):
    """A view tried to write although it was called only to show a form."""


READS = re.compile(r"\s*\(?\s*(SELECT|WITH|BEGIN|SAVEPOINT|RELEASE|ROLLBACK|PRAGMA|SET|SHOW)\b", re.IGNORECASE)


@contextmanager
def nothing_is_written() -> Iterator[None]:
    """Every database refuses writes in this context: an attempt raises ``WriteRefusedError``."""

    def only_reads(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        if not READS.match(statement):
            raise WriteRefusedError(statement[:60])
        return execute(statement, *rest)

    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(only_reads))
        yield


def show_again(request: HttpRequest, refusal: PostRefusal) -> HttpResponse:
    """Let the page that a form was sent to show it again. The admin blocks writes by itself."""
    # The CSRF check does not run again in the view, as the view does not act on the form.
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
    """Django's ``CSRF_FAILURE_VIEW``: called for a form that fails the CSRF check."""
    return show_again(request, refusal_for(request, reason))
