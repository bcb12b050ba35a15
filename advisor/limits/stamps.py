"""When a form was shown, signed: whoever sends one has opened one, and took longer than a program does."""

from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer

MIN_TIME = timedelta(seconds=3)
"""Less than anybody takes who reads a form and fills it in, with the browser's help as well."""

SALT = "advisor.limits.stamp"


def stamp_of(form: str, *, now: datetime) -> str:
    """Says that a form was shown now. ``form`` is its one-time key, so that a stamp is good for one form alone."""
    return Signer(salt=f"{SALT}:{form}").sign(str(int(now.timestamp())))


def is_in_time(stamp: str, form: str, *, now: datetime) -> bool:
    """Whether this form was shown long enough before."""
    try:
        shown_at = int(Signer(salt=f"{SALT}:{form}").unsign(stamp))
    except (BadSignature, ValueError):
        return False
    return shown_at + MIN_TIME.total_seconds() <= now.timestamp()
