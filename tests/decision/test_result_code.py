"""The result code: every result has one, it survives a telephone, and a mistyped one is noticed."""

from collections.abc import Iterator
from itertools import combinations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.decision.answers import Answers
from advisor.decision.guide import Guide
from advisor.decision.result_code import SYMBOLS, MistypedCodeError, read_answers, read_header, write
from tests.decision.answer_sets import all_facts, complete, said, whatever_was_said, with_facts_in_turn
from tests.guides import first_guide, question, small_guide

NUMBERS = [1, 7, 8, 63, 64, 1000]


def numbered(number: int) -> Guide:
    """The first guide under another number."""
    return msgspec.structs.replace(first_guide(), number=number)


def refused(code: str) -> bool:
    try:
        read_header(code)
    except MistypedCodeError:
        return True
    return False


def read_back(guide: Guide, code: str) -> tuple[int, int, Answers]:
    number, edition, digits = read_header(code)
    return number, edition, read_answers(guide, digits)


@pytest.fixture(scope="module")
def codes() -> list[str]:
    """Codes of several lengths and answers, without hyphens."""
    queries = [
        "",
        "software=no&ai=no&both=neither",
        "software=yes&signal=messy-stack&ai=no&signal=none.ai&both=software",
        "software=unsure&ai=yes&signal=ai-risks&both=both&team-size=under-ten&ai-place=feature&scope=hands-on",
        "&".join(["software=unsure&ai=unsure&both=unsure", *(f"signal={key}" for key in first_guide().signal)]),
    ]
    numbers = [(1, 1), (1, 7), (1, 8), (8, 64), (63, 1), (64, 1000), (1000, 63)]
    return [
        write(numbered(number), edition, said(query)).replace("-", "")
        for query in queries
        for number, edition in numbers
    ]


def substitutions(code: str) -> Iterator[str]:
    """The code with any one symbol replaced by any other."""
    for place, symbol in enumerate(code):
        for other in SYMBOLS:
            if other != symbol:
                yield code[:place] + other + code[place + 1 :]


def transpositions(code: str) -> Iterator[str]:
    """The code with any two different symbols in each other's place, next to each other or not."""
    for first, second in combinations(range(len(code)), 2):
        if code[first] != code[second]:
            symbols = list(code)
            symbols[first], symbols[second] = symbols[second], symbols[first]
            yield "".join(symbols)


def test_every_set_of_answers_is_read_from_its_code_as_it_was_written() -> None:
    """Each of the 46,080 ways to answer the three questions and tick the signals, with the follow-ups in turn.

    That is exact for all 897,665: the answers are one number, ``start * 80 + facts`` with 80 ways to answer or not to
    answer the follow-up. Reading divides by 80 first, so that neither part has a say in how the other is read; and
    each of the 36 full answers to the follow-up occurs here more than three hundred times.
    """
    guide, asked = first_guide(), 0
    codes, wrong = set[str](), []

    for answers in with_facts_in_turn():
        asked += "scope" in answers.choices
        code = write(guide, 1, answers)
        codes.add(code)
        if read_back(guide, code) != (1, 1, answers):
            wrong.append(answers)

    assert wrong == []
    assert len(codes) == 46_080
    assert asked > 300 * len(all_facts())


@settings(deadline=None, max_examples=300)
@given(complete(), st.integers(1, 40_000), st.integers(1, 10**9))
def test_guide_and_edition_and_answers_are_read_as_they_were_written(
    answers: Answers, number: int, edition: int
) -> None:
    guide = numbered(number)

    code = write(guide, edition, answers)

    assert read_back(guide, code) == (number, edition, answers)


@settings(deadline=None, max_examples=300)
@given(whatever_was_said())
def test_missing_and_left_over_answers_are_in_the_code_too(answers: Answers) -> None:
    code = write(first_guide(), 1, answers)

    _, _, found = read_back(first_guide(), code)

    assert found == answers
    assert list(found.choices) == [key for key in first_guide().question if key in answers.choices]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("edition", NUMBERS)
def test_numbers_may_have_several_digits(number: int, edition: int) -> None:
    answers = said("software=yes&signal=messy-stack&ai=no&both=software")

    code = write(numbered(number), edition, answers)

    assert read_back(numbered(number), code) == (number, edition, answers)


def test_a_code_of_the_first_guide_has_nine_symbols_in_groups_of_three() -> None:
    code = write(first_guide(), 1, said("software=yes&ai=no&both=software"))

    groups = code.split("-")

    assert [len(group) for group in groups] == [3, 3, 3]
    assert set("".join(groups)) <= set(SYMBOLS)


def test_the_last_group_may_be_shorter() -> None:
    code = write(first_guide(), 8, said("software=yes&ai=no&both=software"))

    groups = code.split("-")

    assert [len(group) for group in groups] == [3, 3, 3, 1]


def test_a_mistyped_symbol_is_always_noticed(codes: list[str]) -> None:
    accepted = [typed for code in codes for typed in substitutions(code) if not refused(typed)]

    assert accepted == []


def test_two_symbols_that_changed_places_are_always_noticed(codes: list[str]) -> None:
    accepted = [typed for code in codes for typed in transpositions(code) if not refused(typed)]

    assert accepted == []


