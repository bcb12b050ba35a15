"""What keeps a guide from being published: everything that is missing, doubled or names what does not exist."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from advisor.decision.characters import TURNING, is_visible
from advisor.decision.conditions import condition_problems, guide_vocabulary
from advisor.decision.guide import Guide, Question

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

RESERVED_GUIDE_KEYS = frozenset(
    {"accessibility", "admin", "calls", "healthz", "preview", "privacy", "r", "readyz", "static"}
)
"""First segments of addresses that mean something else."""

RESERVED_QUESTION_KEYS = frozenset(
    {
        "asked",
        "call",
        "code",
        "edition",
        "evidence",
        "key",
        "outcome",
        "ref",
        "result",
        "signal",
        "slot",
        "week",
        "zone",
    }
)
"""Segments and parameters that mean something else, beside everything that begins with ``utm``."""


class Gap(msgspec.Struct, frozen=True):
    """Something that is missing or wrong, and where: ``rules 3``, ``dimensions focus``."""

    place: str
    message: str
    is_text: bool = False
    """Whether only words are missing, so that the guide could be walked all the same."""
    is_broken: bool = False
    """Whether what decides names something that is not there, so that nothing can be asked of the guide at all."""


def is_provable(gaps: Iterable[Gap]) -> bool:
    """Whether a guide with these gaps can be proved and walked through all of its rules: its references are sound."""
    return not any(gap.is_broken for gap in gaps)


def key_problem(key: str, reserved: frozenset[str]) -> str:
    """What is wrong with a key, as a sentence, or "" when it can be used."""
    if not SLUG.fullmatch(key):
        return "A key is made of small letters, digits and single hyphens."
    if key in reserved or (reserved is RESERVED_QUESTION_KEYS and key.startswith("utm")):
        return f"“{key}” means something else in addresses; choose another key."
    return ""


def text_problem(text: str) -> str:
    """What is wrong with the characters of a text, as a sentence, or "" when it can be shown."""
    if found := TURNING.search(text):
        code = f"U+{ord(found[0]):04X}"
        return f"It holds an invisible character that turns the direction of what follows ({code}). Type the text anew."
    return ""


def unfinished(guide: Guide) -> list[Gap]:
    """Everything that keeps this guide from being published, in the order of the document."""
    return [
        *_keys(guide),
        *_texts(guide),
        *_thresholds(guide),
        *_table(guide),
        *_signals(guide),
        *_questions(guide),
        *_follow_ups(guide),
        *_outcomes(guide),
        *_conditions(guide),
    ]


def _keys(guide: Guide) -> Iterator[Gap]:
    if problem := key_problem(guide.key, RESERVED_GUIDE_KEYS):
        yield Gap("key", problem)
    if guide.number < 1:
        yield Gap("number", "Guides are numbered from one.")
    lists: dict[str, Iterable[str]] = {
        "roles": (role.key for role in guide.roles),
        "dimensions": (dimension.key for dimension in guide.dimensions),
        "signals": (signal.key for signal in guide.signals),
        "questions": (question.key for question in guide.questions),
        "follow_ups": (follow_up.key for follow_up in guide.follow_ups),
        "outcomes": (outcome.key for outcome in guide.outcomes),
        "remarks": (remark.key for remark in guide.remarks),
        **{f"questions {question.key} choices": (c.key for c in question.choices) for question in guide.questions},
    }
    for place, keys in lists.items():
        reserved = RESERVED_QUESTION_KEYS if place == "questions" else frozenset({"not-answered"})
        for key, times in Counter(keys).items():
            if problem := key_problem(key, reserved):
                yield Gap(f"{place} {key}", problem)
            if times > 1:
                yield Gap(f"{place} {key}", "This key is given more than once.", is_broken=True)


def _texts(guide: Guide) -> Iterator[Gap]:
    """Empty texts, and such as cannot be shown, wherever they are; what may be empty is named here."""
    optional = {"help", "role", "signals_text", "follow_up"}

    def wrong(value: object, place: str, *, may_be_empty: bool = False) -> Iterator[Gap]:
        if isinstance(value, msgspec.Struct):
            named = f"{place} {key}" if isinstance(key := getattr(value, "key", None), str) and place else place
            for field in value.__struct_fields__:
                yield from wrong(getattr(value, field), f"{named} {field}".strip(), may_be_empty=field in optional)
        elif isinstance(value, tuple):
            for number, part in enumerate(value, 1):
                has_key = isinstance(part, msgspec.Struct) and "key" in part.__struct_fields__
                yield from wrong(part, place if has_key else f"{place} {number}")
        elif isinstance(value, str):
            if not is_visible(value) and not may_be_empty:
                yield Gap(place, "This text is missing.", is_text=True)
            if problem := text_problem(value):
                yield Gap(place, problem, is_text=True)

    yield from wrong(guide, "")


def _thresholds(guide: Guide) -> Iterator[Gap]:
    if not 1 <= guide.some_from <= guide.strong_from:
        yield Gap("strong_from", "“Some” evidence begins at one signal or more, “strong” not below it.")


def _table(guide: Guide) -> Iterator[Gap]:
    if not guide.roles:
        yield Gap("roles", "A guide needs at least one role.")
    for dimension in guide.dimensions:
        cells = Counter(cell.role for cell in dimension.cells)
        for role in guide.roles:
            if not cells[role.key]:
                yield Gap(f"dimensions {dimension.key}", f"The cell for “{role.name}” is missing.")
        for role_key, times in cells.items():
            if role_key not in guide.role or times > 1:
                yield Gap(f"dimensions {dimension.key}", f"The cell for “{role_key}” is doubled or of no role.")


def _signals(guide: Guide) -> Iterator[Gap]:
    dimensions = {dimension.key for dimension in guide.dimensions}
    for signal in guide.signals:
        if signal.role not in guide.role:
            yield Gap(f"signals {signal.key}", f"There is no role “{signal.role}”.", is_broken=True)
        for key in signal.speaks_to:
            if key not in dimensions:
                yield Gap(f"signals {signal.key}", f"There is no dimension “{key}”.")


def _questions(guide: Guide) -> Iterator[Gap]:
    if all(question.follow_up for question in guide.questions):
        yield Gap("questions", "A guide needs at least one question that everyone is asked.")
    for question in guide.questions:
        place = f"questions {question.key}"
        if len(question.choices) < 2:
            yield Gap(place, "A question needs at least two choices.", is_broken=not question.choices)
        if question.role and question.role not in guide.role:
            yield Gap(place, f"There is no role “{question.role}”.", is_broken=True)
        if question.role and not question.signals_text:
            yield Gap(place, "The sentence above the signals is missing.")
        if question.role and not any(choice.affirms for choice in question.choices):
            yield Gap(place, "One of the choices must say yes to the question’s role.")
        if question.role and question.follow_up:
            yield Gap(place, "A follow-up cannot ask for signals.")
    asked = Counter(question.role for question in guide.questions if question.role)
    for role in guide.roles:
        if asked[role.key] != 1:
            yield Gap(f"roles {role.key}", f"“{role.name}” needs exactly one question about it.")


def _follow_ups(guide: Guide) -> Iterator[Gap]:
    known = {follow_up.key: follow_up for follow_up in guide.follow_ups}
    used: dict[str, list[int]] = {}
    for position, question in enumerate(guide.questions):
        if question.follow_up:
            used.setdefault(question.follow_up, []).append(position)
    for key in used.keys() - known.keys():
        yield Gap(f"follow_ups {key}", "Questions name this follow-up and it does not exist.", is_broken=True)
    for key, follow_up in known.items():
        place, positions = f"follow_ups {key}", used.get(key, [])
        if not positions:
            yield Gap(place, "This follow-up asks no question.")
        elif positions != list(range(positions[0], positions[-1] + 1)):
            yield Gap(place, "The questions of a follow-up stand together; another question is between them.")
        if not follow_up.asked_when:
            yield Gap(place, "Say when this follow-up is asked.")
        before: tuple[Question, ...] = guide.questions[: positions[0]] if positions else guide.questions
        for when in follow_up.asked_when:
            for problem in condition_problems(when, guide_vocabulary(guide, before)):
                yield Gap(place, problem, is_broken=True)


def _outcomes(guide: Guide) -> Iterator[Gap]:
    named = {rule.outcome for rule in guide.rules}
    for outcome in guide.outcomes:
        for role in outcome.roles:
            if role not in guide.role:
                yield Gap(f"outcomes {outcome.key}", f"There is no role “{role}”.", is_broken=True)
        if outcome.key not in named:
            yield Gap(f"outcomes {outcome.key}", "No rule leads to this outcome.")


def _conditions(guide: Guide) -> Iterator[Gap]:
    vocabulary = guide_vocabulary(guide)
    for number, rule in enumerate(guide.rules, 1):
        if rule.outcome not in guide.outcome:
            yield Gap(f"rules {number}", f"There is no outcome “{rule.outcome}”.", is_broken=True)
        for problem in condition_problems(rule.when, vocabulary):
            yield Gap(f"rules {number}", problem, is_broken=True)
    yield from _ending(guide)
    for remark in guide.remarks:
        for problem in condition_problems(remark.when, vocabulary, outcome=True):
            yield Gap(f"remarks {remark.key}", problem, is_broken=True)


def _ending(guide: Guide) -> Iterator[Gap]:
    """The last rule has no condition, so that every visitor gets an answer, and no rule before it takes it all."""
    if guide.rules and not guide.rules[-1].when:
        return
    for number, rule in enumerate(guide.rules, 1):
        if not rule.when:
            message = (
                "This rule matches anything, so that none below it ever decides. Move it to the end, or take out those "
                "below it."
            )
            yield Gap(f"rules {number}", message)
            return
    yield Gap("rules", "The last rule must match anything, so that every visitor gets an answer.")
