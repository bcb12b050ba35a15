"""Text as people type and paste it: cleaned in one way everywhere, before anything else looks at it.

What is pasted brings along characters that nobody sees, and that nobody meant: zero-width spaces of web pages, soft
hyphens, marks of direction, the mark at the beginning of a file. They go without a word. What is left is validated, and
what is wrong with it is said so that it can be seen.
"""

import re
from unicodedata import category, combining, name, normalize

from anyascii import anyascii
from email_validator import EmailNotValidError, validate_email

from advisor.decision.characters import BLANK, TURNING, is_visible

PASTED = re.compile(f"{TURNING.pattern}|[\u00ad\u061c\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb]")
"""What programs put into a text for themselves. It is never seen, and no word changes without it."""

JOINERS = "\u034f\u200c\u200d\u200e\u200f"
"""What shapes or orders the letters around it, in Persian or in pictures of families; at an end it does nothing."""

NONCHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0010fffe\U0010ffff]")

LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""However programs end a line or a page."""

MOST_MARKS = 6
"""Marks above and below one letter. Every language does with fewer; more of them reach into the lines around."""

AROUND_ADDRESSES = " \t\r\n<>,;:."
"""What stands before or after an address in a sentence, or in a list of them."""

QUOTED = re.compile(r"""[(\[{"'“‘«]\s*(.*?)\s*[)\]}"'”’»]""")

ENOUGH_OF_A_NUMBER = 5
"""Digits of a phone number; the shortest ones in use, within a company, have fewer and need no country."""

PHONE = re.compile(r"\+?[\d\s()./-]+?(?P<extension>(?:,|;|\s)*(?:ext|extension|x)\.?\s*\d{1,8})?", re.IGNORECASE)

GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
"""How these letters are written where a keyboard has none of them; without their dots they are written as well."""


def clean_line(text: str) -> str:
    """A text of one line: without what nobody sees, and with single spaces. "" where nothing could be seen of it."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(_without_artefacts(text).split()) if is_visible(text) else ""


def clean_paragraph(text: str) -> str:
    """A text of several lines, which stay: without what nobody sees. "" where nothing could be seen of it."""
    if not is_visible(text):
        return ""
    return _without_artefacts(LINE_ENDS.sub("\n", text))


def _without_artefacts(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for sign in normalize("NFC", NONCHARACTERS.sub("", PASTED.sub("", text))):
        if category(sign) == "Cc" and not sign.isspace() and sign != "\0":
            continue
        marks = marks + 1 if combining(sign) else 0
        if marks <= MOST_MARKS:
            kept.append(sign)
    return re.sub(rf"^[\s{JOINERS}]+|[\s{JOINERS}]+$", "", "".join(kept))


def named(sign: str) -> str:
    """A character that is not seen, so that it can be: U+200D ZERO WIDTH JOINER."""
    return f"U+{ord(sign):04X} {name(sign, '')}".strip()


class NotAnAddressError(ValueError):
    """This is no e-mail address that mail can be sent to; says why, for whoever typed it."""


def clean_email(text: str) -> str:
    """The e-mail address in what was pasted: without its name, "mailto:" and the punctuation around it.

    It comes back as it was typed, and a domain that is not in English letters in its one right form. Raises
    ``NotAnAddressError``.
    """
    typed = normalize("NFKC", "".join(sign for sign in text if sign.isascii() or not _is_unseen(sign)))
    if written := re.search(r"<([^<>]*@[^<>]*)>", typed):
        typed = written[1]
    address = typed.strip(AROUND_ADDRESSES)
    if quoted := QUOTED.fullmatch(address):
        address = quoted[1]
    address = re.sub(r"^mailto:\s*([^?]*).*", r"\1", address, flags=re.IGNORECASE).strip(AROUND_ADDRESSES)
    local = address.rpartition("@")[0]
    if re.search(r"@.*[,;\s].*@", address):
        raise NotAnAddressError(
            "This does not look like an e-mail address. Please give one only, like name@example.com."
        )
    if foreign := next((sign for sign in local if not sign.isascii()), ""):
        raise NotAnAddressError(
            f"Many mail servers do not accept letters such as “{foreign}” before the @-sign. Please give another "
            "e-mail address, with letters from a to z there."
        )
    try:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError as error:
        reason = str(error).replace("email", "e-mail").replace("period", "full stop")
        raise NotAnAddressError(
            f"This does not look like an e-mail address. {reason} It should be like name@example.com."
        ) from None
    return address if address.isascii() else f"{found.local_part}@{found.domain}"


def _is_unseen(sign: str) -> bool:
    return category(sign) in {"Cf", "Zs", "Zl", "Zp", "Cn"} or sign in JOINERS or sign in BLANK


def as_mail_carries_it(email: str) -> str:
    """The same address with its domain in ASCII, as every mail server takes it: jorg@xn--mller-kva.example.

    An address that was never cleaned comes back as it is.
    """
    if email.isascii():
        return email
    try:
        found = validate_email(email, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return email
    return found.ascii_email or email


def is_phone(text: str) -> bool:
    """Whether a text is the number of a phone: digits, grouped in any way, perhaps with an extension."""
    number = clean_line(text)
    return bool(PHONE.fullmatch(number)) and sum(map(str.isdecimal, number)) >= ENOUGH_OF_A_NUMBER


def dialled(phone: str) -> str:
    """What a phone dials (RFC 3966). The zero in "+49 (0)30" is for those who call within the country.

    "" for what is no number.
    """
    if not is_phone(phone):
        return ""
    number = clean_line(phone)
    found = PHONE.fullmatch(number)
    extension = (found and found["extension"]) or ""
    number = number.removesuffix(extension)
    is_international = number.startswith(("+", "00"))
    if is_international:
        number = re.sub(r"\(\s*0\s*\)", "", number)
    digits = _digits(number)
    if is_international:
        digits = f"+{digits.removeprefix('00') if number.startswith('00') else digits}"
    return digits + (f";ext={_digits(extension)}" if extension else "")


def _digits(text: str) -> str:
    """In ASCII, whatever digits they were typed in."""
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def folded(text: str) -> str:
    """In small letters, without accents, with one kind of dash and apostrophe; letters of other scripts stay."""
    apart = normalize("NFKD", clean_line(text).casefold())
    return "".join(_plain(sign) for sign in apart if category(sign) != "Mn")


def _plain(sign: str) -> str:
    if category(sign) == "Pd" or sign == "\u2212":
        return "-"
    return "'" if sign in "’‘ʼʻ′´`＇" else sign


def search_keys(text: str) -> list[str]:
    """The ways in which people type a name: Łukasz Söhne -> łukasz sohne, lukasz sohne, lukasz soehne."""
    apart = normalize("NFKC", clean_line(text).casefold())
    keys = [folded(text), folded(anyascii(apart)), folded(anyascii(apart.translate(GERMAN)))]
    return list(dict.fromkeys(keys))
