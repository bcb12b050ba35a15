"""Pages as a browser reads them: parsed strictly, their links followed, their forms filled in and sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import turbohtml
from django.http import HttpResponse
from django.test import Client

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

    Response = _MonkeyPatchedWSGIResponse
else:
    Response = HttpResponse

Pair = tuple[str, str]
Changes = Mapping[str, str | list[str] | None]

FRAGMENT = {"HX-Request": "true"}
"""The header by which htmx asks for what changes."""


class Page:
    """A page or a fragment. One that is not valid HTML cannot be read: the parser raises on the first mistake.

    Pages of Django's own admin are read with ``strict=False``.
    """

    def __init__(self, response: Response | HttpResponse, address: str = "", *, strict: bool = True) -> None:
        self.response = response
        self.address = address
        self.html = response.content.decode()
        self.is_whole = self.html.lstrip().lower().startswith("<!doctype html>")
        self.root: Element = self._read_strictly() if strict else self._read()

    def _read(self) -> Element:
        return element_of(turbohtml.parse(self.html) if self.is_whole else turbohtml.parse_fragment(self.html))

    def _read_strictly(self) -> Element:
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        root: Element = parser.parse(self.html) if self.is_whole else parser.parseFragment(self.html)
        return root

    def all(self, path: str) -> list[Element]:
        """Every element at a path such as ``main//a``."""
        return self.root.findall(f".//{path}")

    def one(self, path: str) -> Element:
        """The only element at a path."""
        (found,) = self.all(path)
        return found

    def texts(self, path: str) -> list[str]:
        return [text_of(element) for element in self.all(path)]

    def text(self, path: str) -> str:
        return text_of(self.one(path))

    def links(self, path: str = "main") -> list[tuple[str, str]]:
        """Each link below a path: its words and where it leads."""
        return [(text_of(link), link.attrib["href"]) for link in self.all(f"{path}//a")]

    def link(self, words: str) -> str:
        """Where the first link with these words leads."""
        return next(href for text, href in self.links() if text == words)

    @property
    def title(self) -> str:
        return self.text("title")

    @property
    def outcome(self) -> str:
        """The outcome a result recommends; "" on other pages."""
        return self.one("main").get("data-outcome", "")

    @property
    def errors(self) -> list[str]:
        """What the summary at the top says is wrong."""
        return [text for summary in self.all("*[@role='alert']") for text in map(text_of, summary.findall(".//li"))]

    @property
    def form(self) -> "Form":
        """The form of the page; where another one only shows something else, the one that is sent."""
        sent = self.all("main//form[@method='post']")
        return Form(sent[0] if sent else self.one("main//form"), self.address)

    @property
    def ticked(self) -> list[Pair]:
        """What is chosen and ticked."""
        return [
            (box.attrib["name"], box.attrib["value"])
            for box in self.all("input")
            if box.get("type") in {"radio", "checkbox"} and "checked" in box.attrib
        ]


@dataclass
class Form:
    """A form as it was filled in when the page came."""

    element: Element
    address: str

    @property
    def action(self) -> str:
        """Where it goes; without an action that is the page itself."""
        return urljoin(self.address, self.element.get("action", self.address))

    def pairs(self, changes: Changes | None = None) -> list[Pair]:
        """What a browser would send, with some visible fields filled in differently; None leaves a field out."""
        changed = dict(changes or {})
        pairs = [(name, value) for name, value, is_hidden in self._controls() if is_hidden or name not in changed]
        for name, given in changed.items():
            pairs += [(name, value) for value in ([given] if isinstance(given, str) else given or [])]
        return pairs

    def send(self, client: Client, changes: Changes | None = None, **extra: Any) -> Response:
        """Send it as a browser would."""
        query = urlencode(self.pairs(changes))
        if self.element.attrib["method"] == "post":
            return client.generic("POST", self.action, query, "application/x-www-form-urlencoded", **extra)
        return client.get(f"{self.action}?{query}", **extra)

    def _controls(self) -> Iterator[tuple[str, str, bool]]:
        """Name, value and whether it is hidden; of the buttons the first, which is the one that Enter presses."""
        buttons = []
        for control in self.element.iter():
            name, value, kind = control.get("name"), control.get("value", ""), control.get("type")
            if not name or "disabled" in control.attrib:
                continue
            if kind == "submit" or (control.tag == "button" and kind is None):
                buttons.append((name, value, True))
            elif control.tag == "input":
                if kind not in {"radio", "checkbox"} or "checked" in control.attrib:
                    yield name, control.get("value", "on" if kind == "checkbox" else ""), kind == "hidden"
            elif control.tag == "textarea":
                yield name, (control.text or "").removeprefix("\n"), False
            elif control.tag == "select":
                options = control.findall(".//option")
                chosen = [option for option in options if "selected" in option.attrib]
                for option in chosen if "multiple" in control.attrib else chosen or options[:1]:
                    yield name, option.get("value", ""), False
        yield from buttons[:1]


def element_of(node: turbohtml.Element | turbohtml.Document) -> Element:
    """The same tree as the standard library's, without comments.

    This parser reads a large page of the admin in a tenth of the time of the strict one, and judges nothing.
    """
    attributes = {} if isinstance(node, turbohtml.Document) else node.attrs
    element = Element(
        "document" if isinstance(node, turbohtml.Document) else node.tag,
        {name: " ".join(value) if isinstance(value, list) else value or "" for name, value in attributes.items()},
    )
    for child in node.children:
        if isinstance(child, turbohtml.Element):
            element.append(element_of(child))
        elif isinstance(child, turbohtml.Text) and len(element):
            element[-1].tail = (element[-1].tail or "") + child.data
        elif isinstance(child, turbohtml.Text):
            element.text = (element.text or "") + child.data
    return element


def text_of(element: Element) -> str:
    """The words of an element on one line."""
    return " ".join("".join(element.itertext()).split())


def read(client: Client, address: str, **extra: Any) -> Page:
    """The page at an address; redirects are followed."""
    for _ in range(5):
        response = client.get(address, **extra)
        if not 300 <= response.status_code < 400:
            return Page(response, address)
        address = urljoin(address, response["Location"])
    raise AssertionError(f"Too many redirects: {address}")


def read_sent(client: Client, response: Response, address: str = "") -> Page:
    """The page that the answer to a form leads to."""
    return read(client, response["Location"]) if "Location" in response else Page(response, address)


def query_of(address: str) -> list[Pair]:
    """The parameters of an address, in order."""
    return parse_qsl(urlsplit(address).query, keep_blank_values=True)


def path_of(address: str) -> str:
    return urlsplit(address).path
