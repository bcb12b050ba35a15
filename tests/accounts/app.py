"""An app for one-time codes, written after RFC 6238 and not after the library that is tested."""

import hmac
from base64 import b32decode
from datetime import datetime


def code(key: str, now: datetime) -> str:
    """The six digits that an app shows which was set up with a key."""
    counter = int(now.timestamp()) // 30
    digest = hmac.digest(b32decode(key.replace(" ", "")), counter.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
