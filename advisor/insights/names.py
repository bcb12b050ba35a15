"""Keys in the words of the guide. Counts outlive what they are about: what a guide does not know shows its key."""

from collections.abc import Iterable
from dataclasses import dataclass

from advisor.decision.guide import Guide, RemarkKind


@dataclass(frozen=True)
class Names:
    """The words of one edition; each mapping is in its order."""

    pages: dict[str, str]
    outcomes: dict[str, str]
    signals: dict[str, str]
    contradictions: dict[str, str]


def names_in(guide: Guide) -> Names:
    """The words of a guide."""
    return Names(
        {page.key: page.follow_up.title if page.follow_up else page.questions[0].name for page in guide.pages},
        {outcome.key: outcome.name for outcome in guide.outcomes},
        {signal.key: signal.name for signal in guide.signals},
        {remark.key: remark.title for remark in guide.remarks if remark.kind is RemarkKind.CONTRADICTION},
    )


def ordered(names: dict[str, str], counted: Iterable[str]) -> dict[str, str]:
    """All that there is a name for, in order, and after it what was counted and has none any more."""
    return names | {key: f"{key} (not in this edition)" for key in sorted(set(counted) - set(names))}
