"""What no page of ours sends: listed from what has broken other sites and this one, and generated beside it.

An input is bytes, as it may be broken UTF-8. Where it could do harm in a page, it carries ``MARK``.
"""

import json
import random
from collections.abc import Iterator
from itertools import product
from urllib.parse import quote

MARK = "hostile"
"""Stands in all markup, so that it is found wherever it comes back."""

MARKUP = [
    "<script>hostile()</script>",
    "<hostile>",
    "</title></textarea></script><hostile>",
    '"><img src=x onerror=hostile()>',
    "'><svg/onload=hostile()>",
    '" hostile="',
    "' hostile='",
    "` hostile=`",
    "--><hostile><!--",
    "]]><hostile>",
    "<hostile/**/x=1//",
    "<<hostile>>",
    "<a href=javascript:hostile()>x</a>",
    "<iframe srcdoc='<hostile>'></iframe>",
    "<style>@import'//hostile.example'</style>",
    "<base href=//hostile.example>",
    "<meta http-equiv=refresh content='0;url=//hostile.example'>",
    "<math><mtext></form><form><mglyph><style></math><hostile>",
    "<noscript><p title='</noscript><hostile>'>",
    "[x](javascript:hostile())",
    "![x](javascript:hostile())",
    "[x](data:text/html,<hostile>)",
    "<javascript:hostile()>",
    "[x]: javascript:hostile()",
]

