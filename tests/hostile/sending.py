"""What is sent to an address: every parameter, every header, every field of every form on its page, with bad inputs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from urllib.parse import parse_qsl, quote_from_bytes, urlsplit
from xml.etree.ElementTree import Element

from django.test import Client

from tests.assessment.reading import Form, Page, Response
from tests.hostile.addresses import Address, Known
from tests.hostile.inputs import HEADERS, INPUTS, MARKUP, bodies

URLENCODED = "application/x-www-form-urlencoded"

BESIDE = (
    *("next", "q", "o", "p", "e", "page", "all", "id__exact"),
    *("_popup", "_to_field", "_changelist_filters", "_facets"),
)
"""What pages of staff read from their address, whatever is on them."""

MACHINERY = re.compile(r".*(_FORMS|-id|-shown|shown|csrfmiddlewaretoken)|_.*")
"""Fields that nobody types, and without which nothing else of a form is read."""

Pairs = list[tuple[str, bytes]]


@dataclass(frozen=True)
class Sent:
    """One request."""

    path: str
    method: str = "GET"
    query: str = ""
    body: bytes = b""
    content_type: str = URLENCODED
    headers: dict[str, str] = field(default_factory=dict)

    def by(self, client: Client) -> Response:
        address = f"{self.path}?{self.query}" if self.query else self.path
        return client.generic(self.method, address, self.body, self.content_type, headers=self.headers)

    def __str__(self) -> str:
        """As one would look for what went wrong."""
        return f"{self.method} {self.path[:80]}?{self.query[:200]} {self.content_type[:40]} {self.body[:300]!r}"


def encoded(pairs: Pairs) -> str:
    """Pairs as a browser writes them, but of any bytes."""
    return "&".join(f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}" for name, value in pairs)


class Attack:
    """What is sent to one address. Inputs are dealt in turn, from another one on for every address."""

    def __init__(self, address: Address, known: Known, page: Response | None) -> None:
        self.address = address
        self.values = known.values(address)
        self.path = address.path(self.values)
        self.query = known.query(address)
        self._inputs = islice(cycle(INPUTS), address.seed % len(INPUTS), None)
        self._headers = islice(cycle(HEADERS), address.seed % len(HEADERS), None)
        self._bodies = address.seed
        is_page = page is not None and page.status_code == 200 and page.get("Content-Type", "").startswith("text/html")
        read = Page(page, self.path, strict=False) if is_page and page is not None else None
        # Of forms that are the same for each line of a list, one.
        forms = {tuple(kinds(form)): Form(form, self.path) for form in read.all("form")} if read else {}
        self.forms = list(forms.values())
        self.parameters = list(dict.fromkeys([*self._asked_for(read), *BESIDE]))

    def _asked_for(self, page: Page | None) -> Iterator[str]:
        """What the address may say, as far as it, its forms and its links show."""
        yield from (name for name, _ in parse_qsl(self.query))
        for form in self.forms:
            if form.element.get("method", "get") == "get":
                yield from (name for name, _ in controls(form.element))
        for link in page.all("a") if page else []:
            parts = urlsplit(link.get("href", ""))
            if parts.path in {"", self.path}:
                yield from (name for name, _ in parse_qsl(parts.query, keep_blank_values=True))

    def next_input(self) -> bytes:
        return next(self._inputs)

    def in_the_path(self) -> Iterator[Sent]:
        """Each parameter of the path in turn."""
        for name in self.values:
            yield Sent(self.address.path(self.values | {name: self.next_input()}), query=self.query)

    def in_the_query(self) -> Sent:
        """All parameters at once, with headers that make no sense."""
        pairs = [(name, self.next_input()) for name in self.parameters]
        return Sent(self.path, query=encoded(pairs), headers=next(self._headers))

    def in_a_body(self) -> Sent:
        """Something that is no form."""
        found = bodies(self.next_input())
        self._bodies += 1
        content_type, body = found[self._bodies % len(found)]
        return Sent(self.path, "POST", self.query, body, content_type)

    def in_every_field(self) -> Iterator[Sent]:
        """All fields of a form at once; of an address without one, what others have."""
        for form in self._posted():
            pairs = [
                (name, to.encode() if MACHINERY.fullmatch(name) else self.next_input())
                for name, to in controls(form.element)
            ]
            yield self._post(form, pairs)
        if not self._posted():
            pairs = [(name, self.next_input()) for name in ("action", "post", "_selected_action", *self.parameters)]
            yield Sent(self.path, "POST", self.query, encoded(pairs).encode())

    def in_the_machinery(self) -> Iterator[Sent]:
        """All that nobody types at once; the rest stays as it was."""
        for form in self._posted():
            pairs = [
                (name, self.next_input() if MACHINERY.fullmatch(name) else to.encode())
                for name, to in controls(form.element)
            ]
            yield self._post(form, pairs)

    def in_one_field(self, number: int) -> Iterator[Sent]:
        """One field, and the rest as it was, so that the form may be taken."""
        for form in self._posted():
            names = kinds(form.element)
            name = names[number % len(names)] if names else ""
            pairs = [(one, self.next_input() if one == name else to.encode()) for one, to in form.pairs()]
            yield self._post(form, pairs)

    def as_markup(self) -> Iterator[Sent]:
        """Markup in everything that is typed, and the rest as it was: much of it is a text like any other."""
        for form in self._posted():
            typed = {name for name, _ in controls(form.element, typed=True)}
            markup = islice(cycle(MARKUP), self.address.seed % len(MARKUP), None)
            yield self._post(
                form, [(name, next(markup).encode() if name in typed else to.encode()) for name, to in form.pairs()]
            )

    def _posted(self) -> list[Form]:
        """The forms that are sent, but for the one that logs out."""
        posted = [form for form in self.forms if form.element.get("method") == "post"]
        return [form for form in posted if not form.action.endswith("/logout/")]

    def _post(self, form: Form, pairs: Pairs) -> Sent:
        action = urlsplit(form.action)
        if any(control.get("type") == "file" for control in form.element.iter()):
            return Sent(action.path, "POST", action.query, multipart(pairs), "multipart/form-data; boundary=xxhxx")
        return Sent(action.path, "POST", action.query, encoded(pairs).encode())


def multipart(pairs: Pairs) -> bytes:
    """The same as a form with files sends it; each value is a file of that name, too."""
    lines = []
    for name, value in pairs:
        head = b'--xxhxx\r\nContent-Disposition: form-data; name="' + name.encode() + b'"'
        lines += [head, b"\r\n\r\n", value, b"\r\n", head, b'; filename="x.json"\r\n\r\n', value, b"\r\n"]
    return b"".join([*lines, b"--xxhxx--\r\n"])


def controls(form: Element, *, typed: bool = False) -> list[tuple[str, str]]:
    """Each field of a form once, with what is in it; those that are typed into alone, if asked."""
    found: dict[str, str] = {}
    for control in form.iter():
        name, kind = control.get("name"), control.get("type", "text")
        is_typed = control.tag == "textarea" or (control.tag == "input" and kind in {"text", "email", "search", "url"})
        if name and (is_typed or not typed):
            found.setdefault(name, (control.text or "") if control.tag == "textarea" else control.get("value", ""))
    return list(found.items())


def kinds(form: Element) -> list[str]:
    """One field of each kind: lines of the same inline are of one kind."""
    found = {re.sub(r"-\d+-", "-", name): name for name, _ in controls(form) if name != "csrfmiddlewaretoken"}
    return sorted(found.values())
