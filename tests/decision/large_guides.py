"""Large guides of several shapes, made by a seed: the same seed gives the same guide."""

from collections.abc import Iterable
from random import Random

from msgspec import structs

from advisor.decision.conditions import guide_vocabulary
from advisor.decision.guide import Condition, FollowUp, Guide, NeedRow, Outcome, Remark, RemarkKind, Rule, Signal
from tests.decision.small_guides import question
from tests.guides import role, small_guide

OUTCOMES = 5


def without_tables(*, roles: int, questions: int, choices: int, signals: int, follow_ups: int = 0) -> Guide:
    """A guide that asks for all this: first about each role, then other questions, the last of them in follow-ups."""
    keys = [f"r{number}" for number in range(roles)]
    about = [question(f"q{number}", choices, key) for number, key in enumerate(keys)]
    plain = [question(f"p{number}", choices) for number in range(questions - roles - follow_ups)]
    further = [question(f"f{number}", choices, follow_up=f"f{number}") for number in range(follow_ups)]
    return structs.replace(
        small_guide(),
        some_from=1,
        strong_from=3,
        roles=tuple(role(key) for key in keys),
        dimensions=(),
        signals=tuple(
            Signal(f"s{number}", keys[number * roles // signals], f"s{number}", "text", "reason", ())
            for number in range(signals)
        ),
        questions=(*about, *plain, *further),
        follow_ups=tuple(FollowUp(one.key, one.key, "", ({"q0": ("c0",)},)) for one in further),
        outcomes=tuple(Outcome(f"o{number}", "An outcome", "Do", "Do it.", ()) for number in range(OUTCOMES)),
        rules=(),
        remarks=(),
    )


def some_condition(random: Random, guide: Guide, names: Iterable[str], most: int, least: int = 1) -> Condition:
    """A condition on some of these inputs, each with one of its values or a few."""
    vocabulary = guide_vocabulary(guide)
    chosen = random.sample([*names], random.randint(least, most))
    return {
        name: tuple(random.sample(vocabulary[name], random.randint(1, max(1, len(vocabulary[name]) // 2))))
        for name in chosen
    }


def with_rules(random: Random, guide: Guide, names: Iterable[str], *, rules: int, most: int, remarks: int) -> Guide:
    """The guide with an outcome table and remarks that name some of these inputs."""
    names = [*names]
    return structs.replace(
        guide,
        rules=(
            *(
                Rule(some_condition(random, guide, names, most, least=2), f"o{number % OUTCOMES}", "So.")
                for number in range(rules - 1)
            ),
            Rule({}, "o0", "Otherwise."),
        ),
        remarks=tuple(
            Remark(
                f"m{number}",
                RemarkKind.ADVICE if number % 2 else RemarkKind.CAUTION,
                "Title",
                "Text",
                {"outcome": (f"o{number % OUTCOMES}",), **some_condition(random, guide, names, 2)},
            )
            for number in range(remarks)
        ),
    )


def nine_questions(seed: int = 1) -> Guide:
    """49 rules that name up to four of nine questions of four choices."""
    random = Random(seed)
    guide = without_tables(roles=2, questions=9, choices=4, signals=10)
    return with_rules(random, guide, guide.question, rules=49, most=4, remarks=10)


def nine_questions_each(seed: int = 1) -> Guide:
    """49 rules each of which names all of nine questions."""
    random = Random(seed)
    guide = without_tables(roles=2, questions=9, choices=4, signals=10)
    guide = with_rules(random, guide, guide.question, rules=49, most=2, remarks=10)
    rules = tuple(
        structs.replace(
            rule, when={key: tuple(random.sample([f"c{n}" for n in range(4)], 3)) for key in guide.question}
        )
        for rule in guide.rules[:-1]
    )
    return structs.replace(guide, rules=(*rules, guide.rules[-1]))


def large(seed: int = 1, *, single_signals: bool = False) -> Guide:
    """Six roles, twelve questions of six choices, forty signals, and sixty rules: ten about each role, which name its
    question, its evidence or two of its signals, and two other questions.
    """
    random = Random(seed)
    guide = without_tables(roles=6, questions=12, choices=6, signals=40, follow_ups=2)
    rules: list[Rule] = []
    remarks: list[Remark] = []
    for number, one in enumerate(guide.roles):
        names = [f"q{number}", f"evidence:{one.key}", f"p{number % 4}", f"p{(number + 1) % 4}", f"f{number % 2}"]
        if single_signals:
            names += [f"signal:{signal.key}" for signal in guide.signals_of[one.key][:2]]
        of_role = with_rules(random, guide, names, rules=11, most=3, remarks=4)
        rules += of_role.rules[:-1]
        remarks += [structs.replace(remark, key=f"{remark.key}-{number}") for remark in of_role.remarks]
    ending = Rule({}, "o0", "Otherwise.")
    return structs.replace(guide, rules=(*rules, ending), remarks=tuple(remarks))


def large_with_needs(seed: int = 1, *, rules: int = 60) -> Guide:
    """The same with a table for each role like those of the first guide. Rules name needs and three follow-ups, which
    are asked where several roles are needed.
    """
    random = Random(seed)
    guide = without_tables(roles=6, questions=12, choices=6, signals=40, follow_ups=3)
    roles = tuple(
        structs.replace(one, need=need_table(guide, number, one.key)) for number, one in enumerate(guide.roles)
    )
    follow_ups = tuple(
        structs.replace(one, asked_when=({f"need:r{2 * number}": ("yes",), f"need:r{2 * number + 1}": ("yes",)},))
        for number, one in enumerate(guide.follow_ups)
    )
    guide = structs.replace(guide, roles=roles, follow_ups=follow_ups)
    names = [name for name in guide_vocabulary(guide) if name.startswith("need:")]
    names += [one.key for one in guide.questions if one.follow_up or one.key in {"p1", "p2"}]
    return with_rules(random, guide, names, rules=rules, most=4, remarks=20)


def need_table(guide: Guide, number: int, key: str) -> tuple[NeedRow, ...]:
    """The table of the n-th role: each choice of ``p0`` names one role."""
    evidence, asked, named = f"evidence:{key}", f"q{number}", (f"c{number}",)
    other = next(signal.key for signal in guide.signals if signal.role == f"r{(number + 1) % len(guide.roles)}")
    return tuple(
        NeedRow(when, needed, "So.")
        for when, needed in (
            ({evidence: ("strong",)}, True),
            ({evidence: ("none",), asked: ("c0",), "p0": named}, True),
            ({evidence: ("none",), f"signal:{other}": ("yes",)}, False),
            ({evidence: ("none",), asked: ("c1", "c2"), "p0": named}, False),
            ({"p0": named}, True),
            ({asked: ("c0",)}, True),
            ({evidence: ("some",), asked: ("c5",), "balance": (key,)}, True),
            ({}, False),
        )
    )


def deep(signals: int) -> Guide:
    """A need with a row for each of very many signals, which makes diagrams as deep as there are signals."""
    found = tuple(Signal(f"s{n}", "cook", f"Sign {n}", "It is.", "So it is.", ()) for n in range(signals))
    rows = [
        NeedRow({f"signal:s{n}": ("yes",), "kitchen": (["yes", "no"][n % 2],)}, n % 3 == 0, "So.")
        for n in range(signals)
    ]
    cook, waiter = small_guide().roles
    roles = (structs.replace(cook, need=(*rows, NeedRow({}, needed=False, reason="No."))), waiter)
    return small_guide(signals=found, roles=roles, remarks=())