CODE = [
    *["{{ 7*7 }}", "{% debug %}", "{% load hostile %}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{ settings.SECRET_KEY }}"],
    *["%s%s%s%n", "%(name)s", "{0}", "{0.__class__.__mro__}", "{", "}", "%", "%%", "$(id)", "`id`", "; id", "| id"],
    *["' OR '1'='1", "1' OR 1=1 --", '" OR ""="', "1; DROP TABLE leads_lead", "') UNION SELECT 1 --", "\\' OR 1=1 --"],
    *["1 OR 1=1", "admin'--", "%' AND 1=0 --", "_%_", "%%%", "'||(SELECT 1)||'", "1/**/OR/**/1", "0x27", "CHAR(39)"],
    *["*)(uid=*))(|(uid=*", "' or name()='x", "$ne", '{"$gt": ""}', "[$ne]", "__proto__", "constructor", "prototype"],
    *["__class__", "__init__", "self", "None", "null", "undefined", "NaN", "true", "False", "password__startswith"],
    *["user__password", "pk", "id__in", "feed_token__startswith", "token__gte", "lead__email__contains"],
    *["../../../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "file:///etc/passwd", "....//....//etc"],
    *["%2e%2e%2f", "..%252f", "~", "~root", ".", "..", "/", "//", "\\", "con", "aux.txt", ".htaccess", "CVS/Root"],
]

NUMBERS = [
    *["-1", "-0", "0", "00", "1.0", "1e3", "1e309", "-1e309", "1_000", "0x10", "0b1", "0o7", " 1", "1 ", "+1", "--1"],
    *["1,000", "1.000,5", "½", "²", "١٢٣", "１２３", "Ⅷ", "NaN", "Infinity", "-Infinity", "inf", "1" * 5000, "9" * 19],
    *[f"{2**power + more}" for power in (7, 8, 15, 16, 31, 32, 63, 64, 128) for more in (-1, 0, 1)],
    *[f"{-(2**power) - 1}" for power in (15, 31, 63)],
]

TIMES = [
    *["0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2027-02-29", "2027-02-30", "2027-13-01", "2027-00-10"],
    *["27-1-1", "2027-1-1T", "2027-03-28T02:30", "2027-03-28T24:00", "2027-03-28T23:59:60", "99:99", "-01:00", "24:00"],
    *["0001-01-01T00:00+14:00", "9999-12-31T23:59:59-12:00", "2027-W53-7", "2027-366", "now", "yesterday", "12:60"],
    *["Mars/Phobos", "../UTC", "/etc/localtime", "Europe/Rīga", "UTC+25", "GMT-99", "localtime", "posixrules"],
]

PLACES = [
    *[
        "javascript:hostile()",
        "JaVaScRiPt:hostile()",
        "java\tscript:hostile()",
        "data:text/html,<hostile>",
        "vbscript:x",
    ],
    *["//hostile.example", "///hostile.example", "/\\hostile.example", "\\\\hostile.example"],
    *["https://hostile.example", "http://[broken", "http://user@hostile.example", "http://127.0.0.1", "http://[::1]/"],
    *[
        "https://hostile.example\\@testserver/",
        "http://testserver@hostile.example",
        "https://testserver.hostile.example",
    ],
    *[
        "/%0d%0aSet-Cookie:hostile=1",
        "/\r\nhostile: 1",
        "http://0x7f000001",
        "http://2130706433",
        "gopher://x",
        "ftp://x",
    ],
    *["http://169.254.169.254/latest", "http://x:99999", "http://x:port", "https://", "://", "mailto:a@b", "tel:1"],
]

PEOPLE = [
    *[
        "a@",
        "@b",
        "a@b",
        "a@@b.example",
        "a b@c.example",
        "a@b..example",
        ".a@b.example",
        "a@-b.example",
        "a@b.example.",
    ],
    *["a@[127.0.0.1]", "a@b.example\nBcc: hostile@c.example", "a@b.example,c@d.example", "<a@b.example>"],
    *["a@xn--", '"a"@b.example', f"{'a' * 65}@b.example", f"a@{'b' * 64}.example", f"a@{'b.' * 130}example", "a@b.é"],
    *[
        "+" * 40,
        "tel:+1",
        "00000000000000000000",
        "x" * 30 + "@" + "x" * 300,
        "a%00@b.example",
        "a@b.example?subject=x",
    ],
]

DOCUMENTS = [
    *["[" * 5000, "{" * 5000, '{"a":' * 3000, "[]", "{}", "[1", '{"a": 1e999}', '{"key": null}', '"\\ud800"'],
    *[
        '{"a": 1, "a": 2}',
        "\ufeff{}",
        "---\n- !!python/object:os.system x",
        "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b",
    ],
    *[
        "=HYPERLINK('//hostile.example')",
        "+1+1",
        "-1+1",
        "@SUM(1)",
        "\t=1+1",
        "\r=1+1",
        "=cmd|'/c x'!A1",
        '"\n"',
        '";"',
    ],
    *[
        '"\n"',
        '";"',
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR",
        "a\r\nDTSTART:1",
        "BEGIN:VEVENT",
        "RRULE:FREQ=SECONDLY",
        "a;b,c:d\\",
    ],
    *["[" * 2000 + "](x)" * 200, "*" * 3000, "`" * 3000, "> " * 1500, "- " * 1500, "(" * 3000, "![" * 1500, "&" * 3000],
    *[
        "a" * 60 + "!",
        "1" * 60 + "x",
        "(a+)+" * 20,
        " " * 3000 + "x",
        "x" + "\n" * 3000,
        "-" * 3000,
        "a-" * 1500,
        "@" * 3000,
    ],
]

WRITING = [
    *["", " ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u200b", "\u2060", "\ufeff", "\u00ad", "\u2028", "\u2029"],
    *["\u202eevil", "\u2066a\u2069", "\u200f", "a\u0300" * 300, "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A", "😀" * 100, "👨‍👩‍👧‍👦", "🇱🇻", "ﷺ" * 100],
    *["İ", "ı", "ß", "ﬀ", "Å", "K", "ǅ", "ﬃ" * 90, "Ω", "ſ", "ẞ", "中文", "العربية", "ไทย", "नमस्ते", "\U0010ffff"],
    *["\uffff", "\ufffe", "\ufdd0", "\ufffd", "\ue000", "\U000e0041", "a\u034fb", "\u1160", "\u3164", "ᅠ" * 50],
]

BROKEN = [
    *[b"\xff", b"\xfe\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\x80"],
    *[b"a\x00b", b"\x00", b"a\xffb" * 50, b"%00", b"%", b"%zz", b"%u0041", b"\xef\xbb\xbf", b"\x1b[31m", b"\x07"],
]

LENGTHS = (1, 19, 20, 21, 40, 41, 60, 61, 80, 81, 100, 101, 150, 151, 200, 201, 254, 255, 256, 500, 501, 1000, 1001)
"""Around the bounds of fields."""


def listed() -> Iterator[bytes]:
    """What has broken something before."""
    for texts in (MARKUP, CODE, NUMBERS, TIMES, PLACES, PEOPLE, DOCUMENTS, WRITING):
        yield from (text.encode() for text in texts)
    yield from BROKEN


def generated() -> Iterator[bytes]:
    """The same disguised, every control character, every length at a bound, and noise; the same in every run."""
    disguises = (
        quote,
        lambda text: quote(quote(text)),
        lambda text: "".join(f"&#{ord(letter)};" for letter in text),
        lambda text: text.upper(),
        lambda text: text.replace("hostile", "host\0ile"),
        lambda text: f"\ufeff{text}",
        json.dumps,
        lambda text: text.replace("<", "＜").replace(">", "＞"),
    )
    for text, disguise in product(MARKUP[:12], disguises):
        yield disguise(text).encode()
    for number in (*range(0x20), *range(0x7F, 0xA0)):
        yield f"a{chr(number)}b".encode()
    for length in LENGTHS:
        yield b"x" * length
        yield "ж".encode() * length
    yield b"x" * 100_000
    noise = random.Random(13)
    for _ in range(60):
        yield bytes(noise.choices(range(0x100), k=noise.randint(1, 60)))
        yield "".join(map(chr, noise.choices(range(0xD7FF), k=noise.randint(1, 60)))).encode()


INPUTS = list(dict.fromkeys([*listed(), *generated()]))
"""All of them, each once."""


def bodies(text: bytes) -> list[tuple[str, bytes]]:
    """Content types, each with bytes that no browser makes of a form.

    Charsets that are none are in ``tests/site/test_bad_input.py``: ``advisor.wsgi`` deals with them.
    """
    part = b'--x\r\nContent-Disposition: form-data; name="'
    return [
        ("application/json", text),
        ("text/xml", text),
        ("", text),
        ("application/x-www-form-urlencoded", b"&".join([b"name=a"] * 12_000)),
        ("multipart/form-data", text),
        ("multipart/form-data; boundary=", text),
        ("multipart/form-data; boundary=x", part + text),
        (
            "multipart/form-data; boundary=x",
            part + b'name"; filename="' + text[:200] + b'"\r\n\r\n' + text + b"\r\n--x--",
        ),
        ("multipart/form-data; boundary=x", part + b'n"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--\r\n'),
    ]


HEADERS = [
    {"Referer": "http://[broken"},
    {"Referer": "https://hostile.example/<hostile>"},
    {"Cookie": "csrftoken=\xff; sessionid=" + "0" * 32 + "; messages=hostile"},
    {"Accept-Language": "x-\xff,,;q=a"},
    {"Accept-Encoding": "br;q=nonsense, *;q=9"},
    {"HX-Request": "true", "HX-Current-URL": "http://[broken", "HX-Target": "<hostile>"},
    {"HX-Request": "true", "HX-Current-URL": "%ff", "HX-Current-URL-URI-AutoEncoded": "true"},
    {"HX-Request": "true", "HX-Boosted": "true", "HX-Trigger": '{"hostile'},
    {"HX-Request": "maybe", "HX-History-Restore-Request": "true"},
    {"X-Forwarded-For": "hostile, 1.2.3", "X-Forwarded-Host": "hostile.example", "X-Forwarded-Proto": "gopher"},
    {"If-None-Match": '"', "If-Modified-Since": "yesterday", "Range": "bytes=9-1"},
    {"User-Agent": "<hostile>" * 500, "X-HTTP-Method-Override": "DELETE", "Content-Length": "0"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
]
