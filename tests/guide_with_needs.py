"""A small guide that decides about each role first, as the first guide does, under the key of that one."""

import msgspec

from advisor.decision.guide import Choice, Condition, Guide, NeedRow, Outcome, Question, RemarkKind, Role
from tests.conftest import GUIDE
from tests.guides import dimension, follow_up, question, remark, role, rule, signal, small_guide


def _need(key: str, other: str, *, about: str, other_about: str, has_one: str) -> tuple[NeedRow, ...]:
    """When one of the two is needed. ``has_one`` is the signal that there is one already."""
    evidence = f"evidence:{key}"
    rows: list[tuple[Condition, bool, str]] = [
        ({evidence: ("strong",)}, True, f"Enough was seen for the {key}."),
        ({evidence: ("none",), about: ("yes",), "both": (about,)}, True, f"You said it twice of the {key}."),
        ({evidence: ("none",), has_one: ("yes",)}, False, f"There is a {key} already."),
        ({evidence: ("none",), about: ("no",), "both": ("both", about)}, False, f"Nothing was seen for the {key}."),
        ({"both": ("both", about)}, True, f"You named the work of the {key}."),
        ({"both": (other_about, "neither")}, False, f"You placed it elsewhere than with the {key}."),
        ({about: ("yes",)}, True, f"You said yes to the {key}."),
        ({evidence: ("some",), about: ("unsure",), "balance": (key,)}, True, f"More was seen for the {key}."),
        ({}, False, f"Neither said nor seen for the {key}."),
    ]
    return tuple(NeedRow(when=when, needed=needed, reason=reason) for when, needed, reason in rows)


def _role(key: str, need: tuple[NeedRow, ...]) -> Role:
    return msgspec.structs.replace(role(key), name=key.capitalize(), need=need)


def _question(key: str, *choices: str, role: str = "", follow_up: str = "") -> Question:
    asked = question(key, *choices, role=role, follow_up=follow_up)
    choices_with_unsure = tuple(
        Choice(key=one.key, label=one.label, affirms=one.affirms, unsure=one.key == "unsure") for one in asked.choices
    )
    return msgspec.structs.replace(asked, choices=choices_with_unsure)


TOO_MANY = "Nothing you said shows yet that one person would not do."

GUIDE_WITH_NEEDS: Guide = small_guide(
    key=GUIDE,
    number=1,
    title="A cook or a waiter?",
    strong_from=3,
    roles=(
        _role("cook", _need("cook", "waiter", about="kitchen", other_about="tables", has_one="signal:good-cook")),
        _role("waiter", _need("waiter", "cook", about="tables", other_about="kitchen", has_one="signal:buffet")),
    ),
    dimensions=(dimension("place", "cook", "waiter"),),
    signals=(
        signal("burns", "cook", "place"),
        signal("tastes-odd", "cook"),
        signal("cold", "cook"),
        signal("buffet", "cook"),
        signal("spills", "waiter", "place"),
        signal("slow", "waiter"),
        signal("rude", "waiter"),
        signal("good-cook", "waiter"),
    ),
    questions=(
        _question("kitchen", "yes", "no", "unsure", role="cook"),
        _question("tables", "yes", "no", "unsure", role="waiter"),
        _question("both", "both", "kitchen", "tables", "neither", "unsure"),
        _question("seats", "few", "many", "unsure", follow_up="size"),
        _question("hours", "lunch", "day", "unsure", follow_up="size"),
    ),
    follow_ups=(follow_up("size", {"need:cook": ("yes",), "need:waiter": ("yes",)}),),
    outcomes=(
        Outcome("one-person", "One for both", "Take one person for both", "It will do.", ("cook", "waiter")),
        Outcome("a-pair", "A pair", "Take a pair", "Each has a place.", ("cook", "waiter")),
        Outcome("a-cook", "A cook", "Take a cook", "The soup first.", ("cook",)),
        Outcome("a-waiter", "A waiter", "Take a waiter", "The guests first.", ("waiter",)),
        Outcome("nobody", "Nobody", "Take nobody yet", "It goes well.", ()),
    ),
    rules=(
        rule({"need:cook": ("yes",), "need:waiter": ("yes",), "seats": ("few",), "hours": ("lunch",)}, "one-person"),
        rule({"need:cook": ("yes",), "need:waiter": ("yes",), "seats": ("many",)}, "a-pair"),
        rule({"need:cook": ("yes",), "need:waiter": ("yes",), "hours": ("day",)}, "a-pair"),
        msgspec.structs.replace(rule({"need:cook": ("yes",), "need:waiter": ("yes",)}, "a-pair"), doubt=TOO_MANY),
        rule({"need:cook": ("yes",)}, "a-cook"),
        rule({"need:waiter": ("yes",)}, "a-waiter"),
        rule({}, "nobody"),
    ),
    remarks=(
        remark(
            "said-elsewhere", {"evidence:cook": ("strong",), "both": ("tables", "neither")}, RemarkKind.CONTRADICTION
        ),
        remark("said-no", {"kitchen": ("no",), "both": ("both", "kitchen")}, RemarkKind.CONTRADICTION),
        remark("said-no-too", {"tables": ("no",), "both": ("both", "tables")}, RemarkKind.CONTRADICTION),
        remark("no-burns", {"signal:burns": ("no",), "outcome": ("a-cook",)}, RemarkKind.CAUTION),
        remark("share", {"outcome": ("a-pair",)}),
    ),
)

LEANING = "kitchen=yes&signal=burns&tables=yes&signal=slow&both=both&seats=unsure&hours=unsure"
MIXED = (
    "kitchen=yes&signal=burns&signal=tastes-odd&signal=cold&tables=yes&signal=none.tables&both=tables"
    "&seats=many&hours=day"
)
ONE_ROLE = "kitchen=yes&signal=tastes-odd&tables=no&signal=slow&both=kitchen"
NOBODY = "kitchen=no&signal=none.kitchen&tables=no&signal=none.tables&both=neither"
ALL_UNSURE = "kitchen=unsure&signal=none.kitchen&tables=unsure&signal=none.tables&both=unsure"

QUERIES = {"leaning": LEANING, "mixed": MIXED, "one role": ONE_ROLE, "nobody": NOBODY, "all unsure": ALL_UNSURE}
