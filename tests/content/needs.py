"""A guide of its own whose roles have needs: a cook or a waiter, as an edition of format 2 was exported."""

from advisor.content.models import Guide, NeedRow, Role
from advisor.content.portable import import_guide
from tests.editions import folder_of

KEY = "cook-or-waiter"


def guide_with_needs(key: str = KEY) -> Guide:
    """The guide as a draft: five rows say when each of its two roles is needed, and its rules ask for that."""
    return import_guide((folder_of(2) / "needs-of-roles/export.json").read_bytes(), key=key)


def cook() -> Role:
    return Role.objects.get(guide__key=KEY, key="cook")


def need_row(position: int) -> NeedRow:
    """A row of the cook's need."""
    return NeedRow.objects.get(role=cook(), position=position)
