"""Which situations, answers and roles each sentence of the first guide speaks of.

Whoever changes a sentence finds it here by its opening words, and says again when it is true and for which roles it
gives advice. The tests hold every set of answers against this table.
"""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from advisor.decision.answers import Answers
from advisor.decision.guide import Condition, Guide
from tests.decision import brief


class Sentence(NamedTuple):
    """A sentence by its opening words, when it is true, and the roles that it gives advice about.

    ``true_when`` names the inputs of a condition, and two of our own: ``contradiction``, whether one was collected, and
    ``one-person``, whether all three facts say that one person is enough. Without any it speaks of nothing that was
    said or ticked.
    """

    opening: str
    true_when: Condition = {}
    advises: tuple[str, ...] = ()


CTO, AI = ("fractional-cto",), ("head-of-ai",)
YES, NO = ("yes",), ("no",)
OPEN = ("unsure", "not-answered")
STRONG, SOME, NONE, NOT_STRONG = ("strong",), ("some",), ("none",), ("none", "some")
OF_CTO, OF_AI = "evidence:fractional-cto", "evidence:head-of-ai"
NO_AI, HAS_CTO = "signal:no-ai-component", "signal:strong-cto-no-ai"
NO_DIRECTION, MESSY = "signal:directionless-team", "signal:messy-stack"

