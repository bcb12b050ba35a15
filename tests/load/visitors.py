"""Who comes: walks through a guide, drawn with a fixed seed, and the addresses that they lead to."""

from dataclasses import dataclass
from random import Random

from advisor.decision.answers import Answers, Pair, pairs, query
from advisor.decision.guide import Guide, Page, Question
from advisor.decision.walk import asked_pages

REALISTIC = 0.5
"""The share of visitors whose ticked situations fit what they answered; the others answer anything at all."""

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)
"""What a browser calls itself; who has no such name is not counted, and would cost less than visitors do."""

FRAGMENT = {"HX-Request": "true", "HX-Target": "main"}
"""How htmx asks for a fragment."""


@dataclass(frozen=True)
class Step:
    """One page of a walk: what had been answered when it came, and what was answered on it."""

    page: Page
    before: Answers
    own: Answers


@dataclass(frozen=True)
class Walk:
    """All pages that one visitor went through, and all answers in the end."""

    steps: tuple[Step, ...]
    answers: Answers


def walks(guide: Guide, count: int, *, seed: int) -> list[Walk]:
    """So many walks, always the same for a seed."""
    random = Random(seed)
    return [_walk(guide, random) for _ in range(count)]


def _walk(guide: Guide, random: Random) -> Walk:
    realistic = random.random() < REALISTIC
    answers, steps = Answers(), []
    while page := _open(guide, answers):
        own = Answers()
        for question in page.questions:
            own = _joined(own, _answered(guide, question, random, realistic=realistic))
        steps.append(Step(page, answers, own))
        answers = _joined(answers, own)
    return Walk(tuple(steps), answers)


def _open(guide: Guide, answers: Answers) -> Page | None:
    return next((page for page in asked_pages(guide, answers) if page.key not in answers.choices), None)


def _answered(guide: Guide, question: Question, random: Random, *, realistic: bool) -> Answers:
    """One question answered, with signals and "none of these" below it where it has any."""
    if not question.role:
        return Answers({question.key: random.choice(question.choices).key})
    signals = [signal.key for signal in guide.signals_of[question.role]]
    if not realistic:
        choice = random.choice(question.choices)
        ticked = [signal for signal in signals if random.random() < 0.5]
    else:
        affirming = [choice for choice in question.choices if choice.affirms] or question.choices
        choice = random.choice(affirming if random.random() < 0.5 else question.choices)
        ticked = random.sample(signals, min(len(signals), random.randint(1, 3))) if choice.affirms else []
    none = not ticked and random.random() < 0.5
    return Answers({question.key: choice.key}, frozenset(ticked), frozenset([question.key] if none else []))


def _joined(some: Answers, more: Answers) -> Answers:
    return Answers({**some.choices, **more.choices}, some.signals | more.signals, some.none_of | more.none_of)


class Addresses:
    """What the pages link to, as they write it: the answers in canonical order, then the edition."""

    def __init__(self, guide: Guide, edition: int) -> None:
        self.guide = guide
        self.edition = edition

    def landing(self, answers: Answers) -> str:
        """The landing, come back to with answers."""
        return f"/{self.guide.key}/?{self._carried(answers)}"

    def page(self, page: Page, answers: Answers) -> str:
        """A page of questions, with these answers carried along."""
        return f"/{self.guide.key}/{page.key}/?{self._carried(answers)}"

    def result(self, answers: Answers) -> str:
        """The result of these answers."""
        return f"/{self.guide.key}/result/?{self._carried(answers)}"

    def call(self, answers: Answers) -> str:
        """Where to ask for a call with these answers."""
        return f"/{self.guide.key}/call/?{self._carried(answers)}"

    def sent(self, step: Step) -> str:
        """Where the form of a page leads when it is sent: hidden fields, the page's own, the button."""
        carried = self._carried(step.before)
        own = query(self.guide, step.own)
        return f"/{self.guide.key}/{step.page.key}/?{carried}&{own}&asked={step.page.key}"

    def fields(self, step: Step) -> list[Pair]:
        """The page's own answers as they are typed into another form."""
        return pairs(self.guide, step.own)

    def _carried(self, answers: Answers) -> str:
        return "&".join(filter(None, [query(self.guide, answers), f"edition={self.edition}"]))
