"""The draft of a guide made from an edition again: all of it, or some of its parts."""

from collections.abc import Collection

from django.db import transaction
from msgspec import structs, to_builtins

from advisor.content.actions import StaleDraftError
from advisor.content.documents import checksum, read_edition
from advisor.content.drafts import UnwritableError, read_draft, rewrite_draft
from advisor.content.guide_parts import owned_models
from advisor.content.import_checks import import_problems
from advisor.content.models import Edition, Guide, Scenario
from advisor.content.models.declarations import document_fields
from advisor.content.scenarios import cases_of, cases_of_edition
from advisor.decision import guide as decision
from advisor.decision.guide import encode

WORDS = "words"
"""Stands for the fields of the guide itself, among the names of its lists."""


def changed_parts(draft: decision.Guide, edition: decision.Guide) -> list[tuple[str, str]]:
    """What says something else in the draft than in an edition: the name of each list, and how staff call it."""
    words = [(WORDS, "Words of the guide")] if _words(draft) != _words(edition) else []
    lists = [
        (model.part.list_name, model.part.plural)
        for model in owned_models(Guide)
        if model is not Scenario and getattr(draft, model.part.list_name) != getattr(edition, model.part.list_name)
    ]
    return [*words, *lists]


def draft_from(*, edition: Edition, parts: Collection[str], compared: str) -> None:
    """Make these parts of the draft say again what an edition says. With all that differs, its scenarios come back.

    ``compared`` is the checksum of the draft that was looked at. Raises ``StaleDraftError`` when it is another one by
    now, ``UnwritableError`` where the parts that stay name what would be gone, and ``UnreadableError``.
    """
    then = read_edition(edition)
    with transaction.atomic():
        guide = Guide.objects.select_for_update().get(pk=edition.guide_id)
        draft = read_draft(guide)
        if checksum(encode(draft)) != compared:
            raise StaleDraftError("The draft was changed after it was compared.")
        taken = {name: getattr(then, name) for name in parts if name != WORDS}
        if WORDS in parts:
            taken |= _words(then)
        value = structs.replace(draft, **taken)
        is_whole = {name for name, _ in changed_parts(draft, then)} <= {*parts}
        cases = cases_of_edition(edition) if is_whole else []
        cases = cases or cases_of(guide)
        if problems := import_problems(value, cases):
            said = {"guide": to_builtins(value), "scenarios": to_builtins(cases)}
            raise UnwritableError(problems, said)
        rewrite_draft(guide=guide, value=value, cases=cases)


def _words(value: decision.Guide) -> dict[str, object]:
    return {name: getattr(value, name) for name in document_fields(Guide) if name != "key"}
