"""Which addresses this site may ask: public addresses of the internet, and none of our own network.

A name can point to another machine at any moment. So each attempt resolves the name once, checks every address, and
connects only to a checked address.
"""

import re
import socket
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from django.conf import settings

PORTS = {443, 8443}
DEFAULT_PORTS = {"http": 80, "https": 443}

UNICAST = IPv6Network("2000::/3")
"""The global unicast addresses of IPv6."""

TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 addresses in IPv6 networks (NAT64); the last 32 bits are the IPv4 address (RFC 6052)."""

SPECIAL = (
    IPv6Network("3fff::/20"),  # documentation
    IPv4Network("192.88.99.0/24"),  # relays of 6to4, deprecated
    IPv4Network("168.63.129.16/32"),  # the host of a virtual machine in Azure, although its range is global
)

PLAIN = re.compile(r"[!-\[\]-~]+")
"""Printable ASCII without the backslash, which some programs read as a slash."""

PLACE = re.compile(r"(?:\[[^\[\]]*\]|[^:\[\]]*)(?::[0-9]*)?")
"""A host and perhaps a port. Python accepts more, and reads that differently than other programs."""

NAME = re.compile(r"[a-z0-9._-]+")

NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
"""A last part of a name that makes it an IPv4 address to many programs ("ends in a number" in the URL standard)."""


class ForbiddenAddressError(ValueError):
    """An address may not be asked. The message says why, for whoever typed it."""


@dataclass(frozen=True)
class Target:
    """An address that is parsed only once, so that we connect to what we checked."""

    scheme: str
    host: str
    port: int
    path: str

    @cached_property
    def host_header(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def read_address(address: str) -> Target:
    """Parse an address. Raises ``ForbiddenAddressError`` if it may not be asked; its name is not resolved yet."""
    if not PLAIN.fullmatch(address):
        raise ForbiddenAddressError(
            "An address has no spaces, no backslashes, and only English letters. Write other letters with xn-- in the "
            "name, and with percent signs after it."
        )
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ForbiddenAddressError("This is not an address.") from None
    if parts.scheme not in ({"http", "https"} if settings.WEBHOOKS_MAY_BE_LOCAL else {"https"}):
        raise ForbiddenAddressError("An address begins with https://.")
    if "@" in parts.netloc:
        raise ForbiddenAddressError(
            "An address has no user and no password in it here, as addresses are shown in many places."
        )
    if parts.fragment:
        raise ForbiddenAddressError("Leave out the # and what comes after it: browsers and servers never send it.")
    if not PLACE.fullmatch(parts.netloc):
        raise ForbiddenAddressError("This is not an address.")
    host = _check_host(parts.hostname or "")
    port = DEFAULT_PORTS[parts.scheme] if port is None else port
    if port not in PORTS and not settings.WEBHOOKS_MAY_BE_LOCAL:
        raise ForbiddenAddressError(
            f"Requests of this site go to port {' or '.join(map(str, sorted(PORTS)))}, and this is {port}."
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def _check_host(host: str) -> str:
    """A name or an IP address in its usual form only: many programs read 2130706433 and 0x7f.1 as 127.0.0.1."""
    if ":" in host:
        try:
            ip = IPv6Address(host)
        except ValueError:
            raise ForbiddenAddressError("The text in brackets is not an IPv6 address.") from None
        if ip.scope_id is not None:
            raise ForbiddenAddressError("An address has no zone of a network.")
        return host
    host = host.removesuffix(".")
    if not NAME.fullmatch(host):
        raise ForbiddenAddressError("This address names no host.")
    if NUMBER.fullmatch(host.rpartition(".")[2]):
        try:
            IPv4Address(host)
        except ValueError:
            raise ForbiddenAddressError("Write an address in numbers like 192.0.2.1.") from None
    return host


def resolve(target: Target) -> list[str]:
    """The IP addresses of the host, in the order of trying.

    Raises ``ForbiddenAddressError`` if there is none, or if any of them is not public.
    """
    try:
        entries = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ForbiddenAddressError(
            f"{target.host} was not found: the name does not exist, or the name servers did not answer."
        ) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
    for address in addresses:
        if not settings.WEBHOOKS_MAY_BE_LOCAL and not is_public(address):
            raise ForbiddenAddressError(
                f"{target.host} points to {address}, which is not a public address of the internet."
            )
    return addresses


def is_public(address: str) -> bool:
    """Whether an IP address is public, and so is the IPv4 address in it, if any."""
    ip = ip_address(address)
    if any(ip in network for network in SPECIAL):
        return False
    if isinstance(ip, IPv4Address):
        return ip.is_global and not ip.is_multicast
    if ip in TRANSLATED:
        return is_public(str(IPv4Address(ip.packed[-4:])))
    # 6to4 and Teredo contain an IPv4 address to which relays connect.
    has_no_other = ip.scope_id is None and ip.sixtofour is None and ip.teredo is None
    return ip in UNICAST and ip.is_global and has_no_other
