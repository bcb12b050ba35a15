"""Text as people type and paste it: every field cleans it in the same way before it validates it.

Pasted text contains invisible characters that nobody meant to enter: zero-width spaces, soft hyphens, direction marks,
byte order marks. They are removed silently. Errors about the rest name invisible characters, so that people can find
them.
"""

import re
from unicodedata import category, combining, name, normalize

from anyascii import anyascii
from email_validator import EmailNotValidError, validate_email

from advisor.decision.characters import DIRECTION_CONTROLS, INVISIBLE_LETTERS, is_visible

PASTED = re.compile(
    f"{DIRECTION_CONTROLS.pattern}|[\u00ad\u061c\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb]"
)
"""Invisible characters that programs insert. Words read the same without them."""

JOINERS = "\u034f\u200c\u200d\u200e\u200f"
"""Characters that join or order the letters around them, in Persian or in emoji. At the ends they do nothing."""

NONCHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0010fffe\U0010ffff]")

LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""All ways in which programs end a line or a page."""

BETWEEN_WORDS = "\t\n\r\x0b\x0c\x85"
"""Control characters that stand for blanks and line ends. Python counts four more, which no keyboard has, as blanks."""

MAX_MARKS = 6
"""Marks above and below one letter. No language needs more, and more of them cover the lines around."""

AROUND_ADDRESSES = " \t\r\n<>,;:."
"""Characters that may surround an address in a sentence or in a list."""

QUOTED = re.compile(r"""[(\[{"'“‘«]\s*(.*?)\s*[)\]}"'”’»]""")

MIN_PHONE_DIGITS = 5
"""Digits of a phone number. Only extensions within a company are shorter."""

PHONE = re.compile(r"\(?\s?\+?[\d\s()./-]+?(?P<extension>(?:,|;|\s)*(?:ext|extension|x)\.?\s*\d{1,8})?")

NUMBER_SIGNS = str.maketrans(dict.fromkeys("·•‧∙⋅・", ".") | {"ー": "-"})
"""Other separators between digits: middle dots, and the long vowel mark of Japanese keyboards."""

ZERO_KEPT = ("39", "225", "229", "242", "378", "379")
"""Country codes after which the zero is dialled: Italy and the Vatican, Ivory Coast, Benin, Congo, San Marino, and the
reserved code of the Vatican. There the zero is the first digit of the number, and not a prefix for calls within the
country (ITU-T E.164 and the national numbering plans that the ITU publishes; as in libphonenumber 9.0.43).
"""

GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
"""How people write these letters on a keyboard without them. They also write them without the dots."""


def clean_line(text: str) -> str:
    """One line without invisible characters, with single spaces; "" if nothing in it is visible."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(_without_artefacts(text).split()) if is_visible(text) else ""


def clean_paragraph(text: str) -> str:
    """A text of several lines without invisible characters, each line ended by a line feed; the spaces within a line
    stay. "" if nothing in it is visible.
    """
    if not is_visible(text):
        return ""
    return _without_artefacts(LINE_ENDS.sub("\n", text))


def _without_artefacts(text: str) -> str:
    characters: list[str] = []
    marks = 0
    for character in normalize("NFC", NONCHARACTERS.sub("", PASTED.sub("", text))):
        if category(character) == "Cc" and character not in BETWEEN_WORDS and character != "\0":
            continue
        marks = marks + 1 if combining(character) else 0
        if marks <= MAX_MARKS:
            characters.append(character)
    return re.sub(rf"^[\s{JOINERS}]+|[\s{JOINERS}]+$", "", "".join(characters))


def character_name(character: str) -> str:
    """The code and the name of a character, for invisible ones: U+200D ZERO WIDTH JOINER."""
    return f"U+{ord(character):04X} {name(character, '')}".strip()


class NotAnAddressError(ValueError):
    """A text is not an e-mail address that mail can be sent to. The message says why, for whoever typed it."""


def clean_email(text: str) -> str:
    """The e-mail address in a pasted text, without a name, "mailto:" or punctuation around it.

    Upper and lower case stay. A domain in other than English letters is normalised. Raises ``NotAnAddressError``.
    """
    typed = normalize(
        "NFKC", "".join(character for character in text if character.isascii() or not _is_unseen(character))
    )
    if bracketed := re.search(r"<([^<>]*@[^<>]*)>", typed):
        typed = bracketed[1]
    address = typed.strip(AROUND_ADDRESSES)
    if quoted := QUOTED.fullmatch(address):
        address = quoted[1]
    address = re.sub(r"^mailto:\s*([^?]*).*", r"\1", address, flags=re.IGNORECASE).strip(AROUND_ADDRESSES)
    local = address.rpartition("@")[0]
    if re.search(r"@.*[,;\s].*@", address):
        raise NotAnAddressError(
            "This does not look like an e-mail address. Please give one only, like name@example.com."
        )
    if foreign := next((character for character in local if not character.isascii()), ""):
        raise NotAnAddressError(
            f"Many mail servers do not accept letters such as “{foreign}” before the @-sign. Please give another "
            "e-mail address, with letters from a to z there."
        )
    try:
        parsed = validate_email(address, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError as error:
        reason = str(error).replace("email", "e-mail").replace("period", "full stop")
        raise NotAnAddressError(
            f"This does not look like an e-mail address. {reason} It should be like name@example.com."
        ) from None
    return address if address.isascii() else f"{parsed.local_part}@{parsed.domain}"


def _is_unseen(character: str) -> bool:
    return (
        category(character) in {"Cf", "Zs", "Zl", "Zp", "Cn"} or character in JOINERS or character in INVISIBLE_LETTERS
    )


def as_mail_carries_it(email: str) -> str:
    """The same address with its domain in ASCII, which every mail server accepts: jorg@xn--mller-kva.example.

    An invalid address is returned unchanged.
    """
    if email.isascii():
        return email
    try:
        parsed = validate_email(email, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return email
    return parsed.ascii_email or email


def plain_number(text: str) -> str:
    """A text in lower case, with ASCII digits and only one kind of plus, dash and dot."""
    characters = folded(text).translate(NUMBER_SIGNS)
    return "".join(str(int(character)) if character.isdecimal() else character for character in characters)


def is_phone(text: str) -> bool:
    """Whether a text is a phone number: digits in any groups, perhaps with an extension."""
    number = plain_number(text)
    return bool(PHONE.fullmatch(number)) and len(_digits(number)) >= MIN_PHONE_DIGITS


def dialled(phone: str) -> str:
    """What a phone dials (RFC 3966); "" if the text is not a phone number.

    The zero in "+49 (0)30" is only for calls within the country. The zero in "+39 (0)6" is part of the number, see
    ``ZERO_KEPT``.
    """
    if not is_phone(phone):
        return ""
    number = plain_number(phone)
    match = PHONE.fullmatch(number)
    extension = (match and match["extension"]) or ""
    number = number.removesuffix(extension).lstrip("( ")
    if number.startswith(("+", "00")):
        number = number.removeprefix("+").removeprefix("00")
        if not _digits(number).startswith(ZERO_KEPT):
            number = re.sub(r"\(\s*0\s*\)", "", number)
        number = f"+{_digits(number)}"
    else:
        number = _digits(number)
    return number + (f";ext={_digits(extension)}" if extension else "")


def _digits(number: str) -> str:
    return "".join(filter(str.isdecimal, number))


def folded(text: str) -> str:
    """A text in lower case, without accents, with one kind of dash and apostrophe; other scripts stay."""
    apart = normalize("NFKD", clean_line(text).casefold())
    return "".join(_plain(character) for character in apart if category(character) != "Mn")


def _plain(character: str) -> str:
    if category(character) == "Pd" or character == "\u2212":
        return "-"
    return "'" if character in "’‘ʼʻ′´`＇" else character


def search_keys(text: str) -> list[str]:
    """The spellings that people search a name by: Łukasz Söhne -> łukasz sohne, lukasz sohne, lukasz soehne."""
    apart = normalize("NFKC", clean_line(text).casefold())
    keys = [folded(text), folded(anyascii(apart)), folded(anyascii(apart.translate(GERMAN)))]
    return list(dict.fromkeys(keys))


LINK = re.compile(r":\s*//|\bwww\d?\.", re.IGNORECASE)
"""What mail programs make a link of, or people read as the address of a page."""

DOMAIN = re.compile(
    r"(?<![\w.-])(?P<first>[\w-]+)(?:\.[\w-]+)*\.(?P<ending>xn--[\w-]+|[^\W\d_]{2,})(?![\w-])(?P<path>/|\?\w)?"
)
"""Words that are joined by dots, such as a domain, with the beginning of a path."""

COMMON_ENDINGS = {"com", "net", "org", "info", "biz"}

TITLES = {"dipl", "dr", "ing", "mag", "med", "prof", "st"}
"""Before a name, often without a space: Dr.Smith, Dipl.Ing."""


def names_page(text: str, *, may_be_domain: bool) -> bool:
    """Whether a name holds the address of a page; where ``may_be_domain``, a domain without a path is none."""
    plain = normalize("NFKC", text)
    if LINK.search(plain):
        return True
    return any(_is_domain(found) and (found["path"] or not may_be_domain) for found in DOMAIN.finditer(plain))


def _is_domain(found: re.Match[str]) -> bool:
    """Names that are joined by a dot end like Anna.Smith, and domains like prize.lv."""
    ending = found["ending"]
    ends_like_domain = ending.islower() or ending.isupper() or ending.lower() in COMMON_ENDINGS
    return ends_like_domain and found["first"].lower() not in TITLES


MAX_KEY_DIGITS = 18
"""Digits of a primary key. Both databases refuse larger numbers, and Python refuses to parse very long ones."""


def parse_key(text: str) -> int | None:
    """The primary key in an address or a form; None if the text is not one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MAX_KEY_DIGITS else None
