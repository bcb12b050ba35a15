"""What is noted about each request, for those who run the site; nothing of it says who sent it.

Both are middlewares around all others, and neither is there unless it is asked for: see ``MIDDLEWARE``.
"""

import logging
import re
from http import HTTPStatus
from time import perf_counter
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from advisor.hosting import ASKED_BY_MACHINES
from advisor.http import Middleware
from advisor.logs import current_request
from advisor.metrics import request_seconds, requests

logger = logging.getLogger("advisor.requests")

REQUEST_ID = "X-Request-ID"

SENT_ID = re.compile(r"[0-9A-Fa-f-]{16,64}")
"""What proxies make: a number in hexadecimal digits or a UUID. No name and no address looks like one."""


def view_of(request: HttpRequest) -> str:
    """What answers a request: the name of its address, one of few."""
    if match := request.resolver_match:
        return match.view_name
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


class RequestLogMiddleware(Middleware):
    """Gives each request an id, which all lines about it have and the answer says, and writes one line when it is
    answered; none for a machine that asks every few seconds, while all is well. The id is that of the proxy in front,
    if one is trusted.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.META.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
        request_id = sent if SENT_ID.fullmatch(sent) else uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        answered = current_request.set(request)
        # A form that is refused is shown again by a request of our own making.
        method, began = request.method, perf_counter()
        try:
            response = self.get_response(request)
            response[REQUEST_ID] = request_id
            if request.path not in ASKED_BY_MACHINES or response.status_code >= HTTPStatus.BAD_REQUEST:
                fields = {
                    "method": method,
                    "view": view_of(request),
                    "status": response.status_code,
                    "milliseconds": round((perf_counter() - began) * 1000, 1),
                }
                logger.info("answered", extra={"fields": fields})
            return response
        finally:
            current_request.reset(answered)


class MetricsMiddleware(Middleware):
    """Counts requests and how long they take."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        response = self.get_response(request)
        view = view_of(request)
        requests.labels(view, str(response.status_code)).inc()
        request_seconds.labels(view).observe(perf_counter() - began)
        return response
