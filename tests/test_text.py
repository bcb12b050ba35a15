"""Text as people paste it: what nobody sees goes, what is wrong is named, and a name is found by any keyboard."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.decision.characters import is_visible
from advisor.text import (
    NotAnAddressError,
    as_mail_carries_it,
    clean_email,
    clean_line,
    clean_paragraph,
    dialled,
    is_phone,
    parse_key,
    search_keys,
)

UNSEEN = {
    "zero-width space": "\u200b",
    "word joiner": "\u2060",
    "mark of a file": "\ufeff",
    "soft hyphen": "\u00ad",
    "override": "\u202e",
    "isolate": "\u2068",
    "noncharacter": "\ufffe",
    "mark from right to left, at an end": "\u200f",
}
NOTHING_TO_SEE = {
    **UNSEEN,
    "no-break space": "\u00a0",
    "pattern of no dots": "\u2800",
    "filler of Hangul": "\u3164",
    "half filler of Hangul": "\uffa0",
    "first filler of Hangul": "\u115f",
    "second filler of Hangul": "\u1160",
    "selector of a variation": "\ufe0f",
    "marks on nothing": "\u0301\u0302",
    "joiner": "\u200d",
    "tag": "\U000e0041",
}


@pytest.mark.parametrize("sign", UNSEEN.values(), ids=UNSEEN)
def test_what_nobody_sees_goes_without_a_word(sign: str) -> None:
    assert clean_line(f"{sign}The Asker{sign}") == "The Asker"
    assert clean_paragraph(f"{sign}One line.\nAnother.{sign}") == "One line.\nAnother."


@pytest.mark.parametrize("sign", "\x01\x1b\x1c\x1d\x1e\x1f\x7f\x9f")
def test_what_no_keyboard_has_goes_even_where_python_counts_it_as_a_blank(sign: str) -> None:
    assert clean_line(f"One{sign} line") == "One line"
    assert clean_paragraph(f"One{sign} line.\n{sign}Another.") == "One line.\nAnother."


@pytest.mark.parametrize("sign", NOTHING_TO_SEE.values(), ids=NOTHING_TO_SEE)
def test_a_text_of_which_nothing_can_be_seen_is_empty(sign: str) -> None:
    text = f" {sign}{sign} "

    assert (clean_line(text), clean_paragraph(text)) == ("", "")


@pytest.mark.parametrize(
    "text", ["می\u200cخواهم", "Zoë 👩\u200d💻", "क\u094dष", "नि\u200d", "❤\ufe0f", "שָׁלוֹם", "O’Brien", "–"]
)
def test_what_letters_need_to_be_what_they_are_stays(text: str) -> None:
    kept = clean_line(text)

    assert kept == unicodedata.normalize("NFC", text).rstrip("\u200d")


def test_marks_are_not_piled_up_into_the_lines_around() -> None:
    piled_up = "Z" + "\u0301\u0302\u0323\u0330" * 30

    assert len(clean_line(piled_up)) <= 8


def test_spaces_of_any_kind_become_one_and_lines_of_any_kind_stay_lines() -> None:
    assert clean_line(" Engines \u3000\u00a0 Ltd\u2003") == "Engines Ltd"
    assert clean_paragraph("One\r\ntwo\rthree\u2028four\x0bfive\x07") == "One\ntwo\nthree\nfour\nfive"


@given(st.text())
def test_what_is_clean_stays_as_it_is_and_can_be_seen(text: str) -> None:
    for clean in (clean_line, clean_paragraph):
        once = clean(text)

        assert clean(once) == once
        assert not once or is_visible(once)


PASTED_ADDRESSES = {
    "with a zero-width space at its end": "ann@example.com\u200b",
    "with one inside": "an\u200bn@exam\u00adple.com",
    "with the mark of a file": "\ufeffann@example.com",
    "with a no-break space": "\u00a0ann@example.com\u00a0",
    "in the other direction": "\u200fann@example.com\u202e",
    "as a link": "mailto:ann@example.com?subject=Hello",
    "with a name": "Ann Smith <ann@example.com>",
    "with a name in quotes": '"Smith, Ann" <ann@example.com>;',
    "at the end of a sentence": "ann@example.com.",
    "in a list": "ann@example.com, ",
    "in brackets": "(ann@example.com)",
    "in quotes": "“ann@example.com”",
    "in wide letters": "ann＠example．com",
}


@pytest.mark.parametrize("typed", PASTED_ADDRESSES.values(), ids=PASTED_ADDRESSES)
def test_an_address_is_taken_however_it_was_pasted(typed: str) -> None:
    assert clean_email(typed) == "ann@example.com"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("ann", "must have an @-sign"),
        ("@example.com", "must be something before the @-sign"),
        ("ann@", "must be something after the @-sign"),
        ("ann@localhost", "should have a full stop"),
        ("ann@example.local", "special-use or reserved name"),
        ("ann@[127.0.0.1]", "bracketed IP address"),
        ("ann@192.168.0.1", "not within a valid top-level domain"),
        (f"{'l' * 65}@example.com", "too long before the @-sign (1 character too many)"),
        ("ann..smith@example.com", "two full stops in a row"),
        ("ann@example..com", "two full stops in a row"),
        ("ann smith@example.com", "invalid characters before the @-sign: SPACE"),
        ("ann@exam_ple.com", "invalid characters: '_'"),
        ("ann@-example.com", "hyphen immediately after the @-sign"),
        ("ann@example.com, bob@example.com", "Please give one"),
        ("ann@example.com bob@example.com", "Please give one"),
        ("jörg@müller.example", "letters such as “ö” before the @-sign"),
        ("ann@example.com\x00", "U+0000"),
    ],
)
def test_an_address_that_mail_cannot_carry_is_refused_with_the_reason(typed: str, reason: str) -> None:
    with pytest.raises(NotAnAddressError, match=r"\.$") as refusal:
        clean_email(typed)

    assert reason in str(refusal.value)


def test_a_domain_in_other_letters_is_kept_as_people_read_it_and_sent_as_mail_carries_it() -> None:
    address = clean_email("Jorg@Müller.example")

    assert address == "Jorg@müller.example"
    assert as_mail_carries_it(address) == "Jorg@xn--mller-kva.example"
    assert as_mail_carries_it("ann@faß.de") == "ann@xn--fa-hia.de"
    assert as_mail_carries_it("Ann@example.COM") == "Ann@example.COM"


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("+371 2000 0000", "+37120000000"),
        ("+49 (0)30 1234-5678", "+493012345678"),
        ("+49(0)30/12345678", "+493012345678"),
        ("0049 (0)30 1234-5678", "+493012345678"),
        ("(030) 1234-5678", "03012345678"),
        ("+1 (555) 123-4567 x89", "+15551234567;ext=89"),
        ("+1 555 123 4567, ext. 12", "+15551234567;ext=12"),
        ("１２３４５６", "123456"),
        ("＋４９　（０）３０－１２３４", "+49301234"),
        ("+49–30–1234", "+49301234"),
        ("+49—30\u20111234", "+49301234"),
        ("+49\u221230\u00ad1234", "+49301234"),
        ("(+49) 30 1234", "+49301234"),
        ("( +49 ) 30 1234", "+49301234"),
        ("(0049) 30 1234", "+49301234"),
        ("+49·30·1234", "+49301234"),
        ("+33•1•23•45", "+3312345"),
        ("03ー1234ー5678", "0312345678"),
        ("٠٣٠ ١٢٣٤", "0301234"),
        ("+1 555 123 4567 EXT. 12", "+15551234567;ext=12"),
        ("+39 (0)6 1234 5678", "+390612345678"),
        ("(+39) (0)6 1234 5678", "+390612345678"),
        ("0039 (0)6 1234 5678", "+390612345678"),
        ("+39 333 123 4567", "+393331234567"),
        ("+378 (0)549 88 23 45", "+3780549882345"),
        ("+225 (0)7 08 12 34 56", "+2250708123456"),
        ("+44 (0)20 7946 0000", "+442079460000"),
    ],
)
def test_a_phone_dials_what_was_meant(typed: str, link: str) -> None:
    assert is_phone(typed)
    assert dialled(typed) == link


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "1234", "call me", "+", "+371 2000 0000 or mail", "()-./", "x12345", "49+30 1234", "++49 30 1234"],
)
def test_what_is_no_number_is_not_dialled(typed: str) -> None:
    assert not is_phone(typed)
    assert dialled(typed) == ""


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("Łukasz", {"łukasz", "lukasz"}),
        ("Øystein", {"øystein", "oystein", "oeystein"}),
        ("O’Brien", {"o'brien"}),
        ("Müller–Söhne", {"muller-sohne", "mueller-soehne"}),
        ("Straße", {"strasse"}),
        ("Иван", {"иван", "ivan"}),
        ("李小龍", {"李小龍", "lixiaolong"}),
        ("ENGINES  Ltd", {"engines ltd"}),
    ],
)
def test_a_name_has_a_key_for_every_way_in_which_people_type_it(name: str, keys: set[str]) -> None:
    assert set(search_keys(name)) == keys


@pytest.mark.parametrize(
    ("text", "key"), [("4711", 4711), ("0", 0), ("", None), ("-1", None), ("４", None), ("²", None), ("9" * 19, None)]
)
def test_a_key_is_read_from_digits_that_a_database_can_hold(text: str, key: int | None) -> None:
    assert parse_key(text) == key
