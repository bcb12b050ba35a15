"""HTTP as a visitor's browser, or someone's script, speaks it: nothing is followed, kept or repaired."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import html5lib

from tests.server import RunningSite

URLENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    @property
    def is_html(self) -> bool:
        return self.headers.get_content_type() == "text/html"


def ask(
    site: RunningSite,
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """One request on a connection of its own."""
    with closing(HTTPConnection("127.0.0.1", site.port, timeout=90)) as connection:
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())


def follow(site: RunningSite, path: str) -> Answer:
    """Where a browser would end up."""
    for _ in range(5):
        answer = ask(site, path)
        if not 300 <= answer.status < 400:
            return answer
        path = answer.location
    raise AssertionError(f"{path} leads on and on.")


def document(text: str) -> Any:
    """A whole page as a tree; a parse error is an error of the test."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def fragment(text: str) -> Any:
    """A part of a page as a tree; a parse error is an error of the test."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(text)


def words(tree: Any) -> str:
    """What a tree says, in one line."""
    return " ".join("".join(tree.itertext()).split())


@dataclass(frozen=True)
class OpenForm:
    """A form as one visitor has opened it; ``filled`` and ``send`` know the one for a call."""

    path: str
    cookie: str
    hidden: dict[str, str]

    def filled(self, **fields: str) -> dict[str, str]:
        """What a visitor sends who is content with the form; ``fields`` say otherwise."""
        typed = {
            "name": "Firmas dibinātāja",
            "email": "founder@example.com",
            "company": "Kalns & Bērzs",
            "message": "Where do we begin?",
            "consent": "on",
        }
        return self.hidden | typed | fields

    def send(self, site: RunningSite, **fields: str) -> Answer:
        """Send it, filled in."""
        return self.send_body(site, urlencode(self.filled(**fields)).encode())

    def send_body(self, site: RunningSite, body: bytes, content_type: str = URLENCODED) -> Answer:
        """Send these bytes with the form's cookie."""
        return ask(site, self.path, method="POST", headers=self.headers(content_type), body=body)

    def headers(self, content_type: str = URLENCODED) -> dict[str, str]:
        """What a browser sends beside the form."""
        return {"Content-Type": content_type, "Cookie": self.cookie}


def open_form(site: RunningSite, path: str, headers: Mapping[str, str] | None = None) -> OpenForm:
    """Open the form."""
    answer = ask(site, path, headers=headers)
    assert answer.status == 200, answer.text
    hidden = {field.get("name"): field.get("value") for field in hidden_fields(document(answer.text))}
    return OpenForm(path, answer.headers["Set-Cookie"].partition(";")[0], hidden)


def hidden_fields(tree: Any) -> Iterator[Any]:
    """The hidden fields of a page."""
    return (field for field in tree.iter("input") if field.get("type") == "hidden")


def typed_into(tree: Any) -> dict[str, str]:
    """What stands in the form of a page, or is ticked there, by the names of its fields."""
    typed = {field.get("name"): field.text or "" for field in tree.iter("textarea")}
    for field in tree.iter("input"):
        if field.get("type") not in {"checkbox", "radio"}:
            typed[field.get("name")] = field.get("value", "")
        elif field.get("checked") is not None:
            typed[field.get("name")] = field.get("value", "on")
    return typed


def new_key() -> str:
    """A key as the form makes it."""
    return str(uuid4())
