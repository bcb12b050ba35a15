"""What every page must keep to: nothing inline, ids that are there once, and only those htmx values that we mean."""

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.assessment.reading import Page

HTMX = {
    "get": r"/((preview|calls)/[\w-]+/)?[a-z0-9/-]+/(\?[^#]+#times)?",
    "post": r"/((calls)/[\w-]+/)?[a-z0-9/-]+/(\?[^#]+)?",
    "target": r"#main|#times|#fit",
    "select": r"#main|#times|#fit",
    "trigger": r"change, submit",
    "swap": r"outerHTML( show:window:top| show:top ignoreTitle:true)?",
    "push-url": r"true",
}
"""The htmx attributes in use and what they may be: ``outerHtml`` would silently be ``innerHTML``."""

REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls")


def flaws(page: Page) -> list[str]:
    """Everything that is wrong with a page that its parser let pass."""
    elements = [page.root, *page.root.iter()]
    ids = Counter(element.get("id") for element in page.root.iter() if element.get("id"))
    found = [f"{times} times id={name}" for name, times in ids.items() if times > 1]
    for element in elements:
        if isinstance(element.tag, str):
            found += _inline(element)
            found += _htmx(element)
            found += _references(element, {*ids} - {None})
    if len(page.all("h1")) != 1:
        found.append(f"{len(page.all('h1'))} first headings")
    if not page.title:
        found.append("no title")
    return found


def _inline(element: Element) -> Iterator[str]:
    if element.tag == "style" or (element.tag == "script" and (not element.get("src") or text_within(element))):
        yield f"inline <{element.tag}>"
    for name, value in element.attrib.items():
        if name == "style" or name.startswith("on"):
            yield f"<{element.tag} {name}>"
        if name in {"href", "src", "action"} and value.lower().strip().startswith("javascript:"):
            yield f"<{element.tag} {name}={value}>"


def _htmx(element: Element) -> Iterator[str]:
    for attribute, value in element.attrib.items():
        if match := re.fullmatch(r"(?:data-)?hx-(.+)", attribute):
            allowed = HTMX.get(match[1])
            if not allowed or not re.fullmatch(allowed, value):
                yield f"{attribute}={value}"
            elif match[1] in {"get", "post"} and value != element.get("action" if element.tag == "form" else "href"):
                yield f"{attribute}={value} goes elsewhere without scripts"


def _references(element: Element, ids: set[str | None]) -> Iterator[str]:
    named = [name for attribute in REFERENCES for name in element.get(attribute, "").split()]
    href = element.get("href", "")
    if href.startswith("#"):
        named.append(href.removeprefix("#"))
    for name in named:
        if name not in ids:
            yield f"<{element.tag}> refers to #{name}, which is not there"


def text_within(element: Element) -> str:
    return "".join(element.itertext()).strip()
