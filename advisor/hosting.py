"""What lies between the site and where it runs: health checks, the proxy in front, collected static files."""

import logging
import time
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile, File
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from lightningcss import process_stylesheet
from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

from advisor.http import Middleware, error_page

logger = logging.getLogger(__name__)

ASKED_BY_MACHINES = ("/healthz", "/readyz", "/metrics")
"""What a load balancer or a monitoring system asks each process for, by its address and over plain HTTP."""

OLDEST_BROWSERS = ["chrome >= 105", "firefox >= 121", "safari >= 15.4"]
"""Those that know every selector of our style sheets; what they do not know is written so that they do."""

LOG_INTERVAL = 3600.0
"""Seconds between two lines about a proxy that is not set up."""

PROXY_HEADERS = (
    *("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_SERVER"),
    *("HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA"),
)
"""What proxies add to a request that they pass on."""

WHAT_TO_SET = (
    "whichever ends TLS has to set it to https on every request that it got over HTTPS and to http on every other, and "
    "those behind it have to leave it as it is (SITE_URL begins with https://; README.md has examples)"
)

NO_PROTOCOL = f"a proxy in front passes requests on without the header X-Forwarded-Proto: {WHAT_TO_SET}"

HTTPS_UNSAID = (
    f"a browser came over HTTPS, and no proxy in front said so in the header X-Forwarded-Proto: {WHAT_TO_SET}"
)


class HealthMiddleware(Middleware):
    """Lets machines ask by any host, as load balancers ask by the address of a machine; nothing else is answered to a
    host that is not ours.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in ASKED_BY_MACHINES:
            request.META["HTTP_HOST"] = "localhost"
        return self.get_response(request)


class Proxy:
    """What this process has seen of the proxy in front.

    ``fault`` says what is wrong with it and what to do, for whoever runs the site; "" where nothing is.
    """

    def __init__(self) -> None:
        self.fault = ""
        self.has_said_https = False
        self._logged_at: float | None = None

    def has_spoken(self) -> None:
        """A request came whose visitor uses HTTPS, as the proxy says."""
        self.fault = ""
        self.has_said_https = True

    def find_fault(self, request: HttpRequest) -> str:
        """What a request that counts as plain HTTP shows to be wrong with the proxy; "" where it shows nothing.

        Whoever asks this process itself, as health checks do, sends nothing that proxies add. A proxy that adds
        nothing, or says "http" of all requests, is given away by browsers: they send this header over HTTPS alone, and
        to their own machine. Once it has said "https" it is set up, and such a header comes from a program that poses
        as a browser.
        """
        sent = request.META
        if not sent.get("HTTP_X_FORWARDED_PROTO", "").strip() and any(name in sent for name in PROXY_HEADERS):
            found = NO_PROTOCOL
        elif (
            "HTTP_SEC_FETCH_SITE" in sent and not self.has_said_https and not is_own_machine(sent.get("HTTP_HOST", ""))
        ):
            found = HTTPS_UNSAID
        else:
            return ""
        self.fault = found
        if self._logged_at is None or time.monotonic() - self._logged_at >= LOG_INTERVAL:
            self._logged_at = time.monotonic()
            logger.error("%s cannot be shown: %s", request.path, found)
        return found


proxy = Proxy()


class ProxyMiddleware(Middleware):
    """Answers with a page that says what to set up, where a redirect to HTTPS may lead to the very address that was
    asked for, for ever. Nothing of the site is shown over plain HTTP by that.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.SECURE_SSL_REDIRECT or request.path in ASKED_BY_MACHINES:
            return self.get_response(request)
        if request.is_secure():
            proxy.has_spoken()
        elif fault := proxy.find_fault(request):
            return error_page(503, "This site is not set up yet", f"For whoever runs it: {fault}.")
        return self.get_response(request)


def is_own_machine(host: str) -> bool:
    """Whether a header ``Host`` names the machine of whoever asks; browsers trust that without HTTPS."""
    name = split_domain_port(host)[0].strip("[]")
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def network_of(request: HttpRequest) -> str:
    """Where a request comes from: its address, or of IPv6 the network of 64 bits that one customer has; "" where it
    cannot be read.

    Each of ``TRUSTED_PROXIES`` in front adds the address it was asked from to X-Forwarded-For at the end. The one that
    the outermost of them added counts, whatever it is: what stands before it anyone can send. Who came past some of
    them has sent fewer, and then the first counts.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")[-MAX_FORWARDED_LENGTH:]
    address = _address(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES and forwarded.strip():
        address = _address(forwarded.split(",")[-settings.TRUSTED_PROXIES :][0])
    if settings.SECURE_SSL_REDIRECT and address and address.is_private:
        warn_of_private_addresses()
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address or "")


@cache
def warn_of_private_addresses() -> None:
    """Once in each process: all visitors may count as one network."""
    logger.warning(
        "A visitor comes from a private address. Where that is a proxy of yours, TRUSTED_PROXIES=%d is too few, "
        "and all visitors count as one network.",
        settings.TRUSTED_PROXIES,
    )


MAX_FORWARDED_LENGTH = 500
"""Characters at the end of X-Forwarded-For that are read: more than all proxies that may be trusted add."""


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An IP address, perhaps with a port; None for anything else."""
    text = text.strip()
    if text.count(":") == 1 or text.startswith("["):
        text = text.rpartition(":")[0] if not text.endswith("]") else text
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Where nothing was collected pages come without their looks, and ``/readyz`` says why. One name that is missing
    among others is a slip of ours, and an error as ever.

    What is ours is made small when it is collected: without comments and blanks the first visit is 2 KB lighter.
    """

    def _save(self, name: str, content: "File[bytes]") -> str:
        suffix = Path(name).suffix if "/" not in name else ""
        if suffix in {".css", ".js"}:
            text = b"".join(content.chunks()).decode()
            small = process_stylesheet(text, name, browsers_list=OLDEST_BROWSERS) if suffix == ".css" else jsmin(text)
            content = ContentFile(small.encode())
        return str(super()._save(name, content))

    def stored_name(self, name: str) -> str:
        return str(super().stored_name(name)) if self.hashed_files else name


def static_files_are_missing() -> bool:
    """Whether this process began without collected files, or they were taken away. With DEBUG there are none."""
    if not hasattr(staticfiles_storage, "hashed_files"):
        return False
    name = staticfiles_storage.hashed_files.get("advisor.css")
    return name is None or not staticfiles_storage.exists(name)
