"""Every address that the site answers at, from its resolver: a new one is here without being written down."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote
from zlib import crc32

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.test.utils import override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from advisor.booking.models import Call, Host
from advisor.content.models import PreviewLink
from advisor.delivery.models import Message
from advisor.leads.models import Lead, Person
from advisor.mailing.addresses import hash_of, stop_token
from tests.booking.intakes import link_to, use_up, waits
from tests.conftest import ANSWERS, GUIDE, new_client
from tests.content.making import draft

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
"""A part of an address that may be anything: ``<slug:guide_key>`` or ``(?P<url>.*)``."""

PUBLIC = "public"


@dataclass(frozen=True)
class Address:
    """An address with its parameters open, as the resolver has it."""

    route: str
    name: str

    @cached_property
    def parameters(self) -> list[str]:
        return [one or other for one, other in PARAMETER.findall(self.route)]

    @cached_property
    def seed(self) -> int:
        """The same in every run, and another one for every address."""
        return crc32(self.route.encode())

    @property
    def room(self) -> str:
        """What is attacked by one test: the public pages, or a model of the admin."""
        parts = self.route.split("/")
        if parts[0] != "admin":
            return PUBLIC
        return ".".join(parts[1:3]) if len(parts) > 3 and "<" not in parts[1] + parts[2] else "admin"

    @property
    def model(self) -> type[models.Model] | None:
        """Whose page of the admin this is."""
        parts = self.route.split("/")
        return apps.all_models.get(parts[1], {}).get(parts[2]) if len(parts) > 3 and parts[0] == "admin" else None

    def path(self, values: dict[str, bytes]) -> str:
        """This address with its parameters filled in, ``/`` among them."""
        return "/" + PARAMETER.sub(lambda found: quote(values[found[1] or found[2]], safe=""), self.route)


def every_address() -> list[Address]:
    """In the order in which they are looked for."""
    return list(_addresses(get_resolver().url_patterns, ""))


def _addresses(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, route)
        else:
            yield Address(route, pattern.name or "")


class Known:
    """What parameters may be so that something is there. One of which nothing is known gets ``1``."""

    def __init__(self) -> None:
        host, call, lead, person, link = (first(model) for model in (Host, Call, Lead, Person, PreviewLink))
        self._words: dict[str, Any] = {
            "guide_key": GUIDE,
            "question_key": "software",
            "outcome_key": "fractional-cto",
            "typed": "222-QMW-3QF",
            "guide_id": draft().pk,
            "link_id": link.pk,
            "key": "software",
            "kind": "roles",
            "change": "retire",
            "step": "words",
            "number": 1,
            "table": "funnel",
            "app_label": "content",
            "url": "nothing",
            "lead_id": lead.pk,
            "person_id": person.pk,
            "host_id": host.pk,
            "user_id": host.user_id,
            "id": get_user_model()._default_manager.latest("pk").pk,
            "token": call.token,
        }
        self._of: dict[str, dict[str, Any]] = {
            "content_guide_need": {"key": "head-of-ai"},
            "content_guide_role_step": {"key": "head-of-ai"},
            "content_guide_role_done": {"key": "head-of-ai"},
            "thanks": {"key": "key-of-the-form"},
            "host-feed": {"token": host.feed_token},
            "confirm-call": {"token": _token_of_an_intake()},
            "stop-mail": {"token": stop_token(hash_of("founder@example.com"))},
            "confirm-mail": {"token": _token_of_a_result_by_mail()},
            **{page: {"token": link.token} for page in ("preview", "preview-result", "preview-question")},
        }

    def values(self, address: Address) -> dict[str, bytes]:
        """A value for each parameter of an address."""
        known = self._words | self._of_model(address) | self._of.get(address.name, {})
        return {name: str(known.get(name, 1)).encode() for name in address.parameters}

    def query(self, address: Address) -> str:
        """What the address needs beside it: the answers of a visitor."""
        if address.name == "together":
            return "code=222-QMW-3QF&code=226-8MW-6QQ"
        return f"{ANSWERS['fractional-cto']}&edition=1" if address.room == PUBLIC else ""

    def _of_model(self, address: Address) -> dict[str, Any]:
        if not address.model:
            return {}
        row: Any = first(address.model)
        found = {"object_id": row.pk, "pk": row.pk}
        if "history" in address.route and "number" in address.parameters:
            found["number"] = row.history.first().pk
        return found


def first(model: type[models.Model]) -> Any:
    row = model._default_manager.order_by("pk").first()
    assert row, f"something_of_everything has no {model.__name__}"
    return row


def _token_of_an_intake() -> str:
    """The key to the page that confirms a request, of one that waits."""
    with override_settings(FORM_LIMITS=True):
        use_up()
        return link_to(waits(1, slot=0)).split("/")[2]


def _token_of_a_result_by_mail() -> str:
    """The key to the page that asks for a result by mail."""
    new_client().post(f"/{GUIDE}/result/mail/?{ANSWERS['fractional-cto']}&edition=1", {"email": "founder@example.com"})
    found = re.search(r"/r/mail/([\w-]{40,})/", Message.objects.latest("pk").text)
    assert found
    return found[1]
