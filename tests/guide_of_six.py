"""A guide of six roles, in words of the length that editors write: what has to be read on a small screen."""

import msgspec

from advisor.decision.guide import Cell, Choice, Dimension, Outcome, Question, Role, Rule, Signal
from tests.guides import small_guide

SIX = "which-leader-next"

NAMES = {
    "cto": "Fractional CTO",
    "head-of-ai": "Fractional Head of AI",
    "cpo": "Fractional Chief Product Officer",
    "cfo": "Fractional CFO",
    "coo": "Fractional COO",
    "cmo": "Fractional CMO",
}

ROWS = {
    "Primary focus": (
        "Building and running software reliably",
        "Making AI work in the product and in daily work",
        "Finding out what to build, for whom and in which order",
        "Cash, forecasts and what investors ask for",
        "How work gets done, from hiring to delivery",
        "Being found, understood and chosen",
    ),
    "First ninety days": (
        "Reviews of code, team and costs; a plan for the stack",
        "One use case in production, with its evaluation",
        "Interviews, a roadmap that says no, one metric",
        "A model with three scenarios, and a monthly close",
        "A weekly rhythm, owners for each process",
        "A message that fits on a card, and two channels tested",
    ),
    "Reports to them": (
        "Engineering leads, contractors",
        "Data and machine learning engineers",
        "Product managers, designers, research",
        "Bookkeeping, controlling",
        "Operations, people, support",
        "Content, performance marketing, events",
    ),
    "Typical mistake": (
        "Rewriting what works",
        "A demonstration that never ships",
        "Asking everyone and deciding nothing",
        "Reporting in place of steering",
        "Process for its own sake",
        "Campaigns before a message",
    ),
    "Signs that it worked": (
        "Releases without drama",
        "A feature that people pay for",
        "Fewer things, finished",
        "No surprise at the end of a month",
        "Founders out of the daily business",
        "Leads who already know what you do",
    ),
    "Days a week": ("Two to three", "Two", "Two to three", "One", "Three", "Two"),
}

SITUATIONS = {
    "cto": (("Late releases", "Hardly anything is finished when promised"), ("One server", "It runs on one machine")),
    "head-of-ai": (
        ("Only demonstrations", "No model is in use"),
        ("Data in heaps", "Nobody knows which data is right"),
    ),
    "cpo": (("Everything at once", "All wishes are begun"), ("Nobody asked", "Customers were never interviewed")),
    "cfo": (("Surprised by cash", "The account is a surprise"), ("Raising money", "Investors ask for a forecast")),
    "coo": (("All to the founders", "Every decision waits for you"), ("Slow hiring", "Places stay empty for months")),
    "cmo": (("Unknown", "Nobody has heard of you"), ("Leads by chance", "Nobody knows where customers come from")),
}


def _role(key: str, name: str) -> Role:
    return Role(
        key=key,
        name=name,
        summary=f"Leads this part of the company as a {name}, some days a week.",
        fits="Companies that need the experience and cannot fill a whole week with it.",
        owns=("The plan for the year", "The people who carry it out"),
        not_theirs=("What the other leaders own",),
        own_domain=("Budget and hiring of the own team",),
    )


def _row(number: int, label: str, texts: tuple[str, ...]) -> Dimension:
    cells = tuple(Cell(role, text) for role, text in zip(NAMES, texts, strict=True))
    return Dimension(key=f"row-{number}", label=label, cells=cells)


def _question(key: str, name: str) -> Question:
    return Question(
        key=f"need-{key}",
        name=name,
        text=f"Is there enough work for a {name}?",
        help="",
        choices=(Choice("yes", "Yes", affirms=True), Choice("no", "No")),
        role=key,
        signals_text="Which of these sound like you?",
    )


def _signals(key: str, name: str) -> list[Signal]:
    return [
        Signal(
            key=f"{key}-{number}",
            role=key,
            name=title,
            text=f"{text}.",
            reason=f"{text}. A {name} takes that on.",
            speaks_to=(f"row-{number}", f"row-{number + 2}"),
        )
        for number, (title, text) in enumerate(SITUATIONS[key], 1)
    ]


def _outcome(key: str, name: str) -> Outcome:
    return Outcome(key, name, f"Hire a {name} first", f"A {name} has the most to do. The others can wait.", (key,))


GUIDE_OF_SIX = msgspec.structs.replace(
    small_guide(),
    key=SIX,
    number=6,
    title="Which leader does your company need next?",
    summary="Six roles side by side, and which of them has the most to do at your company.",
    audience="Founders who do six jobs.",
    why="The wrong leader costs half a year.",
    call_title="Talk it through",
    strong_from=2,
    roles=tuple(_role(key, name) for key, name in NAMES.items()),
    dimensions=tuple(_row(number, label, texts) for number, (label, texts) in enumerate(ROWS.items(), 1)),
    signals=tuple(signal for key, name in NAMES.items() for signal in _signals(key, name)),
    questions=(
        *(_question(key, name) for key, name in NAMES.items()),
        Question(
            key="first",
            name="What hurts most",
            text="What hurts most?",
            help="",
            choices=tuple(Choice(key, f"What a {name} does") for key, name in NAMES.items()),
        ),
    ),
    follow_ups=(),
    outcomes=(
        *(_outcome(key, name) for key, name in NAMES.items()),
        Outcome("nobody", "Nobody yet", "Hire nobody yet", "Nothing of it fills two days a week.", ()),
    ),
    rules=(
        *(
            Rule({"first": (key,), f"need-{key}": ("yes",)}, key, f"You said it twice of the {NAMES[key]}.")
            for key in NAMES
        ),
        *(Rule({f"evidence:{key}": ("strong",)}, key, f"Both situations speak for a {NAMES[key]}.") for key in NAMES),
        Rule({}, "nobody", "Nothing speaks for any of them."),
    ),
    remarks=(),
    shared_concerns=("The plan of the company", "Hiring"),
)
"""Each role has a question and two situations; what hurts most decides between those who said yes."""

OF_CFO = "&".join(
    [
        *(
            f"need-{key}={'yes' if key in {'cto', 'cfo'} else 'no'}"
            f"&signal={f'{key}-1' if key in {'cto', 'cfo', 'coo'} else f'none.need-{key}'}"
            for key in NAMES
        ),
        "signal=cfo-2",
        "first=cfo",
    ]
)
"""Answers whose outcome names the fourth role."""
