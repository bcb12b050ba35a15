"""The status of a next step: a sign and words, so that it never hangs on a colour."""

from datetime import date
from typing import Literal

import msgspec

from advisor.leads.models import Lead


class NextStepStatus(msgspec.Struct, frozen=True):
    """A status as it is shown: ▲ Late, was due on 1 March 2027."""

    status: Literal["closed", "none", "planned", "late"]
    sign: str
    words: str


def next_step_status(lead: Lead, today: date) -> NextStepStatus:
    """Late from the day after the one it is due on."""
    due = lead.next_step_on
    if due is None:
        return NextStepStatus("none", "○", "No next step") if lead.is_open else NextStepStatus("closed", "–", "Closed")
    if due < today:
        return NextStepStatus("late", "▲", f"Late, was due on {due:%-d %B %Y}")
    return NextStepStatus("planned", "●", f"Planned for {due:%-d %B %Y}")
