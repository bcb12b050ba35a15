"""Forms of the admin, filled in by a person, sent, and looked for in what comes back."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from django.test import Client

from tests.assessment.reading import Form, Page, Pair, Response

PASSWORD = "kept-nowhere-but-in-this-test"
FORM = "application/x-www-form-urlencoded"
ANOTHER_TOKEN = ("csrfmiddlewaretoken", "x" * 64)
NOT_TYPED = {"password", "file", "submit", "button", "hidden"}
NO_FORMS = {"logout-form", "changelist-search"}
IN_PLACE_OF_OTHERS = {"answers-address"}
"""An address that is pasted answers all that could be chosen beside it."""


def typed_into(form: Element) -> Iterator[Pair]:
    """What a person chooses and types into each field: something other than what is there."""
    number = 0
    for control in form.iter():
        name, kind = control.get("name"), control.get("type", "text")
        if (
            not name
            or "disabled" in control.attrib
            or "readonly" in control.attrib
            or "__prefix__" in name
            or name in IN_PLACE_OF_OTHERS
        ):
            continue
        number += 1
        if control.tag == "textarea":
            yield name, f"Typed number {number}, “with” <signs> & more"
        elif control.tag == "select":
            options = [option for option in control.findall(".//option") if option.get("value")]
            if options:
                yield name, options[-1].attrib["value"]
        elif control.tag == "input" and kind in {"checkbox", "radio"}:
            if kind == "checkbox":
                yield name, control.get("value", "on")
        elif control.tag == "input" and kind not in NOT_TYPED:
            yield name, {"date": "2027-03-04", "time": "10:30", "number": "7"}.get(kind, f"Typed {number}")


def machinery_of(form: Element) -> list[Pair]:
    """What the page itself sends along."""
    return [
        (control.attrib["name"], control.get("value", ""))
        for control in form.iter("input")
        if control.get("type") == "hidden" and control.get("name") and "__prefix__" not in control.attrib["name"]
    ]


def forms_at(client: Client, target: str) -> list[Element]:
    """The forms of a page; none where it does not open."""
    opened = client.get(target)
    is_page = opened.status_code == 200 and "html" in opened["Content-Type"]
    return forms_of(Page(opened, target, strict=False)) if is_page else []


def lead_form(page: Page) -> Element:
    return page.one("form[@id='lead_form']")


def said(answer: Response) -> str:
    """The message at the top that is about the refusal."""
    words = Page(answer, strict=False).texts("ul[@class='messagelist']//li[@class='error']")
    return words[0] if words else ""


def forms_of(page: Page) -> list[Element]:
    return [form for form in page.all("form[@method='post']") if form.get("id") not in NO_FORMS]


def post(client: Client, target: str, pairs: list[Pair]) -> Response:
    return client.generic("POST", target, urlencode(pairs), FORM)


def missing(answer: Response, typed: list[Pair], target: str) -> Counter[Pair]:
    """What was typed and is in no field of the page."""
    page = Page(answer, target, strict=False)
    shown: Counter[Pair] = Counter()
    for form in forms_of(page):
        shown |= Counter((name, " ".join(value.split())) for name, value in Form(form, target).pairs())
    return Counter((name, " ".join(value.split())) for name, value in typed) - shown


def log_in(client: Client, answer: Response, target: str, name: str = "chief", password: str = PASSWORD) -> Response:
    """Fill in the login that an answer shows, and send it."""
    login = Form(Page(answer, target, strict=False).one("form[@id='login-form']"), target)
    return post(client, login.action, login.pairs({"log-in-username": name, "log-in-password": password}))
