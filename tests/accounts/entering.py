"""Someone who logs in by the form of the login page."""

from typing import Any

from django.test import Client

from tests.assessment.reading import Page

PASSWORD = "kept-nowhere-but-in-this-test"
WRONG = "not-the-password"


def enter(client: Client, name: str, password: str = PASSWORD, *, network: str = "198.51.100.7") -> Any:
    """What a login from an address is answered."""
    return client.post("/admin/login/", {"username": name, "password": password}, REMOTE_ADDR=network)


def is_in(client: Client) -> bool:
    """Whether a browser is logged in."""
    return client.get("/admin/").status_code == 200


def reason(answer: Any) -> str:
    """What a login page says is wrong."""
    return Page(answer, strict=False).text("p[@class='errornote']")
