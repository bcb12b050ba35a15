"""What only staff pages need: who is logged in, messages to them, and who changed what.

Visitors have no session and no account, so nothing of the kind is looked for on their pages. What protects forms, also
theirs, is ``CsrfViewMiddleware``, which runs for everyone.
"""

from collections.abc import Awaitable

from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin
from simple_history.middleware import HistoryRequestMiddleware

from advisor.http import Middleware, Respond

STAFF_PAGES = "/admin/"


class StaffOnly(MiddlewareMixin):
    """Makes a middleware of Django run for staff pages alone."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        respond = super().__call__ if request.path.startswith(STAFF_PAGES) else self.get_response
        return respond(request)


class SessionMiddleware(StaffOnly, sessions.SessionMiddleware):
    """The session of a login."""


class AuthenticationMiddleware(StaffOnly, auth.AuthenticationMiddleware):
    """Who is logged in, as ``request.user``."""


class MessageMiddleware(StaffOnly, messages.MessageMiddleware):
    """What the next page says to whoever did something."""


class HistoryMiddleware(Middleware):
    """Lets the history of the content know who is logged in."""

    def __init__(self, get_response: Respond) -> None:
        super().__init__(get_response)
        self.with_history = HistoryRequestMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        respond = self.with_history if request.path.startswith(STAFF_PAGES) else self.get_response
        return respond(request)
