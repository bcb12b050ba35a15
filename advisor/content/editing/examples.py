"""An example of good copy for every field that an editor fills in, and how long a long text had better be.

Good copy talks to one person, says one thing at a time, and would still be true if a colleague read it out.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """What a field might say, or what choosing in it means."""

    words: str
    within: int = 0
    """Characters that a text without a limit had better keep to; beyond it people stop reading."""
    purpose: str = ""
    """What the field is for, where the model says nothing about it."""


KEY = "In links, conditions and exports; it cannot be changed later."
SAME = "The lists on this page are what this guide has."
OF_GUIDE = Example("“Fractional CTO or fractional Head of AI: which do you need?”", purpose=SAME)

EXAMPLES: Mapping[str, Mapping[str, Example]] = {
    "guide": {
        "key": Example("cto-or-head-of-ai"),
        "title": Example("Fractional CTO or fractional Head of AI: which do you need?"),
        "summary": Example(
            "Answer a few short questions and see which role fits, and why. It takes about two minutes, and you do "
            "not have to leave an address.",
            200,
        ),
        "audience": Example(
            "Founders of growing companies who sense that nobody leads their technology, and who have to choose "
            "before they sign.",
            250,
        ),
        "why": Example(
            "Hire the wrong one and it takes about six months before anyone notices. The work itself is a matter of "
            "weeks.",
            300,
        ),
        "some_from": Example("with 1, a single ticked signal counts as some evidence"),
        "strong_from": Example("with 3 of five signals, most of what speaks for a role has been ticked"),
        "clear": Example("What you told us points the same way, and nothing of weight speaks against it.", 160),
        "leaning": Example("Most of your answers lean this way, and at least one speaks for another choice.", 160),
        "mixed": Example(
            "Two of the things you told us contradict each other, so take this as provisional until you know which "
            "one holds.",
            160,
        ),
        "call_title": Example("Book a free introductory call"),
        "call_text": Example(
            "The call takes 30 minutes and costs nothing. Use it to test the recommendation on your own case; you owe "
            "us nothing afterwards.",
            250,
        ),
        "call_next": Example(
            "Someone reads your answers and writes to you within a working day. Reply to that message if you want to "
            "add anything.",
            250,
        ),
        "consent": Example(
            "I agree that you keep my name, my address and my answers to prepare this call. You will erase all of it "
            "when I ask you to.",
            300,
        ),
    },
    "sharedconcern": {"text": Example("Compute costs")},
    "frequentquestion": {
        "question": Example("Can one person be both?"),
        "answer": Example("In principle, yes. In practice it works only in very small companies.", 300),
    },
    "role": {
        "guide": OF_GUIDE,
        "key": Example("fractional-cto", purpose=KEY),
        "name": Example("Fractional CTO"),
        "summary": Example(
            "A senior generalist who answers for all of your technology and sees to it that engineering delivers.", 180
        ),
        "fits": Example(
            "Companies that do not need a full-time CTO yet, but do need 10–20 hours a week of someone who has done "
            "it before.",
            200,
        ),
        "owns": Example("System architecture / Hiring of engineers / Technical debt", 400),
        "not_theirs": Example("Model evaluation / Prompt engineering", 200),
        "own_domain": Example("Infrastructure / Release process", 200),
    },
    "dimension": {
        "guide": OF_GUIDE,
        "key": Example("typical-trigger", purpose=KEY),
        "label": Example("Primary focus"),
    },
    "cell": {
        "role": Example("the column “Fractional CTO”", purpose="Whose column it stands in."),
        "text": Example("Ships reliable software"),
    },
    "signal": {
        "guide": OF_GUIDE,
        "role": Example("“Messy stack” speaks for the fractional CTO", purpose="The role that it speaks for."),
        "key": Example("messy-stack", purpose=KEY),
        "name": Example("Messy stack"),
        "text": Example("Every service is written and deployed in another way, and only two people know how."),
        "reason": Example(
            "Someone has to settle on one way to build and release. That is the first thing a CTO does, and it pays "
            "for itself within a quarter.",
            250,
        ),
        "speaks_to": Example("“Messy stack” is about the rows “Architecture scope” and “Typical trigger”"),
    },
    "followup": {
        "guide": OF_GUIDE,
        "key": Example("one-person", purpose=KEY),
        "title": Example("Could one person do both?"),
        "help": Example("Three facts decide whether a single leader is enough for now.", 160),
        "asked_when": Example("asked of those who said “Both” to “Is it both?”"),
    },
    "question": {
        "guide": OF_GUIDE,
        "follow_up": Example("team size is asked only of those who might do with one person"),
        "role": Example("“Is your core problem running software?” is about the fractional CTO"),
        "key": Example("software", purpose=KEY),
        "name": Example("Running software"),
        "text": Example("Is your core problem building and running software reliably?"),
        "help": Example("Think of slow releases, outages, or a team that nobody senior leads.", 160),
        "signals_text": Example("Which of these sound like you?"),
    },
    "choice": {
        "key": Example("ten-or-more", purpose=KEY),
        "label": Example("Yes, that is our core problem"),
        "affirms": Example("“Yes” says that software is the problem; “No” and “Not sure” do not"),
    },
    "outcome": {
        "guide": OF_GUIDE,
        "key": Example("both-roles", purpose=KEY),
        "name": Example("Both roles"),
        "title": Example("Hire both, with separate domains from day one"),
        "text": Example(
            "You have two jobs here, and each leader knows from the first day what is theirs. It would be the wrong "
            "choice while you have fewer than ten engineers.",
            600,
        ),
        "roles": Example("“Both roles” names the fractional CTO and the fractional Head of AI"),
    },
    "rule": {
        "guide": OF_GUIDE,
        "when": Example("“Both” under “Is it both?”, and “Strong” for the evidence of both roles"),
        "outcome": Example("“Both roles”", purpose="Where this combination leads."),
        "reason": Example("You said that it is both. With two leaders, neither problem waits for the other.", 250),
    },
    "remark": {
        "guide": OF_GUIDE,
        "key": Example("strong-cto-but-directionless", purpose=KEY),
        "kind": Example(
            "two answers that cannot both be true are a contradiction; a date that is near is a caution",
            purpose="Contradictions are shown first.",
        ),
        "title": Example("Is AI in the product?"),
        "text": Example(
            "You said that AI is no problem, and also that it is what customers pay for. Which of the two is true "
            "today?",
            300,
        ),
        "when": Example("“No” under “Making AI work”, together with “Core” under “Place of AI”"),
    },
    "scenario": {
        "guide": OF_GUIDE,
        "title": Example("Ten engineers, chaos, no AI"),
        "answers": Example("software=yes&signal=messy-stack&ai=no"),
        "outcome": Example("“Fractional CTO”"),
        "remarks": Example("“Investors first”, where a funding round is near"),
        "expected_to_change": Example("ticked while you are about to move a rule that decides this case"),
    },
}
"""Model, field, example; a test asks for every field of every form."""
