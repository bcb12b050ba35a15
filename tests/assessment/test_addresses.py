"""Addresses that mean something else can be neither a guide nor a question."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from advisor.decision.guide_checks import RESERVED_GUIDE_KEYS, RESERVED_QUESTION_KEYS, key_problem
from tests.assessment.addresses import LANDING
from tests.assessment.reading import Page
from tests.conftest import GUIDE


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every address of the site as it is written in urls.py, the admin's with its first segment only."""
    for pattern in resolver.url_patterns:
        address = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLPattern) or pattern.namespace == "admin":
            yield address
        else:
            yield from addresses(pattern, address)


def test_no_guide_can_take_the_place_of_another_address() -> None:
    first = {address.split("/")[0] for address in addresses(get_resolver())} - {""}

    taken = {segment for segment in first if not segment.startswith("<")}

    assert {"admin", "healthz", "readyz", "r", "privacy", "accessibility"} <= taken
    # What is promised for later is kept free.
    assert [segment for segment in taken | {"calls"} if not key_problem(segment, RESERVED_GUIDE_KEYS)] == []
    assert settings.STATIC_URL.strip("/") in RESERVED_GUIDE_KEYS


def test_no_question_can_take_the_place_of_another_address_or_parameter() -> None:
    of_a_guide = [address for address in addresses(get_resolver()) if address.startswith("<guide:guide_key>/")]
    second = {address.split("/")[1] for address in of_a_guide}

    taken = {segment for segment in second if segment and not segment.startswith("<")}

    assert {"result", "call"} <= taken
    # Either reserved or, like memo.pdf, nothing that a key can be.
    assert [segment for segment in taken if not key_problem(segment, RESERVED_QUESTION_KEYS)] == []
    assert {"edition", "signal", "asked", "ref"} <= RESERVED_QUESTION_KEYS


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("address", [LANDING, f"/{GUIDE}/software/", f"/{GUIDE}/result/", "/privacy/", "/r/"])
def test_a_missing_slash_at_the_end_is_added(visitor: Client, address: str) -> None:
    answer = visitor.get(f"{address.removesuffix('/')}?edition=1")

    assert answer.status_code == 301
    assert answer["Location"] == f"{address}?edition=1"


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("address", ["/no-such-page", "/a/b/c/d/", f"/{GUIDE}/result/more/", "/%00/", "/.env"])
def test_what_is_nowhere_is_not_found(visitor: Client, address: str) -> None:
    answer = visitor.get(address, follow=True)

    page = Page(answer)
    assert answer.status_code == 404
    assert page.text("h1") == "We could not find that page"
