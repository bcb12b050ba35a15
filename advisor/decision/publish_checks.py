"""What keeps a guide from being published: everything that is missing, doubled or names what does not exist."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import get_type_hints

import msgspec

from advisor.decision import guide_checks
from advisor.decision.characters import is_visible
from advisor.decision.conditions import OUTCOME, STAGES, Stage, Vocabulary, condition_problems, guide_vocabulary
from advisor.decision.guide import Cell, Condition, FollowUp, Guide, OptionalText, Question
from advisor.decision.walk import example_answers


class Blocker(msgspec.Struct, frozen=True):
    """Something that is missing or wrong, and where: ``rules 3``, ``dimensions focus``."""

    place: str
    message: str
    is_text: bool = False
    """Whether only words are missing, so that the guide could be walked all the same."""
    is_broken: bool = False
    """Whether what decides names something that is not there, so that nothing can be asked of the guide at all."""


def is_provable(blockers: Iterable[Blocker]) -> bool:
    """Whether a guide with these blockers can be proved and walked: what its rules name is there."""
    return not any(blocker.is_broken for blocker in blockers)


def publish_blockers(guide: Guide) -> list[Blocker]:
    """Everything that keeps this guide from being published, in the order of the document."""
    found = [
        *_keys(guide),
        *_texts(guide),
        *_thresholds(guide),
        *_names(guide),
        *_table(guide),
        *_questions(guide),
        *_follow_ups(guide),
        *_outcomes(guide),
        *_conditions(guide),
        *_endings(guide),
    ]
    if is_provable(found):
        found += _example(guide)
    order = Guide.__struct_fields__.index
    return sorted(dict.fromkeys(found), key=lambda blocker: order(blocker.place.partition(" ")[0]))


def _keys(guide: Guide) -> Iterator[Blocker]:
    if problem := guide_checks.key_problem(guide.key, guide_checks.RESERVED_GUIDE_KEYS):
        yield Blocker("key", problem)
    if guide.number < 1:
        yield Blocker("number", "Guides are numbered from one.")
    for part, problem in guide_checks.unusable_keys(guide):
        # A key that was saved stays, so that the way out is another part.
        anew = (
            " Add the question anew under another key, and delete this one." if isinstance(part.value, Question) else ""
        )
        yield Blocker(part.place, problem + anew)
    for part in guide_checks.repeated_keys(guide):
        yield Blocker(part.place, "This key is given more than once.", is_broken=True)


def _texts(guide: Guide) -> Iterator[Blocker]:
    """Empty texts, and such as cannot be shown, wherever they are."""

    def wrong(value: object, place: str, *, may_be_empty: bool = False) -> Iterator[Blocker]:
        if isinstance(value, msgspec.Struct):
            named = f"{place} {key}" if isinstance(key := getattr(value, "key", None), str) and place else place
            for field in value.__struct_fields__:
                may_be_empty = field in _may_be_empty(type(value))
                yield from wrong(getattr(value, field), f"{named} {field}".strip(), may_be_empty=may_be_empty)
        elif isinstance(value, tuple):
            for number, part in enumerate(value, 1):
                has_key = isinstance(part, msgspec.Struct) and "key" in part.__struct_fields__
                yield from wrong(part, place if has_key else f"{place} {number}")
        elif isinstance(value, str):
            if not is_visible(value) and not may_be_empty:
                yield Blocker(place, "This text is missing.", is_text=True)
            if problem := guide_checks.text_problem(value):
                yield Blocker(place, problem, is_text=True)

    yield from wrong(guide, "")


@cache
def _may_be_empty(kind: type[msgspec.Struct]) -> frozenset[str]:
    hints = get_type_hints(kind, include_extras=True)
    optional = {name for name, hint in hints.items() if hint == OptionalText}
    return frozenset(optional | guide_checks.naming_fields(kind).keys())


def _thresholds(guide: Guide) -> Iterator[Blocker]:
    if not 1 <= guide.some_from <= guide.strong_from:
        yield Blocker("strong_from", "“Some” evidence begins at one signal or more, “strong” not below it.")


def _table(guide: Guide) -> Iterator[Blocker]:
    if not guide.roles:
        yield Blocker("roles", "A guide needs at least one role.")
    for part, cells in guide_checks.cells_by_role(guide):
        for role in guide.roles:
            if not cells[role.key]:
                yield Blocker(part.place, f"The cell for “{role.name}” is missing.")
        for role_key, times in cells.items():
            if role_key not in guide.role or times > 1:
                yield Blocker(part.place, f"The cell for “{role_key}” is doubled or of no role.")


def _names(guide: Guide) -> Iterator[Blocker]:
    for part, _, kind, key in guide_checks.unknown_names(guide):
        if kind == "follow-up":
            message = "Questions name this follow-up and it does not exist."
            yield Blocker(f"follow_ups {key}", message, is_broken=True)
        elif not isinstance(part.value, Cell):
            yield Blocker(part.place, f"There is no {kind} “{key}”.", is_broken=kind != "dimension")


def _questions(guide: Guide) -> Iterator[Blocker]:
    if all(question.follow_up for question in guide.questions):
        yield Blocker("questions", "A guide needs at least one question that everyone is asked.")
    for question in guide.questions:
        place = f"questions {question.key}"
        if len(question.choices) < 2:
            yield Blocker(place, "A question needs at least two choices.", is_broken=not question.choices)
        if question.role and not question.signals_text:
            yield Blocker(place, "The sentence above the signals is missing.")
        if question.role and not any(choice.affirms for choice in question.choices):
            yield Blocker(place, "One of the choices must say yes to the question’s role.")
        if any(choice.affirms and choice.unsure for choice in question.choices):
            yield Blocker(place, "A choice cannot say yes and leave the question open.")
        if question.role and question.follow_up:
            yield Blocker(place, "A follow-up cannot ask for signals.")
    for role in guide.roles:
        if guide_checks.questions_about(guide)[role.key] != 1:
            yield Blocker(f"roles {role.key}", f"“{role.name}” needs exactly one question about it.")


def _follow_ups(guide: Guide) -> Iterator[Blocker]:
    used: dict[str, list[int]] = {}
    for position, question in enumerate(guide.questions):
        if question.follow_up:
            used.setdefault(question.follow_up, []).append(position)
    for follow_up in guide.follow_ups:
        place, positions = f"follow_ups {follow_up.key}", used.get(follow_up.key, [])
        if not positions:
            yield Blocker(place, "This follow-up asks no question.")
        elif positions != list(range(positions[0], positions[-1] + 1)):
            yield Blocker(place, "The questions of a follow-up stand together; another question is between them.")
        if not follow_up.asked_when:
            yield Blocker(place, "Say when this follow-up is asked.")


def _outcomes(guide: Guide) -> Iterator[Blocker]:
    named = {rule.outcome for rule in guide.rules}
    for outcome in guide.outcomes:
        if outcome.key not in named:
            yield Blocker(f"outcomes {outcome.key}", "No rule leads to this outcome.")


def _conditions(guide: Guide) -> Iterator[Blocker]:
    whole, before = guide_vocabulary(guide), dict[str, Vocabulary]()
    follow_ups = frozenset(question.key for question in guide.questions if question.follow_up)
    for number, question in enumerate(guide.questions):
        # A follow-up can only ask for what was asked before it.
        if question.follow_up and question.follow_up not in before:
            before[question.follow_up] = guide_vocabulary(guide, guide.questions[:number])
    for part, _, when in guide_checks.conditions(guide):
        vocabulary = before.get(part.value.key, whole) if isinstance(part.value, FollowUp) else whole
        too_late = [name for name in when if name in whole and name not in vocabulary and name != OUTCOME]
        for name in too_late:
            yield Blocker(part.place, _asked_too_late(guide, part.value.key, name), is_broken=True)
        in_time = {name: values for name, values in when.items() if name not in too_late}
        for problem in condition_problems(in_time, vocabulary, STAGES.get(type(part.value), Stage.RULE), follow_ups):
            yield Blocker(part.place, problem, is_broken=True)


def _asked_too_late(guide: Guide, follow_up: str, name: str) -> str:
    """What is wrong with a follow-up that asks for what is only known after it began."""
    known_after = next(
        question
        for number, question in enumerate(guide.questions, 1)
        if name in guide_vocabulary(guide, guide.questions[:number])
    )
    if known_after.follow_up == follow_up:
        return f"It asks for “{name}”, which is only known once this follow-up was asked itself."
    return (
        f"It asks for “{name}”, which is only known once “{known_after.name}” was asked, and that comes later. Move "
        "that question to a place before this follow-up."
    )


def _example(guide: Guide) -> Iterator[Blocker]:
    if guide.example and not example_answers(guide):
        message = (
            "These answers lead to no result, for example because a question was added. Preview the draft, walk to the "
            "result that you want to show, and paste its address; or leave the field empty, and none is shown."
        )
        yield Blocker("example", message)


def _endings(guide: Guide) -> Iterator[Blocker]:
    """The last row of each table has no condition, so that it always decides, and no row before it takes it all."""
    yield from _ending("rules", [rule.when for rule in guide.rules])
    for role in guide.roles:
        if role.need:
            yield from _ending(f"roles {role.key} need", [row.when for row in role.need])


def _ending(table: str, conditions: list[Condition]) -> Iterator[Blocker]:
    called = "rule" if table == "rules" else "row"
    if conditions and not conditions[-1]:
        return
    for number, when in enumerate(conditions, 1):
        if not when:
            message = (
                f"This {called} matches anything, so that none below it ever decides. Move it to the end, or take out "
                "those below it."
            )
            yield Blocker(f"{table} {number}", message)
            return
    yield Blocker(table, f"The last {called} must match anything, so that every visitor gets an answer.")
