"""What lies between the site and where it runs: health checks, the proxy in front, collected static files."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from whitenoise.storage import CompressedManifestStaticFilesStorage

from advisor.http import error_page

logger = logging.getLogger(__name__)

HEALTH = ("/healthz", "/readyz")

LOG_EVERY = 3600.0
"""Seconds between two lines about a proxy that is not set up."""

PROXY_IS_SILENT = (
    "the proxy in front does not say that visitors come over HTTPS: it has to set the header X-Forwarded-Proto to "
    "https on every request that it got over HTTPS (SITE_URL begins with https://; README.md has more)"
)


class HealthMiddleware:
    """Lets health checks ask by any host, as load balancers ask by the address of a machine; nothing else is answered
    to a host that is not ours.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in HEALTH:
            request.META["HTTP_HOST"] = "localhost"
        return self.get_response(request)


class Proxy:
    """What this process has seen of the proxy in front."""

    def __init__(self) -> None:
        self.is_silent = False
        self._said_at: float | None = None

    def has_spoken(self) -> None:
        """A request came whose visitor uses HTTPS, as the proxy says."""
        self.is_silent = False

    def was_silent(self, path: str) -> None:
        """A request came that would be redirected to itself for ever."""
        self.is_silent = True
        if self._said_at is None or time.monotonic() - self._said_at >= LOG_EVERY:
            self._said_at = time.monotonic()
            logger.error("%s cannot be shown: %s", path, PROXY_IS_SILENT)


proxy = Proxy()


class ProxyMiddleware:
    """Answers with a page that says what to set up, where a redirect to HTTPS would lead to the very address that was
    asked for, for ever. Nothing of the site is shown over plain HTTP by that.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.SECURE_SSL_REDIRECT or request.path in HEALTH:
            return self.get_response(request)
        if request.is_secure():
            proxy.has_spoken()
        elif uses_https_all_the_same(request):
            proxy.was_silent(request.path)
            return error_page(503, "This site is not set up yet", f"For whoever runs it: {PROXY_IS_SILENT}.")
        return self.get_response(request)


def uses_https_all_the_same(request: HttpRequest) -> bool:
    """Whether a request that counts as plain HTTP was not, as far as can be told.

    A proxy that is set up says of each request by which way it came. Where it says "http" of all of them, browsers
    give it away: they send this header over HTTPS alone, and to their own machine.
    """
    if "HTTP_X_FORWARDED_PROTO" not in request.META:
        return True
    host = request.META.get("HTTP_HOST", "").partition(":")[0]
    return "HTTP_SEC_FETCH_SITE" in request.META and host not in {"localhost", "127.0.0.1"}


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Where nothing was collected pages come without their looks, and ``/readyz`` says why. One name that is missing
    among others is a slip of ours, and an error as ever.
    """

    def stored_name(self, name: str) -> str:
        return str(super().stored_name(name)) if self.hashed_files else name


def static_files_are_missing() -> bool:
    """Whether this process began without collected files, or they were taken away. With DEBUG there are none."""
    if not hasattr(staticfiles_storage, "hashed_files"):
        return False
    name = staticfiles_storage.hashed_files.get("advisor.css")
    return name is None or not staticfiles_storage.exists(name)
