"""Walks through the first guide, and the address of every public page and state that an address can name."""

from dataclasses import dataclass

GUIDE = "cto-or-head-of-ai"
EDITION = 1
FOLLOW_UP = "team-size"


@dataclass(frozen=True)
class Walk:
    """What is answered on each page, in the order of the pages, and where it leads."""

    outcome: str
    certainty: str
    pages: dict[str, str]

    @property
    def query(self) -> str:
        """All answers, in canonical order."""
        return "&".join(self.pages.values())

    @property
    def result(self) -> str:
        """The canonical address of the result."""
        return f"/{GUIDE}/result/?{self.query}&edition={EDITION}"

    @property
    def call(self) -> str:
        """Where a call is asked for with this result."""
        return f"/{GUIDE}/call/?{self.query}&edition={EDITION}"

    def at(self, page: str) -> str:
        """The address of a page when those before it have been answered."""
        before = list(self.pages.values())[: list(self.pages).index(page)]
        return f"/{GUIDE}/{page}/?{'&'.join([*before, f'edition={EDITION}'])}"


CTO = Walk(
    "fractional-cto",
    "clear",
    {
        "software": "software=yes&signal=directionless-team&signal=messy-stack",
        "ai": "ai=no&signal=none.ai",
        "both": "both=software",
    },
)
HEAD_OF_AI = Walk(
    "head-of-ai",
    "leaning",
    {
        "software": "software=unsure&signal=none.software",
        "ai": "ai=yes",
        "both": "both=ai",
    },
)
BOTH_ROLES = Walk(
    "both-roles",
    "clear",
    {
        "software": "software=yes&signal=directionless-team&signal=fundraising&signal=messy-stack",
        "ai": "ai=yes&signal=ai-is-the-product&signal=ai-risks",
        "both": "both=both",
        FOLLOW_UP: "team-size=ten-or-more&ai-place=core&scope=hands-on",
    },
)
ONE_LEADER = Walk(
    "one-leader",
    "clear",
    {
        "software": "software=yes&signal=messy-stack",
        "ai": "ai=yes&signal=strategy-before-team",
        "both": "both=both",
        FOLLOW_UP: "team-size=under-ten&ai-place=feature&scope=strategy",
    },
)
NOT_YET = Walk(
    "not-yet",
    "mixed",
    {
        "software": "software=yes&signal=no-ai-component",
        "ai": "ai=yes&signal=ai-is-the-product",
        "both": "both=neither",
    },
)
WALKS = (CTO, HEAD_OF_AI, BOTH_ROLES, ONE_LEADER, NOT_YET)

CODES = {
    "fractional-cto": "222-R8Q-8RL",
    "head-of-ai": "227-XKQ-YMW",
    "both-roles": "222-WMW-0K4",
    "one-leader": "222-Q74-769",
    "not-yet": "223-487-6R2",
}
"""The result code of each walk."""


def together(*outcomes: str, you: int = 0) -> str:
    """Where the answers of these walks stand side by side; with one, where somebody else is asked for theirs."""
    codes = "&".join(f"code={CODES[outcome]}" for outcome in outcomes)
    return f"/{GUIDE}/together/?{codes}{f'&you={you}' if you else ''}"


PAGES = {
    "front page": "/",
    "landing": f"/{GUIDE}/",
    "first question": ONE_LEADER.at("software"),
    "second question": ONE_LEADER.at("ai"),
    "third question": ONE_LEADER.at("both"),
    "follow-up": ONE_LEADER.at(FOLLOW_UP),
    **{f"result {walk.outcome}": walk.result for walk in WALKS},
    "result with answers that do not count": f"{CTO.result}&team-size=under-ten",
    "result that was passed on": f"{CTO.result}&from={CODES['fractional-cto']}",
    "result to compare": f"{HEAD_OF_AI.result}&compare={CODES['fractional-cto']}",
    "whether a result fits": f"/{GUIDE}/result/fit/?{CTO.query}&edition={EDITION}",
    "asked to answer": together("fractional-cto"),
    "two people side by side": together("fractional-cto", "head-of-ai"),
    "four people side by side": together("fractional-cto", "head-of-ai", "both-roles", "not-yet", you=3),
    "two people who agree": together("one-leader", "one-leader"),
    "compare without codes": f"/{GUIDE}/together/",
    "question without an answer": f"{CTO.at('software')}&signal=messy-stack&asked=software",
    "none and some ticked": f"/{GUIDE}/software/?software=yes&signal=messy-stack&signal=none.software&asked=software",
    "question with an unknown answer": f"/{GUIDE}/result/?software=maybe&ai=no&both=software",
    "follow-up without answers": f"{ONE_LEADER.at(FOLLOW_UP)}&asked={FOLLOW_UP}",
    "call": CTO.call,
    "code": "/r/",
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
}
"""What an address alone leads to, answered with 200."""

MISSING = {
    "mistyped code": "/r/AAA-AAA-AAA/",
    "mistyped code to compare": f"{together('fractional-cto')}&code=AAA-AAA-AAA",
    "unknown page": "/nothing/at/all/here/",
    "unknown guide": "/no-such-guide/",
    "unknown question": f"/{GUIDE}/no-such-question/",
    "unknown edition": f"/{GUIDE}/result/?{CTO.query}&edition=99",
}
"""What is answered with 404 and a word about why."""
