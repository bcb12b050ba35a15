"""What an answer says about a role is what trying it beside every other answer gives."""

from collections.abc import Sequence
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from advisor.decision import polarity
from advisor.decision.answers import Answers
from advisor.decision.conditions import guide_vocabulary
from advisor.decision.diagrams import Diagrams
from advisor.decision.guide import Guide, NeedRow
from advisor.decision.logic import Logic
from advisor.decision.polarity import polarities, said_about_roles
from tests.decision import brute
from tests.decision.small_guides import small_guides
from tests.guides import question, small_guide


@settings(max_examples=100, deadline=None)
@given(small_guides())
def test_the_polarity_of_an_answer_is_what_trying_it_beside_all_others_gives(guide: Guide) -> None:
    vocabulary = guide_vocabulary(guide)
    for role in guide.roles:
        named = sorted({name for row in role.need for name in row.when})
        expected = {}
        for name in named:
            nothing = "no" if name.startswith("signal:") else "not-answered"
            if nothing not in vocabulary[name]:
                continue
            others = [other for other in named if other != name]
            for value in vocabulary[name]:
                moves = set()
                for values in product(*(vocabulary[other] for other in others)):
                    facts = dict(zip(others, values, strict=True))
                    before, after = (brute.need_of(role, facts | {name: one})[1] for one in (nothing, value))
                    moves |= {(before, after)} if before != after else set()
                if len(moves) == 1:
                    expected[name, value] = "for" if moves == {("no", "yes")} else "against"

        assert polarities(role.need, vocabulary) == expected


@settings(max_examples=60, deadline=None)
@given(small_guides())
def test_needs_and_outcomes_are_what_they_are_however_often_they_are_asked_for(guide: Guide) -> None:
    logic = Logic(guide)
    every = list(brute.every_set(guide))[:200]

    for one, facts in [*every, *reversed(every)]:
        active_bits = logic.active_bits(logic.answer_bits(Answers(one.choices, one.ticked)))
        for table in logic.needs:
            assert bool(active_bits & table.yes) == (facts[f"need:{table.role}"] == "yes")
            assert bool(active_bits & table.no) == (facts[f"need:{table.role}"] == "no")
        if number := brute.rule_of(guide, facts):
            assert logic.outcome(active_bits) == (number, guide.rules[number - 1].outcome)


def test_a_visitor_does_not_wait_for_what_very_large_tables_say_for_and_against(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[Diagrams] = []

    class Watched(Diagrams):
        def __init__(self, ways: Sequence[Sequence[int]], max_nodes: int) -> None:
            super().__init__(ways, max_nodes)
            made.append(self)

    monkeypatch.setattr(polarity, "Diagrams", Watched)
    draw, small = Random(1), small_guide()
    questions = tuple(question(f"q{number}", "a", "b", "c", "d") for number in range(30))
    table = tuple(
        NeedRow({asked.key: (draw.choice("abcd"),) for asked in draw.sample(questions, 5)}, draw.random() < 0.5, "So.")
        for _ in range(50)
    )
    roles = tuple(replace(one, need=(*table, NeedRow({}, needed=False, reason="No."))) for one in small.roles)

    said = said_about_roles(replace(small, roles=roles, questions=(*small.questions, *questions)))

    assert sum(one.work for one in made) <= polarity.MAX_NODES + len(roles)
    # The signals of a role speak for it in any case.
    assert [(one.question, one.choices) for one in said["cook"]] == [("kitchen", {})]
