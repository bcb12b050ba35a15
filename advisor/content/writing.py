"""From the value that is decided with to rows that an editor changes: the way back of ``drafts``."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from advisor.content.models import (
    Cell,
    Choice,
    Dimension,
    FollowUp,
    FrequentQuestion,
    Guide,
    Outcome,
    Question,
    Remark,
    Role,
    Rule,
    Scenario,
    SharedConcern,
    Signal,
)
from advisor.content.portable import read_file
from advisor.content.scenarios import Case
from advisor.decision import guide as decision

TEXTS = (
    "summary",
    "audience",
    "why",
    "call_title",
    "call_text",
    "call_next",
    "consent",
    "clear",
    "leaning",
    "mixed",
    "some_from",
    "strong_from",
)
"""What a guide says itself, by the same names in its value and its row."""


class UnwritableError(ValueError):
    """The rows would not be allowed; ``problems`` names each with its place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def write_guide(*, value: decision.Guide, key: str, title: str, cases: list[Case]) -> Guide:
    """Make a new guide of a value: all of its rows or none. It is a draft, not the default, with a number of its own.

    References must be sound, as ``portable.problems`` checks; a draft may be unfinished in every other way. Raises
    ``UnwritableError`` for what a model or a constraint refuses.
    """
    writer = _Writer(value)
    try:
        with transaction.atomic():
            guide = writer.write(key, title, cases)
            if writer.problems:
                raise UnwritableError(writer.problems)
    except IntegrityError as error:
        raise UnwritableError([f"guide: {error}"]) from error
    return guide


def import_guide(content: bytes, *, key: str = "") -> Guide:
    """Make a guide of a file, under its own key or another. Raises ``UnreadableFileError`` or ``UnwritableError``."""
    value, cases = read_file(content)
    key = key or value.key
    if Guide.objects.filter(key=key).exists():
        raise UnwritableError([f"guide.key: A guide with the key “{key}” exists; choose another key for this one."])
    return write_guide(value=value, key=key, title=value.title, cases=cases)


