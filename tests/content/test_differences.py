"""What differs between two documents, place by place."""

import msgspec
import pytest

from advisor.content.differences import Piece, differences
from advisor.content.effects import sentences
from advisor.decision.comparison import compare
from advisor.decision.guide import Guide, NeedRow, Rule
from tests.guide_with_needs import GUIDE_WITH_NEEDS
from tests.guides import first_guide

replace = msgspec.structs.replace


def with_first[Part: msgspec.Struct](guide: Guide, parts: str, **fields: object) -> Guide:
    """The guide with its first role, signal or the like saying something else."""
    first, *others = getattr(guide, parts)
    return replace(guide, **{parts: (replace(first, **fields), *others)})


def shown(old: Guide, new: Guide) -> dict[str, str]:
    """Each place with what was taken out and put in, in brackets."""
    marks = {"same": "{}", "gone": "[-{}-]", "new": "[+{}+]"}
    return {
        difference.place: " ".join(marks[piece.kind].format(piece.words) for piece in difference.pieces)
        for difference in differences(old, new)
    }


def test_a_guide_does_not_differ_from_itself() -> None:
    assert differences(first_guide(), first_guide()) == []


def test_words_differ_where_they_differ() -> None:
    old = replace(first_guide(), title="Which role do you need?")
    new = replace(old, title="Which role do you really need?")

    assert shown(old, new) == {"title": "Which role do you [+really+] need?"}


def test_parts_are_called_by_their_keys() -> None:
    old = first_guide()
    new = with_first(with_first(old, "signals", name="Nobody leads"), "roles", owns=("Everything",))

    found = shown(old, new)

    assert set(found) == {"roles fractional-cto owns", "signals directionless-team name"}
    assert found["roles fractional-cto owns"].endswith("[+Everything+]")


def test_what_is_gone_and_what_is_new_is_told_whole() -> None:
    old = first_guide()
    new = replace(old, signals=old.signals[1:])

    found = shown(old, new)

    assert found["signals directionless-team name"] == "[-Team without direction-]"
    assert "directionless-team" in found["signals order"]


def test_conditions_are_told_in_words() -> None:
    old = first_guide()
    new = with_first(old, "remarks", when={"ai": ("yes",)})

    found = shown(old, new)

    (place,) = found
    assert place == f"remarks {old.remarks[0].key} when"
    assert "evidence:" not in found[place]


def test_a_rule_that_was_put_in_does_not_change_those_below_it() -> None:
    old = first_guide()
    new = replace(old, rules=(Rule(when={"both": ("unsure",)}, outcome="not-yet", reason="Because."), *old.rules))

    (found,) = differences(old, new)

    assert found.place == "rules 1"
    assert [piece.kind for piece in found.pieces] == ["new"]
    assert "Because." in found.pieces[0].words


def test_a_rule_with_another_reason_differs_in_its_words_alone() -> None:
    old = first_guide()
    first, *others = old.rules
    new = replace(old, rules=(replace(first, reason=first.reason.replace(" ", " really ", 1)), *others))

    found = shown(old, new)

    assert list(found) == ["rules 1"]
    assert found["rules 1"].count("[") == 1
    assert "[+really+]" in found["rules 1"]


def test_each_rule_that_differs_is_a_place_of_its_own() -> None:
    old = first_guide()
    rules = [replace(rule, reason="Because.") if number in {1, 2, 5} else rule for number, rule in enumerate(old.rules)]
    new = replace(old, rules=tuple(rules))

    assert list(shown(old, new)) == ["rules 2", "rules 3", "rules 6"]


def test_a_rule_that_was_taken_out_is_told_whole_by_its_old_number() -> None:
    old = first_guide()
    new = replace(old, rules=(*old.rules[:4], *old.rules[5:]))

    found = shown(old, new)

    assert list(found) == ["rules 5 before"]
    assert found["rules 5 before"].startswith("[-If ")


def test_rules_that_changed_places_are_told() -> None:
    old = first_guide()
    new = replace(old, rules=(old.rules[1], old.rules[0], *old.rules[2:]))

    found = differences(old, new)

    assert {piece.kind for difference in found for piece in difference.pieces} == {"gone", "new"}


@pytest.mark.parametrize("text", ["", "one", "one two", "one\n\ntwo"])
def test_the_pieces_hold_both_texts(text: str) -> None:
    old = replace(first_guide(), why=text)
    new = replace(first_guide(), why="one two three")

    (found,) = differences(old, new)

    def of(*kinds: str) -> str:
        return " ".join(piece.words for piece in found.pieces if piece.kind in kinds).replace("\n", " ")

    assert of("same", "new").split() == ["one", "two", "three"]
    assert of("same", "gone").split() == text.split()
    assert isinstance(found.pieces[0], Piece)


def test_what_a_changed_need_does_is_said_in_sets_of_answers() -> None:
    old = GUIDE_WITH_NEEDS
    cook, waiter = old.roles
    never = (
        NeedRow({"evidence:cook": ("strong",)}, needed=True, reason="So."),
        NeedRow({}, needed=False, reason="No."),
    )
    new = msgspec.structs.replace(old, roles=(msgspec.structs.replace(cook, need=never), waiter))

    found = compare(old, new)
    said = sentences(old, new, found)

    (need,) = found.needs
    assert (need.role, need.now) == ("cook", 0)
    words = f"For {need.no_more:,} of {found.answer_sets:,} possible sets of answers, "
    assert said[1].startswith(words)
    assert said[1].endswith(" %, “Cook” is not needed any more.")
    assert sum("needed" in sentence for sentence in said) == 1
