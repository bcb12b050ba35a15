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
    "result that was passed on": f"{result(ANSWERS['fractional-cto'])}&edition=1&from=222-QMW-3QF",
    "result to compare": f"{result(ANSWERS['head-of-ai'])}&compare=222-QMW-3QF",
    "whether a result fits": f"{LANDING}result/fit/?{ANSWERS['both-roles']}&edition=1",
    "asked to answer": f"{LANDING}together/?code=222-QMW-3QF",
    "side by side": f"{LANDING}together/?code=222-QMW-3QF&code=226-8MW-6QQ",
    "side by side, mine among them": f"{LANDING}together/?code=222-QMW-3QF&code=226-8MW-6QQ&code=222-Q7L-Q3K&you=2",
    "compare without codes": f"{LANDING}together/",
    "mistyped code to compare": f"{LANDING}together/?code=222-QMW-3QF&code=ABC-DEF",
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
    "code": "/r/",
    "mistyped code": "/r/ABC-DEF/",
}
"""Every public page before the form, in every state that looks different."""
