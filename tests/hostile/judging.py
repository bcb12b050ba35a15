"""What every answer must satisfy, whatever was sent and by whom."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.db import connection

from tests.assessment.reading import Response

MAX_QUERIES = 250
"""What the largest page of staff takes is half of it; a page that asks for each line that was sent would take more."""

REFLECTED = re.compile(
    r"<(/\w+><)?/?hostile|<svg/onload|<img src=x|<script>|srcdoc='|<base href=//|<style>@"
    r"|<a href=javascript|[\"'] hostile="
    r"|(href|src|action)=\"\s*(javascript|data:text|vbscript|//hostile|https://hostile)",
    re.IGNORECASE,
)
"""Markup that was sent and came back as markup."""

INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>|<style|<\w[^>]*\s(style|on\w+)=\"")
"""What the Content-Security-Policy forbids."""

KEPT_WITHOUT_A_RIGHT = {"accounts_loginevent", "accounts_throttle", "limits_usage", "django_session"}
"""Tables that a request may write to although it is refused: who tried what, and how often."""

WRITE = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What no text in the database has."""

POLICY = ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Cross-Origin-Resource-Policy")


@dataclass
class Effort:
    """What a request did to the database."""

    queries: int = 0
    written: set[str] = field(default_factory=set)
    unclean: set[str] = field(default_factory=set)

    def note(self, execute: Callable[..., Any], statement: str, parameters: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        """Stand before the database; see ``execute_wrapper``."""
        self.queries += 1
        if found := WRITE.match(statement):
            self.written.add(found[1])
            rows = parameters if many else [parameters]
            texts = [text for row in rows for text in row or () if isinstance(text, str)]
            self.unclean |= {f"{found[1]} {text[:60]!r}" for text in texts if CONTROL.search(text)}
        return execute(statement, parameters, many, context)


@contextmanager
def effort() -> Iterator[Effort]:
    """What is done within."""
    seen = Effort()
    with connection.execute_wrapper(seen.note):
        yield seen


def is_refusal(answer: Response) -> bool:
    """Whether somebody may not be here, or nothing is."""
    return answer.status_code in {400, 401, 403, 404, 405, 413} or "/login/" in answer.get("Location", "")


def says_nothing(answer: Response) -> bool:
    """Whether a page that takes forms came back without a word about what is wrong."""
    return answer.status_code == 200 and 'method="post"' in answer.text and 'role="alert"' not in answer.text


def faults(answer: Response, seen: Effort) -> Iterator[str]:
    """Everything that is wrong with an answer, each in a few words."""
    if answer.status_code >= 500:
        yield f"status {answer.status_code}"
    yield from (f"no {name}" for name in POLICY if name not in answer)
    if urlsplit(answer.get("Location", "")).netloc not in {"", "testserver"}:
        yield f"leads to {answer['Location'][:60]}"
    if seen.queries > MAX_QUERIES:
        yield f"{seen.queries} queries"
    if is_refusal(answer) and (written := seen.written - KEPT_WITHOUT_A_RIGHT):
        yield f"refused and wrote {written}"
    yield from (f"stored {text}" for text in seen.unclean)
    if answer.get("Content-Type", "").startswith("text/html"):
        yield from _faults_of_page(answer)


def _faults_of_page(answer: Response) -> Iterator[str]:
    page = answer.text
    for name, pattern in {"reflects": REFLECTED, "inline": INLINE}.items():
        if found := pattern.search(page):
            yield f"{name} {page[max(found.start() - 40, 0) : found.end() + 40]!r}"
    if answer.status_code >= 400 and ("<h1" not in page or "<a " not in page):
        yield "an error without words or a way on"
