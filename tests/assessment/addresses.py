"""Where the walk goes."""

from tests.conftest import ANSWERS, GUIDE

LANDING = f"/{GUIDE}/"
BOTH = "software=yes&signal=messy-stack&ai=yes&signal=ai-risks&both=both"


def question(key: str, query: str = "") -> str:
    """A question of the first guide, with answers so far."""
    return f"/{GUIDE}/{key}/?{query}"


def result(query: str) -> str:
    return f"/{GUIDE}/result/?{query}"


def call(query: str = ANSWERS["fractional-cto"]) -> str:
    return f"/{GUIDE}/call/?{query}"


PAGES = {
    "front page": "/",
    "landing": LANDING,
    "first question": question("software"),
    "second question": question("ai", "software=yes&signal=messy-stack"),
    "third question": question("both", "software=yes&signal=messy-stack&ai=no&signal=none.ai"),
    "follow-up": question("team-size", BOTH),
    "a question answered before": question("software", ANSWERS["both-roles"]),
    "a question left open": question("software", "asked=software&signal=messy-stack"),
    "a follow-up left open": question("team-size", f"{BOTH}&asked=team-size&scope=strategy"),
    "a question answered wrongly": question("ai", "software=yes&ai=perhaps&signal=none.ai&signal=ai-risks"),
    **{f"result {outcome}": result(query) for outcome, query in ANSWERS.items()},
    "result with a contradiction": result("software=no&signal=no-ai-component&ai=yes&signal=ai-is-the-product&both=ai"),
    "result with answers left over": result(f"{ANSWERS['fractional-cto']}&team-size=unsure&scope=strategy"),
    "result without signals": result("software=unsure&ai=unsure&both=software"),
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
    "code": "/r/",
    "mistyped code": "/r/ABC-DEF/",
}
"""Every public page before the form, in every state that looks different."""
