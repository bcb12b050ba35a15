"""How soon people are answered, in steps: sums of them can be kept when nobody knows the people any more."""

from datetime import timedelta

WITHIN = {
    "1h": ("an hour", timedelta(hours=1)),
    "4h": ("four hours", timedelta(hours=4)),
    "1d": ("a day", timedelta(days=1)),
    "2d": ("two days", timedelta(days=2)),
    "7d": ("a week", timedelta(days=7)),
}
"""Key to words and the time itself, the shortest first."""

LATER = "later"


def speed_of(after: timedelta) -> str:
    """The key of the shortest of these that was kept, or ``LATER``."""
    return next((key for key, (_, most) in WITHIN.items() if after <= most), LATER)
