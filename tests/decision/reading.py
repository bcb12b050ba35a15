"""A recommendation read whole: parts of it are only found when somebody asks for them."""

from functools import cached_property
from typing import Any

from advisor.decision.recommendation import Recommendation

PARTS = [
    name
    for name, part in vars(Recommendation).items()
    if isinstance(part, cached_property) and not name.startswith("_")
]


def everything(recommendation: Recommendation) -> dict[str, Any]:
    """All that it says, by name; two that say the same are equal."""
    found = {name: getattr(recommendation, name) for name in ("rule", "outcome", *PARTS)}
    assert found.keys() >= {"certainty", "doubts", "roles", "reasons", "remarks", "changes"}
    return found
