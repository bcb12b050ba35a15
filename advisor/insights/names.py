"""The guides that were published, and the names of keys in them. A key that a guide no longer has is shown as it is."""

from collections.abc import Iterable

import msgspec

from advisor.content import models
from advisor.decision.guide import Guide, RemarkKind


def published_guides() -> list[tuple[str, str]]:
    """Key and title of every guide that has an edition, the default one first."""
    published = models.Guide.objects.filter(edition__isnull=False).distinct().order_by("-is_default", "number")
    return list(published.values_list("key", "title"))


class Names(msgspec.Struct, frozen=True):
    """The names of one edition, key to name, in its order."""

    pages: dict[str, str]
    outcomes: dict[str, str]
    signals: dict[str, str]
    contradictions: dict[str, str]


def names_of(guide: Guide) -> Names:
    """The names of a guide."""
    return Names(
        {page.key: page.follow_up.title if page.follow_up else page.questions[0].name for page in guide.pages},
        {outcome.key: outcome.name for outcome in guide.outcomes},
        {signal.key: signal.name for signal in guide.signals},
        {remark.key: remark.title for remark in guide.remarks if remark.kind is RemarkKind.CONTRADICTION},
    )


def with_unknown_keys(names: dict[str, str], counted: Iterable[str]) -> dict[str, str]:
    """All names in order, followed by the counted keys that the edition does not have."""
    return names | {key: f"{key} (not in this edition)" for key in sorted(set(counted) - set(names))}
