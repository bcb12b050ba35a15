"""Bytes over the wire: the first visit, and the swap from question to question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import brotli

from tests.load.measure import Client, Peer, Reply
from tests.load.visitors import FRAGMENT, Addresses, Walk

BROWSER = {"Accept-Encoding": "gzip, deflate, br"}
QUALITY = 5
"""What a proxy would compress pages with if the server sent them as they are."""

LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src"}
LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "apple-touch-icon"}
CSS_ADDRESS = re.compile(rb"""(?:url\(|@import)\s*["']?([^"')\s;]+)""")


class Resources(HTMLParser):
    """The addresses that a page makes a browser load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "link" and LOADED_LINKS & set(values.get("rel", "").lower().split()):
            self._add(values.get("href", ""))
        elif tag in LOADED:
            self._add(values.get(LOADED[tag], ""))

    def _add(self, address: str) -> None:
        if address and not address.startswith("data:") and address not in self.found:
            self.found.append(address)


@dataclass(frozen=True)
class FirstVisit:
    """Bytes with brotli. ``server_compresses`` says whether the page came compressed from the server."""

    html: int
    css: int
    script: int
    font: int
    other: int
    requests: int
    server_compresses: bool

    @property
    def total(self) -> int:
        return self.html + self.css + self.script + self.font + self.other


def first_visit(site: Peer) -> FirstVisit:
    """Load the landing and everything that it asks for, as a browser with an empty cache does."""
    sizes = {"css": 0, "script": 0, "font": 0, "other": 0}
    with Client(site, BROWSER) as client:
        page = client.get("/")
        waiting = [urljoin("/", address) for address in Resources(_plain(page).decode()).found]
        loaded: set[str] = set()
        while waiting:
            address = waiting.pop(0)
            if address in loaded:
                continue
            if urlsplit(address).netloc:
                raise RuntimeError(f"The landing loads something from another server: {address}")
            loaded.add(address)
            reply = client.get(address)
            kind = reply.headers["Content-Type"].partition(";")[0]
            name = {"text/css": "css", "text/javascript": "script", "font/woff2": "font"}.get(kind, "other")
            sizes[name] += len(reply.body)
            if name == "css":
                inside = [found.decode() for found in CSS_ADDRESS.findall(_plain(reply))]
                waiting += [urljoin(address, found) for found in inside if not found.startswith(("data:", "#"))]
        return FirstVisit(
            html=_compressed(page), requests=client.requests, server_compresses=_is_compressed(page), **sizes
        )


@dataclass(frozen=True)
class Swap:
    """The largest fragment in bytes, plain and with brotli, and the most requests."""

    plain: int
    compressed: int
    requests: int


def swaps(site: Peer, to: Addresses, walks: Sequence[Walk]) -> tuple[Swap, Swap]:
    """The largest swap from question to question, and from the last question to the result."""
    questions: list[Swap] = []
    results: list[Swap] = []
    with Client(site, BROWSER | FRAGMENT) as client:
        for walk in walks:
            for step in walk.steps:
                before = client.requests
                reply = client.get(to.sent(step))
                requests = client.requests - before + len(Resources(_plain(reply).decode()).found)
                swap = Swap(len(_plain(reply)), _compressed(reply), requests)
                (results if step is walk.steps[-1] else questions).append(swap)
    return _largest(questions), _largest(results)


def _largest(found: Sequence[Swap]) -> Swap:
    return Swap(*(max(getattr(swap, name) for swap in found) for name in ("plain", "compressed", "requests")))


def _is_compressed(reply: Reply) -> bool:
    return bool(reply.headers.get("Content-Encoding"))


def _compressed(reply: Reply) -> int:
    """The size as sent, or with brotli if it was sent as it is."""
    return len(reply.body) if _is_compressed(reply) else len(brotli.compress(reply.body, quality=QUALITY))


def _plain(reply: Reply) -> bytes:
    """The content. Only brotli is undone: our server prefers it to gzip."""
    encoding = reply.headers.get("Content-Encoding")
    if encoding not in {None, "br"}:
        raise RuntimeError(f"{reply.address} came with Content-Encoding {encoding}.")
    return bytes(brotli.decompress(reply.body)) if encoding else reply.body