SENTENCES: Mapping[str, tuple[Sentence, ...]] = {
    "roles fractional-cto need 1": (
        Sentence("Three or more of the situations that speak for a CTO", {OF_CTO: STRONG}),
        Sentence("That many call for one", {OF_CTO: STRONG}, CTO),
    ),
    "roles fractional-cto need 2": (
        Sentence("You named software twice", {"software": YES, "both": ("software",), OF_CTO: NONE}),
        Sentence("A CTO would start by finding out", {}, CTO),
    ),
    "roles fractional-cto need 3": (
        Sentence("You have a CTO, engineering is well run", {HAS_CTO: YES, OF_CTO: NONE}),
        Sentence("Software stays with the CTO you have", {HAS_CTO: YES}),
    ),
    "roles fractional-cto need 4": (
        Sentence("You ruled software out at first", {"software": NO, "both": ("both", "software"), OF_CTO: NONE}),
        Sentence("We would not hire a CTO on that alone"),
    ),
    "roles fractional-cto need 5": (
        Sentence("You named software as a problem", {"both": ("both", "software")}),
        Sentence("Architecture, team and releases need someone senior", {}, CTO),
    ),
    "roles fractional-cto need 6": (
        Sentence("You placed the problem elsewhere", {"both": ("ai", "neither")}),
        Sentence("We follow that answer unless", {OF_CTO: NOT_STRONG}),
    ),
    "roles fractional-cto need 7": (
        Sentence("With the comparison left open", {"both": OPEN, "software": YES}),
        Sentence("It calls for someone senior", {"software": YES}, CTO),
    ),
    "roles fractional-cto need 8": (
        Sentence("Your answers leave software open", {"software": OPEN, "both": OPEN, "balance": CTO}),
        Sentence("In doubt we follow the situations", {"balance": CTO}),
    ),
    "roles fractional-cto need 9": (
        Sentence("None of your answers names software", {"software": ("no", *OPEN), "both": ("ai", "neither", *OPEN)}),
        Sentence("Three or more of its situations", {OF_CTO: NOT_STRONG}),
    ),
    "roles head-of-ai need 1": (
        Sentence("Three or more of the AI situations", {OF_AI: STRONG}),
        Sentence("At that point the work needs an owner", {OF_AI: STRONG}, AI),
    ),
    "roles head-of-ai need 2": (
        Sentence("You named AI twice", {"ai": YES, "both": ("ai",), OF_AI: NONE}),
        Sentence("A Head of AI would start by finding", {}, AI),
    ),
    "roles head-of-ai need 3": (
        Sentence("There is no AI in your product", {NO_AI: YES, OF_AI: NONE}),
        Sentence("A Head of AI would have nothing to lead", {NO_AI: YES, OF_AI: NONE}),
    ),
    "roles head-of-ai need 4": (
        Sentence("You ruled AI out at first", {"ai": NO, "both": ("both", "ai"), OF_AI: NONE}),
        Sentence("We would not hire a Head of AI on that alone"),
    ),
    "roles head-of-ai need 5": (
        Sentence("You named AI as a problem", {"both": ("both", "ai")}),
        Sentence("Someone has to decide what it should do", {}, AI),
    ),
    "roles head-of-ai need 6": (
        Sentence("You placed the problem elsewhere", {"both": ("software", "neither")}),
        Sentence("We follow that answer unless", {OF_AI: NOT_STRONG}),
    ),
    "roles head-of-ai need 7": (
        Sentence("With the comparison left open", {"both": OPEN, "ai": YES}),
        Sentence("It calls for someone who", {"ai": YES}, AI),
    ),
    "roles head-of-ai need 8": (
        Sentence("Your answers leave AI open", {"ai": OPEN, "both": OPEN, "balance": AI}),
        Sentence("In doubt we follow the situations", {"balance": AI}),
    ),
    "roles head-of-ai need 9": (
        Sentence("None of your answers names AI", {"ai": ("no", *OPEN), "both": ("software", "neither", *OPEN)}),
        Sentence("Three or more of its situations", {OF_AI: NOT_STRONG}),
    ),
    "rules 1": (Sentence("With fewer than ten engineers", {"one-person": YES}, CTO + AI),),
    "rules 2": (
        Sentence("Ten or more engineers fill", {"team-size": ("ten-or-more",)}, CTO + AI),
        Sentence("Whoever leads them", {}, CTO + AI),
    ),
    "rules 3": (
        Sentence("AI is the core of your product", {"ai-place": ("core",)}),
        Sentence("Each side needs a leader of its own", {}, CTO + AI),
    ),
    "rules 4": (
        Sentence("You want execution", {"scope": ("hands-on",)}),
        Sentence("Hands-on work in engineering", {"scope": ("hands-on",)}, CTO + AI),
    ),
    "rules 5": (
        Sentence("One person can do both jobs only with", {}, CTO + AI),
        Sentence("Your answers do not confirm all three", {"one-person": NO}, CTO + AI),
    ),
    "rules 5 doubt": (
        Sentence("One person may be enough", {}, CTO + AI),
        Sentence(
            "Your answers about team size, the place of AI",
            {
                "team-size": ("under-ten", *OPEN),
                "ai-place": ("feature", "none", *OPEN),
                "scope": ("strategy", *OPEN),
                "one-person": NO,
            },
        ),
    ),
    "rules 6": (
        Sentence("Software needs more leadership", {"need:fractional-cto": YES}, CTO),
        Sentence("Taken together, your answers do not call for a Head of AI", {"need:head-of-ai": NO}),
    ),
    "rules 7": (
        Sentence("AI needs someone to lead it", {"need:head-of-ai": YES}, AI),
        Sentence("Taken together, your answers do not call for a new CTO", {"need:fractional-cto": NO}),
    ),
    "rules 8": (
        Sentence(
            "Taken together, your answers do not call for a hire", {"need:fractional-cto": NO, "need:head-of-ai": NO}
        ),
    ),
    "remarks no-ai-but-product": (
        Sentence("You ticked that there is no AI in your product", {NO_AI: YES, "signal:ai-is-the-product": YES}),
        Sentence("One may describe today"),
        Sentence("Which is true today"),
    ),
    "remarks no-ai-but-failed-attempt": (
        Sentence("You ticked that there is no AI in your product", {NO_AI: YES, "signal:failed-ai-attempt": YES}),
        Sentence("Perhaps it has been switched off", {"signal:failed-ai-attempt": YES}),
        Sentence("Is it gone today"),
    ),
    "remarks no-ai-but-ai-place": (
        Sentence("At first you ticked that your product has no AI", {NO_AI: YES, "ai-place": ("core", "feature")}),
        Sentence("It may be small"),
        Sentence("Is it in the product today"),
    ),
    "remarks no-ai-but-ai-problem": (
        Sentence("You ticked that there is no AI in your product", {NO_AI: YES, "ai": YES}),
        Sentence("It may sit in your operations"),
        Sentence("Are you working on AI anywhere today"),
    ),
    "remarks no-ai-but-both": (
        Sentence("You ticked that there is no AI in your product", {NO_AI: YES, "both": ("both", "ai")}),
        Sentence("Is that about AI inside your company"),
    ),
    "remarks product-but-ai-place": (
        Sentence(
            "You ticked that customers pay for AI",
            {"signal:ai-is-the-product": YES, "ai-place": ("feature", "none")},
        ),
        Sentence("Both can be right"),
        Sentence("Which describes what you sell today"),
    ),
    "remarks strong-cto-but-directionless": (
        Sentence("You ticked that engineering is well run under your CTO", {HAS_CTO: YES, NO_DIRECTION: YES}),
        Sentence("Settle first what is missing", {HAS_CTO: YES}),
        Sentence("Is it hours"),
    ),
    "remarks strong-cto-but-messy-stack": (
        Sentence("You ticked that engineering is well run under your CTO", {HAS_CTO: YES, MESSY: YES}),
        Sentence("Bring your CTO to the call before you hire", {HAS_CTO: YES}),
        Sentence("What does the CTO lack to clean it up", {HAS_CTO: YES, MESSY: YES}),
    ),
    "remarks strong-cto-but-software": (
        Sentence("You ticked that engineering is well run under your CTO", {HAS_CTO: YES, "software": YES}),
        Sentence("You have a CTO already", {HAS_CTO: YES}),
        Sentence("Settle it first", {HAS_CTO: YES}),
        Sentence("Is it hours"),
    ),
    "remarks software-no-but-both": (
        Sentence("You first answered that software is not", {"software": NO, "both": ("both", "software")}),
        Sentence("It may matter without being the core"),
        Sentence("Which answer holds today"),
    ),
    "remarks ai-no-but-both": (
        Sentence("Asked about AI alone", {"ai": NO}),
        Sentence("Asked to compare", {"both": ("both", "ai")}),
        Sentence("Which answer holds today"),
    ),
    "remarks neither-but-software": (
        Sentence("You said yes to software", {"software": YES, "both": ("neither",)}),
        Sentence("Software may be a symptom"),
        Sentence("Which of the two would you say today"),
    ),
    "remarks neither-but-ai": (
        Sentence("Making AI work was your core problem", {"ai": YES, "both": ("neither",)}),
        Sentence("The real obstacle may lie outside technology"),
        Sentence("Which answer is right today"),
    ),
    "remarks said-ai-recognised-software": (
        Sentence("You placed the problem mostly with AI", {"both": ("ai",), OF_CTO: STRONG}),
        Sentence("Trouble in the software underneath"),
        Sentence("Which of the two costs you more today"),
    ),
    "remarks said-neither-recognised-software": (
        Sentence("You said that neither is your core problem", {"both": ("neither",), OF_CTO: STRONG}),
        Sentence("Perhaps none of them looks like the core problem"),
        Sentence("Which is closer to the truth today"),
    ),
    "remarks said-no-recognised-software": (
        Sentence("You said that software is not your core problem", {"software": NO, OF_CTO: STRONG}),
        Sentence("Perhaps they seem like the usual growing pains"),
        Sentence("Which is closer to the truth today"),
    ),
    "remarks said-software-recognised-ai": (
        Sentence("You placed the problem mostly with software", {"both": ("software",), OF_AI: STRONG}),
        Sentence("Perhaps the software is what people notice first"),
        Sentence("Which of the two costs you more today"),
    ),
    "remarks said-neither-recognised-ai": (
        Sentence("You said that neither is your core problem", {"both": ("neither",), OF_AI: STRONG}),
        Sentence("Perhaps they add up"),
        Sentence("Which is closer to the truth today"),
    ),
    "remarks said-no-recognised-ai": (
        Sentence("You said that AI is not your core problem", {"ai": NO, OF_AI: STRONG}),
        Sentence("It may be on its way"),
        Sentence("Which is closer to the truth today"),
    ),
    "remarks thin-evidence-software": (
        Sentence("You said yes to software but recognised none", {"software": YES, OF_CTO: NONE}),
        Sentence("Ours is a short list", {OF_CTO: NONE}),
        Sentence("Write down one recent case", {OF_CTO: NONE}),
    ),
    "remarks thin-evidence-ai": (
        Sentence("You said yes to AI but recognised none", {"ai": YES, OF_AI: NONE}),
        Sentence("Find one concrete case where AI is stuck", {"ai": YES}),
    ),
    "remarks some-software-not-needed": (
        Sentence("One or two of the situations that speak for a CTO", {OF_CTO: SOME}),
        Sentence("By themselves they are not enough", {"need:fractional-cto": NO}),
        Sentence("On the call, say what each has cost", {OF_CTO: SOME}),
    ),
    "remarks some-ai-not-needed": (
        Sentence("One or two of the situations that speak for a Head of AI", {OF_AI: SOME}),
        Sentence("By themselves they are not enough", {"need:head-of-ai": NO}),
        Sentence("On the call, name the last time", {OF_AI: SOME}),
    ),
    "remarks one-leader-until": (
        Sentence("One person is enough until", {"one-person": YES}, CTO + AI),
        Sentence("Name the condition most likely to change", {}, CTO + AI),
    ),
    "remarks as-much-on-either-side": (
        Sentence(
            "You ticked as many software situations",
            {"balance": ("even",), OF_CTO: SOME, OF_AI: SOME, "need:fractional-cto": NO, "need:head-of-ai": NO},
        ),
        Sentence("The free call can sort out"),
    ),
    "remarks cto-first": (
        Sentence("Three or more of the software situations", {OF_CTO: STRONG}, CTO),
        Sentence("Agree both jobs", {}, CTO + AI),
        Sentence("The Head of AI begins with what need not wait", {}, CTO + AI),
    ),
    "remarks cto-first-team": (
        Sentence("Your engineers have no shared architecture", {NO_DIRECTION: YES}, CTO),
        Sentence("Agree both jobs", {}, CTO + AI),
        Sentence("The Head of AI begins with what need not wait", {}, CTO + AI),
    ),
    "remarks cto-first-stack": (
        Sentence("Inconsistent APIs and deployments by hand", {MESSY: YES}, CTO),
        Sentence("Agree both jobs", {}, CTO + AI),
        Sentence("The Head of AI begins with what need not wait", {}, CTO + AI),
    ),
    "remarks start-together": (
        Sentence("Work on both sides can start", {NO_DIRECTION: NO, MESSY: NO}, CTO + AI),
        Sentence("Before it does, write down who owns what", {}, CTO + AI),
    ),
    "remarks report-to-cto": (
        Sentence("The CTO you have keeps the foundation", {HAS_CTO: YES}),
        Sentence("The Head of AI can be a peer", {HAS_CTO: YES}, AI),
    ),
    "remarks no-cto-first": (Sentence("None of the situations that call for a CTO", {OF_CTO: NONE, HAS_CTO: NO}, AI),),
    "remarks bridge-until-vp": (
        Sentence("Make two things part of the CTO’s work", {"signal:first-vp-engineering": YES}, CTO),
        Sentence("Agree beforehand how long the handover", {}, CTO),
    ),
    "remarks investor-narrative": (
        Sentence("Make the first deliverable", {"signal:fundraising": YES}, CTO),
        Sentence("It covers architecture, hiring plan", {}, CTO),
    ),
    "remarks compliance-at-the-table": (
        Sentence("Have whoever answers for compliance", {"signal:ai-risks": YES}, AI),
        Sentence("Privacy and rules on automated decisions", {}, AI),
    ),
    "outcomes fractional-cto": (
        Sentence("Look for a senior generalist", {}, CTO),
        Sentence("A good one has shipped", {}, CTO),
        Sentence("Running AI at scale is another trade"),
    ),
    "outcomes head-of-ai": (
        Sentence("Look for a specialist", {}, AI),
        Sentence("In 10–15 hours a week", {}, AI),
        Sentence("If engineering works well, no CTO", {}, AI),
        Sentence("Front end, cloud and releases", {}, AI),
    ),
    "outcomes both-roles": (
        Sentence("Take two fractional leaders", {"need:fractional-cto": YES, "need:head-of-ai": YES}, CTO + AI),
        Sentence("The CTO lays the foundation", {}, CTO + AI),
        Sentence("Where the jobs are merged", {}, CTO + AI),
        Sentence("With both, teams reached production", {}, CTO + AI),
    ),
    "outcomes one-leader": (
        Sentence("This holds only while", {"one-person": YES}, CTO + AI),
        Sentence("Choose someone who has led both kinds", {}, CTO + AI),
        Sentence("As soon as one of the three conditions changes", {"one-person": YES}, CTO + AI),
    ),
    "outcomes not-yet": (
        Sentence("Hold off on hiring", {"need:fractional-cto": NO, "need:head-of-ai": NO}),
        Sentence("A few questions can miss"),
    ),
    "signals directionless-team": (
        Sentence("Your engineers ship, but nobody decides", {NO_DIRECTION: YES}),
        Sentence("A CTO sets one architecture"),
    ),
    "signals fundraising": (
        Sentence("Investors want to hear", {"signal:fundraising": YES}),
        Sentence("A CTO has those answers ready"),
    ),
    "signals messy-stack": (
        Sentence("Every extra framework and manual deployment makes the next change slower", {MESSY: YES}),
        Sentence("A CTO has the standing to decide"),
    ),
    "signals first-vp-engineering": (
        Sentence("The first VP of Engineering shapes the team", {"signal:first-vp-engineering": YES}),
        Sentence("A CTO defines the job"),
    ),
    "signals no-ai-component": (Sentence("With no AI to lead", {NO_AI: YES}),),
    "signals ai-is-the-product": (
        Sentence("Customers pay for what your models do", {"signal:ai-is-the-product": YES}),
        Sentence("A Head of AI owns them"),
    ),
    "signals failed-ai-attempt": (
        Sentence("A demo is not a system under real traffic", {"signal:failed-ai-attempt": YES}),
        Sentence("A Head of AI sets up the evaluation"),
    ),
    "signals strong-cto-no-ai": (
        Sentence("Your CTO has never built an ML pipeline", {HAS_CTO: YES}),
        Sentence("A Head of AI brings that experience", {HAS_CTO: YES}),
    ),
    "signals strategy-before-team": (
        Sentence("The first hire or contract is hard to undo", {"signal:strategy-before-team": YES}),
        Sentence("A Head of AI works out what to build"),
    ),
    "signals ai-risks": (
        Sentence("These risks are technical and legal", {"signal:ai-risks": YES}),
        Sentence("A Head of AI builds the checks"),
    ),
    "clear": (Sentence("Your answers agree with one another", {"contradiction": NO}),),
    "leaning": (Sentence("This is our best advice", {"contradiction": NO}), Sentence("At least one thing that")),
    "mixed": (Sentence("Take this as provisional", {"contradiction": YES}),),
}