@pytest.mark.parametrize("length", range(9, 17))
def test_up_to_sixteen_symbols_every_place_counts_differently(length: int) -> None:
    edition = 8 ** (length - 9)
    code = write(first_guide(), edition, said("software=yes&signal=ai-risks&ai=no&both=both&scope=unsure"))

    accepted = [typed for typed in transpositions(code.replace("-", "")) if not refused(typed)]

    assert len(code.replace("-", "")) == length
    assert accepted == []


def test_a_missing_symbol_is_noticed(codes: list[str]) -> None:
    """In a code whose numbers have one digit: what follows them has a fixed length."""
    short = [code for code in codes if len(code) == 9]

    for code in short:
        for place in range(9):
            with pytest.raises(MistypedCodeError):
                read_back(first_guide(), code[:place] + code[place + 1 :])

    assert short


def test_a_symbol_too_many_is_noticed_or_names_another_guide_or_edition(codes: list[str]) -> None:
    for code in [code for code in codes if len(code) == 9]:
        header = read_header(code)[:2]
        for place in range(10):
            for symbol in SYMBOLS:
                try:
                    number, edition, _ = read_back(first_guide(), code[:place] + symbol + code[place:])
                except MistypedCodeError:
                    continue
                assert (number, edition) != header


@pytest.mark.parametrize(
    "typed",
    ["{}", " {} ", "\t{}\n", "{}-", "--{}", "\N{NO-BREAK SPACE}{}"],
    ids=["as it is", "spaces around", "tab and line", "a hyphen behind", "hyphens before", "a fixed space"],
)
def test_what_is_around_a_code_does_not_matter(typed: str) -> None:
    code = write(first_guide(), 1, said("software=yes&ai=no&both=software"))

    found = read_header(typed.format(code))

    assert found == read_header(code)


def test_small_letters_spaces_and_hyphens_do_not_matter(codes: list[str]) -> None:
    for code in codes:
        spellings = {
            code.lower(),
            code.capitalize(),
            " ".join(code),
            "-".join(code),
            f"{code[:2]} - {code[2:].lower()}",
        }

        found = [read_header(spelling) for spelling in spellings]

        assert found == [read_header(code)] * len(spellings)


def test_a_letter_that_looks_like_a_symbol_is_taken_for_it(codes: list[str]) -> None:
    with_zero, with_l = ([code for code in codes if symbol in code] for symbol in "0L")

    same = [
        (code, code.replace(symbol, looks_alike))
        for found, symbol, look_alikes in ((with_zero, "0", "Oo"), (with_l, "L", "1Iil"))
        for code in found
        for looks_alike in look_alikes
    ]

    assert with_zero
    assert with_l
    assert all(read_header(typed) == read_header(code) for code, typed in same)


def test_of_symbols_that_are_confused_there_is_one() -> None:
    confused = ["3BCDEGPTVZ", "AJK", "8H", "MN", "FS", "YI", "95", "QU", "0O", "L1I"]

    given_out = [set(SYMBOLS) & set(group) for group in confused]

    assert all(len(group) == 1 for group in given_out)
    assert len(SYMBOLS) == len(set(SYMBOLS)) == 17


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="nothing"),
        pytest.param("   ", id="spaces"),
        pytest.param("---", id="hyphens"),
        pytest.param("0", id="one symbol"),
        pytest.param("222", id="three symbols"),
        pytest.param("0" * 10_000, id="ten thousand symbols"),
        pytest.param("A22-222-222", id="a letter that is no symbol"),
        pytest.param("522-222-222", id="a digit that is no symbol"),
        pytest.param("2ß2-222-222", id="a letter that grows when it is made a capital"),
        pytest.param("2\x002-222-222", id="a null byte"),
        pytest.param("2٣2-222-222", id="a digit of another script"),
        pytest.param("2.2_222/222", id="other signs between"),
        pytest.param("\ufffd" * 9, id="replacement characters"),
    ],
)
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(MistypedCodeError):
        read_header(typed)


@pytest.mark.parametrize(
    "digits",
    [
        pytest.param([], id="none"),
        pytest.param([0] * 5, id="one too few"),
        pytest.param([0] * 7, id="one too many"),
        pytest.param([16] * 6, id="a number too large"),
    ],
)
def test_digits_that_are_no_answers_are_refused(digits: list[int]) -> None:
    with pytest.raises(MistypedCodeError):
        read_answers(first_guide(), digits)


def test_the_largest_number_that_stands_for_answers_is_read_and_the_next_is_not() -> None:
    guide = small_guide(questions=(question("kitchen", "yes", "no", role="cook"),), follow_ups=())
    all_given = said("kitchen=no&signal=none.kitchen", guide)

    *_, digits = read_header(write(guide, 1, all_given))

    assert digits == [14]
    assert read_answers(guide, digits) == all_given
    with pytest.raises(MistypedCodeError):
        read_answers(guide, [15])


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("LLLLLLLL", id="a number with a digit it cannot have"),
        pytest.param("YYYYYYYY", id="a number that uses up the code"),
        pytest.param("F22000000", id="a zero before the number of the guide"),
        pytest.param("2F2000000", id="a zero before the number of the edition"),
    ],
)
def test_a_code_that_was_never_given_out_is_refused_whatever_its_check_symbol(body: str) -> None:
    accepted = [body + check for check in SYMBOLS if not refused(body + check)]

    assert accepted == []
