"""What every room's views share: typed requests, whole pages and fragments, and the pages for what went wrong."""

import logging
import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from functools import cache, wraps
from typing import Any, ClassVar, Concatenate

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    UnreadablePostError,
)
from django.middleware.csrf import get_token
from django.template.loader import get_template, render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.csp import CSP, build_policy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

logger = logging.getLogger(__name__)


class HtmxHttpRequest(HttpRequest):
    """A request that passed ``HtmxMiddleware``."""

    htmx: HtmxDetails


class HelpfulNotFound(Http404):
    """Nothing is at this address; the message is written for the visitor and shown on the page."""


def wants_fragment(request: HtmxHttpRequest) -> bool:
    """Whether htmx asks for what changes, rather than a browser for a whole page."""
    if "HTTP_HX_REQUEST" not in request.META:
        # As nearly always; asked this way, the other headers need not be read.
        return False
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


@cache
def assets(*, htmx: bool = True) -> SafeString:
    """The style sheet, the icon and the scripts; the same for every page as long as the process lives."""
    return render_to_string("assets.html", {"htmx": htmx})


@cache
def footer() -> SafeString:
    """The links at the foot of every page."""
    return render_to_string("footer.html")


def render_page(
    request: HtmxHttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    parts: Collection[str] = (),
    render: Callable[[str, dict[str, Any]], str] = render_to_string,
) -> HttpResponse:
    """Render a template whole, or its partial ``page`` with the title when htmx asks for a fragment.

    ``parts`` are further partials, named like the element that htmx puts each in the place of. ``render`` makes the
    page of a template and a context; see ``skeletons``.
    The template sees ``context`` and nothing of the request, so that a page depends on its address alone.
    ``context`` has a ``title``; fields that are wrong put "Error:" before it. Search engines are kept from every page
    that is not ``indexable``, and a page that is ``without_htmx`` loads none.
    """
    if wants_fragment(request):
        title = format_html("<title>{}</title>", context["title"])
        part = request.htmx.target if request.htmx.target in parts else "page"
        content = title + render(f"{template}#{part}", {**context})
    else:
        htmx = not context.get("without_htmx")
        content = render(template, {**context, "assets": assets(htmx=htmx), "footer": footer()})
    response = HttpResponse(content, status=status)
    patch_vary_headers(response, ["HX-Request", *(["HX-Target"] if parts else [])])
    response["Cache-Control"] = FOR_ONE_VISITOR if context.get("csrf_token") else ASK_EACH_TIME
    if not context.get("indexable"):
        response["X-Robots-Tag"] = NOT_INDEXED
    return _forbid_caching(response)


def _forbid_caching(response: HttpResponse) -> HttpResponse:
    """What is missing now may be there in a moment: a style sheet while machines are updated one after the other. A
    proxy may keep such an answer for as long as it likes, unless it is told not to.
    """
    if response.status_code >= 400:
        response["Cache-Control"] = "no-store"
    return response


ASK_EACH_TIME = "no-cache"
"""For what depends on its address alone: anyone may keep it, and asks here before showing it, so that it is counted and
is the live edition. Nothing is kept by proxies that take this for a no, as nginx does.
"""

FOR_ONE_VISITOR = "private, no-cache"
"""For everything of which nothing else is said: no cache that is shared keeps it."""

NOT_INDEXED = "noindex, nofollow"
"""Answers stand in addresses, and whoever shares one shows it to those they trust and not to everyone who searches.
Links on such a page lead to more of them, one for each set of answers.
"""

PRIVATE_HEADERS = {
    "X-Robots-Tag": NOT_INDEXED,
    "Cache-Control": "private, no-store",
    # No request that begins on such a page says more than the name of this site.
    "Referrer-Policy": "strict-origin",
}


def keep_private(response: HttpResponse) -> HttpResponse:
    """The same response, for an address that is itself the key: not for caches, search engines or other sites."""
    for name, value in PRIVATE_HEADERS.items():
        response[name] = value
    return response


