"""Which addresses webhooks may go to: those of the internet, and none of the network that we are in.

A name can mean another machine from one moment to the next. So it is resolved once for each attempt, every address that
comes of it is checked, and the connection goes to such a checked address and to no other.
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
"""The part of IPv6 that is given out to be reached from everywhere."""

TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 as a network without it writes it; the last 32 bits are the address that is reached (RFC 6052)."""

SPECIAL = (
    IPv6Network("3fff::/20"),  # for examples in documents
    IPv4Network("192.88.99.0/24"),  # relays of 6to4, given up
    IPv4Network("168.63.129.16/32"),  # the host of a machine in Azure, in a range that is global
)

PLAIN = re.compile(r"[!-\[\]-~]+")
"""Visible ASCII without the backslash, which some read as a slash."""

PLACE = re.compile(r"(?:\[[^\[\]]*\]|[^:\[\]]*)(?::[0-9]*)?")
"""A host and perhaps a port. Python takes more for one, and what it makes of it is not what others make."""

NAME = re.compile(r"[a-z0-9._-]+")

NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
"""What makes the last part of a name one that many programs read as an IPv4 address: "ends in a number", as the URL
standard of browsers says.
"""


class RefusedError(ValueError):
    """An address that webhooks do not go to; it says why, for whoever typed it."""


@dataclass(frozen=True)
class Target:
    """An address, taken apart once: what is checked is what is connected to."""

    scheme: str
    host: str
    port: int
    path: str

    @cached_property
    def host_header(self) -> str:
        """The host as the request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def read_address(address: str) -> Target:
    """Take an address apart. Raises ``RefusedError`` for one that webhooks do not go to, whatever its name means."""
    if not PLAIN.fullmatch(address):
        raise RefusedError(
            "An address holds no spaces, no backslashes and no letters but those of English: others are written with "
            "xn-- in a name, and with percent signs after it."
        )
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise RefusedError("This is not an address.") from None
    if parts.scheme not in ({"http", "https"} if settings.WEBHOOKS_MAY_BE_LOCAL else {"https"}):
        raise RefusedError("An address begins with https://.")
    if "@" in parts.netloc:
        raise RefusedError("An address holds no user and no password: webhooks are signed, and the secret is enough.")
    if parts.fragment:
        raise RefusedError("An address ends before its #: what comes after it is never sent.")
    if not PLACE.fullmatch(parts.netloc):
        raise RefusedError("This is not an address.")
    host = _checked_host(parts.hostname or "")
    port = DEFAULT_PORTS[parts.scheme] if port is None else port
    if port not in PORTS and not settings.WEBHOOKS_MAY_BE_LOCAL:
        raise RefusedError(f"Webhooks go to port {' or '.join(map(str, sorted(PORTS)))}, and this is {port}.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def _checked_host(host: str) -> str:
    """A name or an IP address in its one plain form: 2130706433 and 0x7f.1 are 127.0.0.1 to many."""
    if ":" in host:
        try:
            ip = IPv6Address(host)
        except ValueError:
            raise RefusedError("What stands between the brackets is not an address.") from None
        if ip.scope_id is not None:
            raise RefusedError("An address names no zone of a network.")
        return host
    host = host.removesuffix(".")
    if not NAME.fullmatch(host):
        raise RefusedError("This address names no host.")
    if NUMBER.fullmatch(host.rpartition(".")[2]):
        try:
            IPv4Address(host)
        except ValueError:
            raise RefusedError("An address in numbers is written like 192.0.2.1.") from None
    return host


def resolve(target: Target) -> list[str]:
    """The addresses behind the name, in the order in which they are to be tried.

    Raises ``RefusedError`` when there is none, or when any of them is not of the internet.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise RefusedError(f"{target.host} is not found: there is no such name, or nobody could tell.") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not settings.WEBHOOKS_MAY_BE_LOCAL and not is_of_the_internet(address):
            raise RefusedError(f"{target.host} leads to {address}, which is not an address of the internet.")
    return addresses


def is_of_the_internet(address: str) -> bool:
    """Whether an IP address is reached from everywhere, as it is and whatever it stands for."""
    ip = ip_address(address)
    if any(ip in network for network in SPECIAL):
        return False
    if isinstance(ip, IPv4Address):
        return ip.is_global and not ip.is_multicast
    if ip in TRANSLATED:
        return is_of_the_internet(str(IPv4Address(ip.packed[-4:])))
    # 6to4 and Teredo hold an IPv4 address that a relay would go to.
    has_no_other = ip.scope_id is None and ip.sixtofour is None and ip.teredo is None
    return ip in UNICAST and ip.is_global and has_no_other
