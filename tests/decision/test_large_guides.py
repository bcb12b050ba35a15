"""Large guides of several shapes are proved; what is out of reach is refused."""

from collections.abc import Callable

import pytest

from advisor.decision.answers import Answers
from advisor.decision.guide import Guide
from advisor.decision.proof import TooLargeError, prove
from advisor.decision.recommendation import recommend
from tests.decision import large_guides

PROVED: dict[str, tuple[Callable[[], Guide], int]] = {
    "49 rules that name up to four of nine questions": (large_guides.nine_questions, 50_000),
    "49 rules that name nine questions": (large_guides.nine_questions_each, 250_000),
    "six roles and sixty rules on answers and evidence": (large_guides.large, 800_000),
    "six roles with tables like those of the first guide": (large_guides.large_with_needs, 1_200_000),
}
"""Each with the nodes that it takes at most. A second works out some 200,000."""


@pytest.mark.parametrize(("make", "most"), PROVED.values(), ids=PROVED)
def test_a_large_guide_is_proved_in_few_enough_nodes(make: Callable[[], Guide], most: int) -> None:
    proof = prove(make())

    assert sum(share.count for share in proof.outcomes) == proof.answer_sets
    assert proof.work.done <= most


def test_a_guide_that_is_too_deep_is_refused_and_recommends_all_the_same() -> None:
    guide = large_guides.deep(340)

    with pytest.raises(TooLargeError):
        prove(guide)
    assert recommend(guide, Answers()).outcome.key == "nobody"


def test_what_is_out_of_reach_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("advisor.decision.proof.prover.MAX_NODES", 20_000)

    with pytest.raises(TooLargeError, match="61 rules"):
        prove(large_guides.large())


def test_the_same_seed_gives_the_same_guide() -> None:
    one, other = large_guides.large_with_needs(3), large_guides.large_with_needs(3)

    assert one.rules == other.rules
    assert one.roles == other.roles
