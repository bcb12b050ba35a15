"""Random small guides: a few roles, some with needs, questions, follow-ups, signals, and tables that may leave gaps."""

from hypothesis import strategies as st
from msgspec import structs

from advisor.decision.conditions import Stage, guide_vocabulary
from advisor.decision.guide import (
    Choice,
    Condition,
    FollowUp,
    Guide,
    NeedRow,
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
def conditions(draw: st.DrawFn, guide: Guide, *, stage: Stage = Stage.RULE, most: int = 3) -> Condition:
    """A condition that may name whatever is known at a stage."""
    vocabulary = {name: values for name, values in guide_vocabulary(guide).items() if values}
    if stage < Stage.REMARK:
        vocabulary.pop("outcome", None)
    if stage is Stage.NEED:
        later = {question.key for question in guide.questions if question.follow_up}
        vocabulary = {name: values for name, values in vocabulary.items() if name not in later and "need:" not in name}
    names = draw(st.lists(st.sampled_from(sorted(vocabulary)), unique=True, max_size=most))
    return {name: tuple(draw(st.lists(st.sampled_from(vocabulary[name]), unique=True, min_size=1))) for name in names}


@st.composite
def need_tables(draw: st.DrawFn, guide: Guide) -> tuple[NeedRow, ...]:
    """The table of a role; it may be empty, leave gaps, and say the same in every row."""
    whens = draw(st.lists(conditions(guide, stage=Stage.NEED), max_size=3))
    rows = [NeedRow(when, needed=draw(st.booleans()), reason="Because.") for when in whens]
    is_ended = draw(st.booleans())
    if rows and is_ended:
        rows.append(NeedRow({}, needed=False, reason="Otherwise."))
    return tuple(rows)


@st.composite
def small_guides(draw: st.DrawFn) -> Guide:
    """A guide with at most some thousand sets of answers."""
    roles = [f"r{number}" for number in range(draw(st.integers(1, 3)))]
    about = [question(f"q{number}", draw(st.integers(2, 3)), key) for number, key in enumerate(roles)]
    plain = [question("p0", draw(st.integers(2, 3)))] if draw(st.booleans()) else []
    follow_ups = [f"f{number}" for number in range(draw(st.integers(0, 2)))]
    further = [question(f"{key}-q", draw(st.integers(2, 3)), follow_up=key) for key in follow_ups]
    if follow_ups and len(roles) < 3 and draw(st.booleans()):
        further.append(question(f"{follow_ups[-1]}-r", 2, follow_up=follow_ups[-1]))
    # Something may be asked of everyone after a follow-up, which then knows nothing of it.
    asked_last = plain if draw(st.booleans()) else []
    asked = (*about, *(plain if not asked_last else ()), *further, *asked_last)
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
        questions=asked,
        follow_ups=(),
        outcomes=tuple(Outcome(key, key, key, key, ()) for key in OUTCOMES),
        rules=(),
        remarks=(),
    )
    if draw(st.booleans()):
        with_needs = tuple(structs.replace(one, need=draw(need_tables(guide))) for one in guide.roles)
        guide = structs.replace(guide, roles=with_needs)
    asked_when = []
    for key in follow_ups:
        first = next(place for place, one in enumerate(asked) if one.follow_up == key)
        before = structs.replace(guide, questions=asked[:first])
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
        for number, when in enumerate(draw(st.lists(conditions(guide, stage=Stage.REMARK), max_size=4)))
    ]
    return structs.replace(guide, rules=tuple(rules), remarks=tuple(remarks))
