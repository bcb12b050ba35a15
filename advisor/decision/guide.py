"""A guide as a frozen value: everything one decision consists of, in the form an edition is stored in.

``Guide`` is decoded from an edition's JSON document and never changes afterwards. Texts are as they were typed; for
the long ones, which may hold Markdown, ``html`` has what they look like. Keys are lower-case slugs and appear in
addresses, exports and tests.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from typing import Annotated, NamedTuple

import msgspec

from advisor.decision.formats import FORMAT, upgrade

NOT_ANSWERED = "not-answered"
"""The value of a question that has no answer, or that is not asked."""

EVEN = "even"
"""The value of ``balance`` where no role has more ticked signals than every other."""

Condition = Mapping[str, tuple[str, ...]]
"""For each named input the values that are allowed; all must hold; an input that is not named matches anything.

Inputs are questions (``software``), evidence (``evidence:fractional-cto``), single signals (``signal:messy-stack``),
the ``balance`` of the ticked signals, needs (``need:fractional-cto``; not for needs themselves) and, for remarks, the
reached ``outcome``.
"""


OptionalText = Annotated[str, msgspec.Meta(extra={"optional": True})]
"""A text that may be empty when a guide is published. A new one has a default, for older editions."""


class KeyOf(NamedTuple):
    """Marks a text that is the key of another part: it is checked by what it names."""

    list_name: str
    """The list of the guide that has the other part."""


RoleKey = Annotated[str, KeyOf("roles")]
DimensionKey = Annotated[str, KeyOf("dimensions")]
FollowUpKey = Annotated[str, KeyOf("follow_ups")]
OutcomeKey = Annotated[str, KeyOf("outcomes")]


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of everything in the document: frozen, and no field is accepted that is not known."""


class Evidence(StrEnum):
    """How much the ticked signals say for a role."""

    NONE = "none"
    SOME = "some"
    STRONG = "strong"


class YesNo(StrEnum):
    """The values of a signal (is it ticked?) and of a need (is the role needed?) as inputs of a condition."""

    YES = "yes"
    NO = "no"


class RemarkKind(StrEnum):
    """What a remark is to the visitor; a contradiction makes the recommendation ``mixed``."""

    CONTRADICTION = "contradiction"
    CAUTION = "caution"
    ADVICE = "advice"


class NeedRow(Value, frozen=True):
    """A row of the table that says whether a role is needed (hit policy *first*).

    ``doubt`` is shown beside the recommendation where this row decides, and keeps it from being clear ("" for none).
    """

    when: Condition
    needed: bool
    reason: str
    doubt: OptionalText = ""


class Role(Value, frozen=True):
    """What one may hire. ``need`` says when it is needed, before the outcome is known; a guide may do without."""

    key: str
    name: str
    summary: str
    fits: str
    owns: tuple[str, ...]
    not_theirs: tuple[str, ...]
    own_domain: tuple[str, ...]
    need: tuple[NeedRow, ...] = ()


class Cell(Value, frozen=True):
    """What one role has to say in one dimension."""

    role: RoleKey
    text: str


class Dimension(Value, frozen=True):
    """A row of the comparison table."""

    key: str
    label: str
    cells: tuple[Cell, ...]


class Signal(Value, frozen=True):
    """A recognisable situation that speaks for one role, and the dimensions it speaks to."""

    key: str
    role: RoleKey
    name: str
    text: str
    reason: str
    speaks_to: tuple[DimensionKey, ...]


class Choice(Value, frozen=True):
    """One answer to a question. ``affirms`` marks the one that says yes to the question's role, ``unsure`` the one that
    leaves it open.
    """

    key: str
    label: str
    affirms: bool = False
    unsure: bool = False


class Question(Value, frozen=True):
    """A question with its choices.

    ``role`` names the role the question is about, whose signals are asked below it ("" for none).
    ``follow_up`` names the follow-up page it belongs to ("" for a question asked of everyone).
    ``why`` says what the answer is good for, ``terms`` explains words that not everyone knows.
    """

    key: str
    name: str
    text: str
    help: OptionalText
    choices: tuple[Choice, ...]
    role: RoleKey = ""
    signals_text: OptionalText = ""
    follow_up: FollowUpKey = ""
    why: OptionalText = ""
    terms: OptionalText = ""

    def choice(self, key: str) -> Choice | None:
        """The choice with this key, or None."""
        return next((choice for choice in self.choices if choice.key == key), None)


class FollowUp(Value, frozen=True):
    """A page of questions asked only of those for whom one of the conditions holds."""

    key: str
    title: str
    help: OptionalText
    asked_when: tuple[Condition, ...]


class Outcome(Value, frozen=True):
    """What the guide can recommend; names zero or more roles."""

    key: str
    name: str
    title: str
    text: str
    roles: tuple[RoleKey, ...]


