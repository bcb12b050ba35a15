"""Visitors who walk as browsers do, with scripts or without, and what should be counted of them."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.test import Client

from advisor.decision.guide import Guide, RemarkKind
from advisor.decision.recommendation import recommend
from advisor.funnel.buffer import buffer
from advisor.funnel.models import Count
from tests.assessment.reading import Response
from tests.load.visitors import CHROME, Addresses, Walk

HERE = "http://testserver"

Steps = Counter[tuple[str, str, str]]
"""How often a step was taken: its name, what it is about, and the certainty."""


class Browser:
    """Goes to addresses and says what a browser says: its name, and the page that it came from."""

    def __init__(self, client: Client, *, scripts: bool = False, headers: Mapping[str, str] | None = None) -> None:
        self.at = ""
        self._client = client
        self._scripts = scripts
        self._headers = {"User-Agent": CHROME, **(headers or {})}

    def open(self, address: str, **headers: str) -> Response:
        """Type an address, or follow a link from elsewhere."""
        self.at = ""
        return self.follow(address, **headers)

    def follow(self, address: str, **headers: str) -> Response:
        """Follow a link on the page; redirects come from the same page."""
        referrer = {"Referer": HERE + self.at} if self.at else {}
        answer = self._get(address, referrer | {name.replace("_", "-"): value for name, value in headers.items()})
        while answer.status_code == 302:
            address = answer["Location"]
            answer = self._get(address, referrer)
        self.at = address
        return answer

    def send(self, address: str) -> Response:
        """Send the form of a page, whose fields make this address."""
        if not self._scripts:
            return self.follow(address)
        here = {"HX-Request": "true", "HX-Current-URL": HERE + self.at, "Referer": HERE + self.at}
        answer = self._get(address, here)
        self.at = answer.get("HX-Push-Url", "false").replace("false", "") or self.at
        return answer

    def _get(self, address: str, headers: Mapping[str, str]) -> Response:
        return self._client.get(address, headers={**self._headers, **headers})


def walk(browser: Browser, to: Addresses, walk: Walk) -> Response:
    """From the landing to the result."""
    browser.open(f"/{to.guide.key}/")
    browser.follow(to.page(walk.steps[0].page, walk.steps[0].before))
    *before, last = map(to.sent, walk.steps)
    for address in before:
        browser.send(address)
    return browser.send(last)


def expected(guide: Guide, walk: Walk) -> Steps:
    """What should be counted of one walk from the landing to the result."""
    recommendation = recommend(guide, walk.answers)
    pages = [step.page.key for step in walk.steps]
    seen = [found.remark.key for found in recommendation.remarks if found.remark.kind is RemarkKind.CONTRADICTION]
    asked = {question.role for step in walk.steps for question in step.page.questions}
    ticked = [signal.key for signal in guide.signals if signal.role in asked and signal.key in walk.answers.signals]
    return Counter(
        [
            ("landing", "", ""),
            *(("shown", page, "") for page in pages),
            *(("answered", page, "") for page in pages),
            ("result", recommendation.outcome.key, recommendation.certainty.value),
            *(("signal", key, "") for key in ticked),
            *(("contradiction", key, "") for key in seen),
        ]
    )


def counted(**which: Any) -> Steps:
    """What has been counted, all that waits included."""
    buffer.flush()
    found: Steps = Counter()
    for count in Count.objects.filter(**which):
        found[count.step, count.about, count.certainty] += count.number
    return found
