"""What reasons and answers of roles rest on: each thing once, what was not ticked said so, and no sentence for another
role.
"""

import msgspec

from advisor.decision.answers import Answers
from advisor.decision.guide import Condition, NeedRow, RemarkKind
from advisor.decision.recommendation import Basis, Recommendation, recommend
from tests.decision.answer_sets import said
from tests.guide_with_needs import ALL_UNSURE, GUIDE_WITH_NEEDS, ONE_ROLE
from tests.guides import remark, role


def recommended(query: str) -> Recommendation:
    return recommend(GUIDE_WITH_NEEDS, said(query, GUIDE_WITH_NEEDS))


def with_remark(when: Condition, query: str) -> tuple[Basis, ...]:
    """What a remark with this condition rests on."""
    guide = msgspec.structs.replace(GUIDE_WITH_NEEDS, remarks=(remark("this", when, RemarkKind.CAUTION),))
    (found,) = recommend(guide, said(query, guide)).remarks
    return found.rests_on


def test_a_signal_that_is_not_ticked_is_named_and_says_nothing_of_the_others() -> None:
    assert with_remark({"signal:burns": ("no",)}, ONE_ROLE) == (Basis("kitchen", role="cook", not_ticked="burns"),)


def test_what_the_evidence_names_is_not_named_again() -> None:
    when: Condition = {"evidence:cook": ("some",), "signal:tastes-odd": ("yes",), "signal:burns": ("no",)}

    assert with_remark(when, ONE_ROLE) == (Basis("kitchen", role="cook", signals=("tastes-odd",)),)


def test_a_row_that_names_evidence_and_balance_rests_on_each_tick_once() -> None:
    query = ALL_UNSURE.replace("signal=none.kitchen", "signal=burns&signal=cold").replace(
        "signal=none.tables", "signal=slow"
    )

    cook, _ = recommended(query).roles

    assert cook.row == 8
    assert cook.reason
    assert cook.reason.rests_on == (
        Basis("kitchen", role="cook", signals=("burns", "cold")),
        Basis("tables", role="waiter", signals=("slow",)),
        Basis("kitchen", choice="unsure"),
    )


def test_whoever_is_not_sure_says_nothing_about_a_role() -> None:
    for found in recommended(ALL_UNSURE).roles:
        assert found.speaks_for == found.speaks_against == ()


def test_a_sentence_argues_for_its_own_role_alone() -> None:
    cook, waiter = recommended("kitchen=no&signal=none.kitchen&tables=yes&signal=good-cook&both=tables").roles

    assert [reason.text for reason in waiter.speaks_for if reason.rests_on[0].signals] == ["Because it good-cook."]
    assert [reason.text for reason in cook.speaks_against if reason.rests_on[0].signals] == [""]


def test_a_role_with_a_table_has_an_answer_though_no_question_is_about_it() -> None:
    host = msgspec.structs.replace(
        role("host"),
        need=(
            NeedRow(when={"both": ("both",)}, needed=True, reason="For two."),
            NeedRow(when={}, needed=False, reason="No."),
        ),
    )
    guide = msgspec.structs.replace(GUIDE_WITH_NEEDS, roles=(*GUIDE_WITH_NEEDS.roles, host))

    *_, found = recommend(guide, Answers({"both": "both"}, frozenset())).roles

    assert (found.role, found.is_needed, found.row) == ("host", True, 1)
