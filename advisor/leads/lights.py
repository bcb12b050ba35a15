"""The light of a next step: a sign and words, so that it never hangs on a colour."""

from datetime import date
from enum import StrEnum

import msgspec

from advisor.leads.models import Lead


class Light(StrEnum):
    """What there is to say of a next step."""

    CLOSED = "closed"
    NONE = "none"
    PLANNED = "planned"
    LATE = "late"


SIGNS = {Light.CLOSED: "–", Light.NONE: "○", Light.PLANNED: "●", Light.LATE: "▲"}


class Shown(msgspec.Struct, frozen=True):
    """A light as it is shown: ▲ Late, was due on 1 March 2027."""

    light: Light
    sign: str
    words: str


def light_of(lead: Lead, today: date) -> Shown:
    """Late from the day after the one it is due on."""
    if lead.next_step_on is None:
        light = Light.NONE if lead.is_open else Light.CLOSED
        return Shown(light, SIGNS[light], "No next step" if lead.is_open else "Closed")
    light = Light.LATE if lead.next_step_on < today else Light.PLANNED
    words = f"{'Late, was due on' if light is Light.LATE else 'Planned for'} {lead.next_step_on:%-d %B %Y}"
    return Shown(light, SIGNS[light], words)