class Rule(Value, frozen=True):
    """A row of the outcome table (hit policy *first*). ``doubt`` as in a row of a need."""

    when: Condition
    outcome: OutcomeKey
    reason: str
    doubt: OptionalText = ""


class Remark(Value, frozen=True):
    """A row of the remarks table (hit policy *collect*)."""

    key: str
    kind: RemarkKind
    title: str
    text: str
    when: Condition


class FrequentQuestion(Value, frozen=True):
    """A question people ask, with its answer."""

    question: str
    answer: str


class Page(Value, frozen=True):
    """One page of the walk: a question, or the questions of a follow-up together."""

    questions: tuple[Question, ...]
    follow_up: FollowUp | None = None

    @property
    def key(self) -> str:
        """The key of the first question, by which the page is addressed."""
        return self.questions[0].key


class Guide(Value, frozen=True, dict=True, eq=False):
    """One decision that visitors are helped with. ``number`` stands for it in result codes; ``html`` maps a long text
    to its HTML, as it was rendered when it was published (empty in editions older than that). ``example`` holds the
    answers whose result shows on the landing what one gets, as an address has them ("" for none). Whoever changes a
    field here or above gives the document a new format: see ``formats``.

    Two guides are the same only if they are the same object, so that what is worked out once for a guide can be
    kept by it; compare their documents (``encode``) to compare what they say.
    """

    key: str
    number: int
    title: str
    summary: str
    audience: str
    why: str
    call_title: str
    call_text: str
    call_next: str
    consent: str
    clear: str
    leaning: str
    mixed: str
    some_from: int
    strong_from: int
    roles: tuple[Role, ...]
    dimensions: tuple[Dimension, ...]
    signals: tuple[Signal, ...]
    questions: tuple[Question, ...]
    follow_ups: tuple[FollowUp, ...]
    outcomes: tuple[Outcome, ...]
    rules: tuple[Rule, ...]
    remarks: tuple[Remark, ...]
    shared_concerns: tuple[str, ...]
    frequent_questions: tuple[FrequentQuestion, ...]
    html: Mapping[str, str] = {}
    example: OptionalText = ""
    format: int = FORMAT

    @cached_property
    def role(self) -> dict[str, Role]:
        return {role.key: role for role in self.roles}

    @cached_property
    def signal(self) -> dict[str, Signal]:
        return {signal.key: signal for signal in self.signals}

    @cached_property
    def question(self) -> dict[str, Question]:
        return {question.key: question for question in self.questions}

    @cached_property
    def outcome(self) -> dict[str, Outcome]:
        return {outcome.key: outcome for outcome in self.outcomes}

    @cached_property
    def signals_of(self) -> dict[str, tuple[Signal, ...]]:
        """Role key to its signals, in the guide's order."""
        return {role.key: tuple(signal for signal in self.signals if signal.role == role.key) for role in self.roles}

    @cached_property
    def question_about(self) -> dict[str, Question]:
        """Role key to the question about it, under which its signals are asked."""
        return {question.role: question for question in self.questions if question.role}

    @cached_property
    def affirming(self) -> dict[str, frozenset[str]]:
        """Question key to the choices that say yes to its role."""
        return {
            question.key: frozenset(choice.key for choice in question.choices if choice.affirms)
            for question in self.questions
        }

    @cached_property
    def leaving_open(self) -> dict[str, frozenset[str]]:
        """Question key to the choices that leave it open. Where there is one, so does ``NOT_ANSWERED``."""
        unsure = {
            question.key: frozenset(choice.key for choice in question.choices if choice.unsure)
            for question in self.questions
        }
        return {key: choices | {NOT_ANSWERED} if choices else choices for key, choices in unsure.items()}

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """The pages of the walk in order, follow-ups included whether they are asked or not."""
        return tuple(self._pages())

    @cached_property
    def page_of(self) -> dict[str, Page]:
        """Question key to the page that asks it."""
        return {question.key: page for page in self.pages for question in page.questions}

    def _pages(self) -> Iterator[Page]:
        follow_ups = {follow_up.key: follow_up for follow_up in self.follow_ups}
        for key, questions in groupby(self.questions, key=lambda question: question.follow_up):
            if key:
                yield Page(questions=tuple(questions), follow_up=follow_ups[key])
            else:
                yield from (Page(questions=(question,)) for question in questions)


def decode(document: str | bytes) -> Guide:
    """Read a guide from its JSON document, in whatever format it was published.

    Raises ``msgspec.DecodeError`` (its subclass ``ValidationError`` names the place) on anything that is not one, and
    ``FormatError`` on a format that cannot be read.
    """
    return msgspec.convert(upgrade(msgspec.json.decode(document)), Guide)


def encode(guide: Guide) -> str:
    """Write a guide as its canonical JSON document: the same guide gives the same bytes."""
    return msgspec.json.encode(guide, order="deterministic").decode()