def texts_of(guide: Guide) -> Iterator[tuple[str, str]]:
    """Every text that a recommendation may show, by its place."""
    for role in guide.roles:
        for number, row in enumerate(role.need, 1):
            yield f"roles {role.key} need {number}", row.reason
    for number, rule in enumerate(guide.rules, 1):
        yield f"rules {number}", rule.reason
        if rule.doubt:
            yield f"rules {number} doubt", rule.doubt
    for remark in guide.remarks:
        yield f"remarks {remark.key}", remark.text
    for outcome in guide.outcomes:
        yield f"outcomes {outcome.key}", outcome.text
    for signal in guide.signals:
        yield f"signals {signal.key}", signal.reason
    for certainty in ("clear", "leaning", "mixed"):
        yield certainty, getattr(guide, certainty)


def in_sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return re.split(r"(?<=[.?]) (?=[A-Z])", text)


State = dict[str, str]


def state_of(answers: Answers, remarks: AbstractSet[str]) -> State:
    """The value of each input that ``true_when`` may name, by the brief. ``remarks`` are those that were collected."""
    signals, choices = answers.signals, answers.choices
    of_cto, of_ai = len(signals & brief.OF_CTO), len(signals & brief.OF_AI)
    state = {key: choices.get(key, "not-answered") for key in (*brief.CHOICES, *brief.FACTS)}
    state |= {f"signal:{key}": "yes" if key in signals else "no" for key in brief.OF_CTO | brief.OF_AI}
    for side, is_needed in zip(brief.SIDES, brief.needed(answers), strict=True):
        state[f"need:{side.role}"] = "yes" if is_needed else "no"
    state[OF_CTO], state[OF_AI] = brief.evidence(of_cto), brief.evidence(of_ai)
    state["balance"] = "fractional-cto" if of_cto > of_ai else "head-of-ai" if of_ai > of_cto else "even"
    state["contradiction"] = "yes" if remarks & brief.CONTRADICTIONS else "no"
    one_person = {"team-size": "under-ten", "ai-place": "feature", "scope": "strategy"}
    state["one-person"] = "yes" if one_person.items() <= choices.items() else "no"
    return state


def is_true(sentence: Sentence, state: State) -> bool:
    return all(state[name] in values for name, values in sentence.true_when.items())