class _Writer:
    """Saves row by row, as history is kept of each; what a model refuses is noted with its place and not saved."""

    def __init__(self, value: decision.Guide) -> None:
        self.value = value
        self.problems: list[str] = []

    def save[Row: models.Model](self, place: str, row: Row) -> Row:
        """Save a row. Texts may be missing in a draft; what else is wrong with them is noted."""
        empty = [field.name for field in row._meta.fields if getattr(row, field.attname) == ""]
        try:
            row.clean_fields(exclude=empty)
            row.clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.problems += [f"{place}.{name}: {message}".replace(".__all__", "") for message in messages]
        if not self.problems:
            row.save()
        return row

    def write(self, key: str, title: str, cases: list[Case]) -> Guide:
        """All rows, in the order in which they name each other; it stops at the first kind with a problem."""
        texts = {name: getattr(self.value, name) for name in TEXTS}
        guide = self.save("guide", Guide(key=key, title=title, **texts))
        for step in (self._roles, self._table, self._signals, self._questions, self._outcomes, self._words):
            if not self.problems:
                step(guide)
        if not self.problems:
            self._scenarios(guide, cases)
        return guide

    def _roles(self, guide: Guide) -> None:
        self.roles = {
            role.key: self.save(
                f"guide.roles[{place}]",
                Role(
                    guide=guide,
                    key=role.key,
                    position=place + 1,
                    name=role.name,
                    summary=role.summary,
                    fits=role.fits,
                    owns="\n".join(role.owns),
                    not_theirs="\n".join(role.not_theirs),
                    own_domain="\n".join(role.own_domain),
                ),
            )
            for place, role in enumerate(self.value.roles)
        }

    def _table(self, guide: Guide) -> None:
        self.dimensions = {}
        for place, dimension in enumerate(self.value.dimensions):
            row = Dimension(guide=guide, key=dimension.key, position=place + 1, label=dimension.label)
            self.dimensions[dimension.key] = self.save(f"guide.dimensions[{place}]", row)
            for number, cell in enumerate(dimension.cells):
                made = Cell(dimension=row, role=self.roles.get(cell.role), text=cell.text)
                self.save(f"guide.dimensions[{place}].cells[{number}]", made)

    def _signals(self, guide: Guide) -> None:
        for place, signal in enumerate(self.value.signals):
            row = Signal(
                guide=guide,
                key=signal.key,
                position=place + 1,
                role=self.roles[signal.role],
                name=signal.name,
                text=signal.text,
                reason=signal.reason,
            )
            if self.save(f"guide.signals[{place}]", row).pk:
                row.speaks_to.set([self.dimensions[key] for key in signal.speaks_to])

    def _questions(self, guide: Guide) -> None:
        follow_ups = {}
        for place, follow_up in enumerate(self.value.follow_ups):
            row = FollowUp(guide=guide, key=follow_up.key, position=place + 1, title=follow_up.title)
            # Its conditions name questions, which come after it.
            row.help, row.asked_when = follow_up.help, [{}]
            follow_ups[follow_up.key] = self.save(f"guide.follow_ups[{place}]", row)
        for place, question in enumerate(self.value.questions):
            asked = Question(
                guide=guide,
                key=question.key,
                position=place + 1,
                name=question.name,
                text=question.text,
                help=question.help,
                signals_text=question.signals_text,
                role=self.roles.get(question.role),
                follow_up=follow_ups.get(question.follow_up),
            )
            self.save(f"guide.questions[{place}]", asked)
            for number, choice in enumerate(question.choices):
                made = Choice(question=asked, key=choice.key, position=number + 1, label=choice.label)
                made.affirms = choice.affirms
                self.save(f"guide.questions[{place}].choices[{number}]", made)
        for follow_up in self.value.follow_ups if not self.problems else ():
            row = follow_ups[follow_up.key]
            row.asked_when = [_stored(when) for when in follow_up.asked_when]
            row.save()

    def _outcomes(self, guide: Guide) -> None:
        self.outcomes, self.remarks = {}, {}
        for place, outcome in enumerate(self.value.outcomes):
            row = Outcome(guide=guide, key=outcome.key, position=place + 1, name=outcome.name, title=outcome.title)
            row.text = outcome.text
            self.outcomes[outcome.key] = row
            if self.save(f"guide.outcomes[{place}]", row).pk:
                row.roles.set([self.roles[key] for key in outcome.roles])
        for place, rule in enumerate(self.value.rules):
            decides = Rule(guide=guide, position=place + 1, when=_stored(rule.when), reason=rule.reason)
            decides.outcome = self.outcomes[rule.outcome]
            self.save(f"guide.rules[{place}]", decides)
        for place, remark in enumerate(self.value.remarks):
            said = Remark(guide=guide, key=remark.key, position=place + 1, kind=remark.kind.value, title=remark.title)
            said.text, said.when = remark.text, _stored(remark.when)
            self.remarks[remark.key] = self.save(f"guide.remarks[{place}]", said)

    def _words(self, guide: Guide) -> None:
        for place, text in enumerate(self.value.shared_concerns):
            concern = SharedConcern(guide=guide, position=place + 1, text=text)
            self.save(f"guide.shared_concerns[{place}]", concern)
        for place, frequent in enumerate(self.value.frequent_questions):
            row = FrequentQuestion(guide=guide, position=place + 1, question=frequent.question, answer=frequent.answer)
            self.save(f"guide.frequent_questions[{place}]", row)

    def _scenarios(self, guide: Guide, cases: list[Case]) -> None:
        for place, case in enumerate(cases):
            scenario = Scenario(guide=guide, position=place + 1, title=case.title, answers=case.answers)
            scenario.outcome, scenario.expected_to_change = self.outcomes[case.outcome], case.expected_to_change
            if self.save(f"scenarios[{place}]", scenario).pk:
                scenario.remarks.set([self.remarks[key] for key in case.remarks])


def _stored(when: decision.Condition) -> dict[str, list[str]]:
    return {name: list(values) for name, values in when.items()}
