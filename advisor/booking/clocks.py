"""Whether a visitor reads 09:00 and 16:30 or 9:00 am and 4:30 pm: as they said, or as their browser's language does."""

from enum import StrEnum
from functools import lru_cache

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header


class Clock(StrEnum):
    """How many hours a clock counts to."""

    TWELVE = "12"
    TWENTY_FOUR = "24"


REGIONS = (
    "AE AG AS AU BB BD BH BM BN BS CA CO CY DM DO DZ EG ER ET FJ FM GD GH GM GR GU GY HK HN IN IQ JM JO KH KI KN KP KR "
    "KW KY LB LC LR LY MH MO MP MR MW MY NA NI NZ OM PA PG PH PK PR PS PW QA SA SB SD SG SL SS SV SY SZ TC TD TN TO TT "
    "TW UM US VC VG VI VU WS YE ZM"
)
TWELVE_HOUR_REGIONS = frozenset(REGIONS.split())
"""Where people prefer twelve hours, as in the supplemental data of CLDR (``timeData``)."""

LANGUAGES = "am ar bn el gu hi kn ko ml mr ms pa so sq ta te ur"
TWELVE_HOUR_LANGUAGES = frozenset(LANGUAGES.split())
"""Those of which a browser may send the name without a region, and whose main region is one of these."""


def clock_of(said: str, accept_language: str) -> Clock:
    """The clock that a visitor has chosen ("12" or "24"), or else that of the first language their browser asks for."""
    return Clock(said) if said in set(Clock) else _clock_of_language(accept_language[:200])


def browser_clock(request: HttpRequest) -> Clock:
    """The clock of the language that the browser asks for."""
    return clock_of("", request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=256)
def _clock_of_language(accept_language: str) -> Clock:
    for tag, _ in parse_accept_lang_header(accept_language):
        language, *further = tag.split("-")
        regions = [part.upper() for part in further if len(part) == 2]
        if language == "*":
            continue
        is_twelve = regions[0] in TWELVE_HOUR_REGIONS if regions else language in TWELVE_HOUR_LANGUAGES
        return Clock.TWELVE if is_twelve else Clock.TWENTY_FOUR
    return Clock.TWENTY_FOUR