def followed_by_the_browser[**P](
    view: Callable[Concatenate[HtmxHttpRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A view whose form htmx sends. Where it redirects, the browser itself goes there, and not htmx in its place: Back
    then shows the form as it was left, with its key, so that what is sent again is the same request.
    """

    @wraps(view)
    def followed(request: HtmxHttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and wants_fragment(request) and isinstance(response, HttpResponseRedirect):
            return HttpResponseClientRedirect(response.url)
        return response

    return followed


def error_page(status: int, title: str, message: str, more: Mapping[str, Any] | None = None) -> HttpResponse:
    """A calm page that needs no database, no session and no user."""
    context = {"title": title, "message": message, "contact_email": settings.CONTACT_EMAIL, **(more or {})}
    # Without collected static files the page is plain; it must not fail over its looks.
    with suppress(ValueError):
        context |= {"assets": assets(), "footer": footer()}
    response = HttpResponse(get_template("error.html").render(context), status=status)
    response["X-Robots-Tag"] = NOT_INDEXED
    return _forbid_caching(response)


class DependencyDownError(Exception):
    """Something this page needs cannot be reached; raised where the rooms know, answered here."""


UNREACHABLE = (DependencyDownError, OperationalError, InterfaceError)
"""What is raised while the database is down."""


def unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    """The page for what cannot be had while the database is down; a form that was sent is held on it."""
    logger.error("%s cannot be shown now: %s", request.path, type(error).__name__)
    response = error_page_with_form(
        request,
        503,
        "We cannot show this just now",
        "Part of the site is not available at the moment. Please try again in a few minutes; nothing you did is lost.",
    )
    response["Retry-After"] = "60"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(
        400, "We could not read that", "Your browser sent something we could not read. Please go back and try again."
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    words = "You may not see this page with the account you are using."
    return error_page_with_form(request, 403, "This is not open to you", words, again=False)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    message = "There is nothing at this address. It may have been mistyped, or cut off when it was copied."
    if isinstance(exception, HelpfulNotFound):
        message = str(exception)
    return error_page_with_form(request, 404, "We could not find that page", message, again=False)


def server_error(request: HttpRequest) -> HttpResponse:
    title = "Something went wrong on our side"
    return error_page_with_form(request, 500, title, "It has been noted. Please try again in a few minutes.")


HIDDEN_FIELD_NAMES = re.compile(r"key|(.+-)?shown|(.+-)?(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS|_.*")
"""Fields that nobody typed."""


def sent_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What was sent with a form, in order, to be sent again: without its token, and without passwords."""
    with suppress(SuspiciousOperation, BadRequest, UnreadablePostError):
        return [
            (name, NOT_ALLOWED_IN_HTML.sub("", value))
            for name, values in request.POST.lists()
            for value in values
            if name != "csrfmiddlewaretoken" and "password" not in name.lower()
        ]
    return []


def error_page_with_form(
    request: HttpRequest, status: int, title: str, message: str, *, again: bool = True
) -> HttpResponse:
    """A calm page that holds what was sent with a form, to be read, and ``again`` to be sent again by one click; of a
    page that was only asked for, it asks once more.

    Nothing is held of a form that another site sent, which could put its own words on a page of ours.
    """
    refusal = getattr(request, "refusal", None)
    is_ours = getattr(request, "csrf_processing_done", False) and not (refusal and refusal.is_foreign)
    fields = sent_fields(request) if request.method == "POST" and is_ours else []
    if not fields:
        return error_page(status, title, message, {"again": again and request.method == "GET"})
    held = {
        "fields": fields,
        "typed": [(name, value) for name, value in fields if value.strip() and not HIDDEN_FIELD_NAMES.fullmatch(name)],
        "address": request.get_full_path(),
        "csrf_token": get_token(request) if again and not refusal else "",
        "has_files": request.content_type == "multipart/form-data",
    }
    return keep_private(error_page(status, title, message, held))


NOT_ALLOWED_IN_HTML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
"""Characters that HTML does not allow, however they are written."""


Respond = Callable[[HttpRequest], HttpResponse]
"""Answers a request: a view, with the middlewares around it."""


class Middleware:
    """Stands between a request and those who answer it; see ``MIDDLEWARE`` in the settings."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class HeadMiddleware(Middleware):
    """Sends no body to those who ask for the headers only; Gunicorn would drop it with a warning for each."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "HEAD" and not response.streaming:
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response


class HeadersMiddleware(Middleware):
    """What every answer says unless it says something else: who may keep it, who may show it, that no page of ours uses
    what a device can do, and the policy for content. Static files, which are anyone's, say the first by themselves.

    No page has a nonce, so the policy is the same for all of them; Django's own middleware writes it anew for each.
    """

    defaults: ClassVar[Mapping[str, str]] = {
        "Cache-Control": FOR_ONE_VISITOR,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        CSP.HEADER_ENFORCE.value: build_policy(settings.SECURE_CSP),
    }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.defaults.items():
            response.headers.setdefault(name, value)
        return response


class ErrorPageMiddleware(Middleware):
    """Answers 503 and writes one line where a view could not reach what it needs, instead of a stack trace.

    Whoever opens an address that only takes forms gets a page, too, in place of an empty answer.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            words = "It only takes what a button or a form on another page sends."
            if request.method == "POST":
                words = "It takes no forms. Please go back and look where the form leads."
            response.content = error_page(405, "This address cannot be opened like this", words).content
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return unavailable(request, exception) if isinstance(exception, UNREACHABLE) else None
