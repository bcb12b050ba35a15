"""Random small guides: a few roles, questions, follow-ups and signals, and tables that may leave gaps."""

from hypothesis import strategies as st
from msgspec import structs

from advisor.decision.conditions import guide_vocabulary
from advisor.decision.guide import (
    Choice,
    Condition,
    FollowUp,
    Guide,
    Outcome,
    Question,
    Remark,
    RemarkKind,
    Rule,
    Signal,
)
from tests.guides import role, small_guide

OUTCOMES = ("this", "that", "neither")


def question(key: str, choices: int, about: str = "", follow_up: str = "") -> Question:
    return Question(
        key=key,
        name=key,
        text=f"{key}?",
        help="",
        choices=tuple(Choice(f"c{number}", f"Choice {number}", affirms=number == 0) for number in range(choices)),
        role=about,
        signals_text="Which?" if about else "",
        follow_up=follow_up,
    )


@st.composite
def conditions(draw: st.DrawFn, guide: Guide, *, outcome: bool = False, most: int = 3) -> Condition:
    vocabulary = {
        name: values for name, values in guide_vocabulary(guide).items() if values and (outcome or name != "outcome")
    }
    names = draw(st.lists(st.sampled_from(sorted(vocabulary)), unique=True, max_size=most))
    return {name: tuple(draw(st.lists(st.sampled_from(vocabulary[name]), unique=True, min_size=1))) for name in names}


@st.composite
def small_guides(draw: st.DrawFn) -> Guide:
    """A guide with at most some thousand sets of answers."""
    roles = [f"r{number}" for number in range(draw(st.integers(1, 3)))]
    about = [question(f"q{number}", draw(st.integers(2, 3)), key) for number, key in enumerate(roles)]
    plain = [question("p0", draw(st.integers(2, 3)))] if draw(st.booleans()) else []
    follow_ups = [f"f{number}" for number in range(draw(st.integers(0, 2)))]
    further = [question(f"{key}-q", draw(st.integers(2, 3)), follow_up=key) for key in follow_ups]
    signals = tuple(
        Signal(f"s{number}", draw(st.sampled_from(roles)), f"s{number}", "text", "reason", ())
        for number in range(draw(st.integers(0, 4)))
    )
    some = draw(st.integers(1, 2))
    guide = structs.replace(
        small_guide(),
        some_from=some,
        strong_from=draw(st.integers(some, 3)),
        roles=tuple(role(key) for key in roles),
        dimensions=(),
        signals=signals,
        questions=(*about, *plain, *further),
        follow_ups=(),
        outcomes=tuple(Outcome(key, key, key, key, ()) for key in OUTCOMES),
        rules=(),
        remarks=(),
    )
    asked_when = []
    for place, key in enumerate(follow_ups):
        before = structs.replace(guide, questions=(*about, *plain, *further[:place]))
        whens = draw(st.lists(conditions(before, most=2), min_size=1, max_size=2))
        asked_when.append(FollowUp(key, key, "", tuple(whens)))
    guide = structs.replace(guide, follow_ups=tuple(asked_when))
    rules = [
        Rule(when, draw(st.sampled_from(OUTCOMES)), "Because.")
        for when in draw(st.lists(conditions(guide), min_size=1, max_size=5))
    ]
    if draw(st.booleans()):
        rules.append(Rule({}, "neither", "Otherwise."))
    remarks = [
        Remark(f"m{number}", draw(st.sampled_from(list(RemarkKind))), "title", "text", when)
        for number, when in enumerate(draw(st.lists(conditions(guide, outcome=True), max_size=4)))
    ]
    return structs.replace(guide, rules=tuple(rules), remarks=tuple(remarks))
