"""What stands in a file of leads: a row for each, what they answered in a column for each question."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qsl

from django.conf import settings
from django.db.models import QuerySet

from advisor.assessment.words import choice_label, ticked_names
from advisor.content.editions import UnknownEditionError, UnknownGuideError, shelf
from advisor.decision.answers import read
from advisor.decision.guide import Guide
from advisor.leads.models import Lead

Cell = str | float

Asked = tuple[str, str]
"""The keys of a guide and of one of its questions, which stay what they are from edition to edition."""


def instant(moment: datetime | None) -> str:
    """In UTC, as ISO 8601 writes it: 2026-11-25T12:00:00Z."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else ""


def touch(carried: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in sorted(carried.items()))


COLUMNS: dict[str, Callable[[Lead], Cell]] = {
    "Number": lambda lead: lead.pk,
    "Asked (UTC)": lambda lead: instant(lead.requested_at),
    "Name": lambda lead: lead.name,
    "E-mail": lambda lead: lead.email,
    "Company": lambda lead: lead.company,
    "Role in the company": lambda lead: lead.job_title,
    "Phone": lambda lead: lead.phone,
    "Employees": lambda lead: lead.get_employees_display(),
    "Message": lambda lead: lead.message,
    "When it suits them": lambda lead: lead.availability,
    "Status": lambda lead: lead.get_status_display(),
    "Lost because": lambda lead: lead.lost_reason,
    "Owner": lambda lead: str(lead.owner or ""),
    "Priority": lambda lead: lead.priority,
    "Tags": lambda lead: "; ".join(tag.name for tag in lead.tags.all()),
    "Next step": lambda lead: lead.next_step,
    "Due on": lambda lead: lead.next_step_on.isoformat() if lead.next_step_on else "",
    "First response (UTC)": lambda lead: instant(lead.responded_at),
    "Call (UTC)": lambda lead: instant(lead.call_at),
    "Merged into": lambda lead: lead.merged_into_id or "",
    "Recommended": lambda lead: lead.seen["title"],
    "Outcome": lambda lead: lead.outcome,
    "Certainty": lambda lead: lead.certainty,
    "Guide": lambda lead: lead.edition.guide.key,
    "Edition": lambda lead: lead.edition.number,
    "Result code": lambda lead: lead.result_code,
    "Result": lambda lead: settings.SITE_URL + lead.result_address,
    "First touch": lambda lead: touch(lead.first_touch),
    "Last touch": lambda lead: touch(lead.last_touch),
    "Consent": lambda lead: lead.consent,
    "Consented (UTC)": lambda lead: instant(lead.consented_at),
}
"""What every lead has, by the heading of its column."""

SIGNALS = "Signals"


class Table:
    """The columns for some leads: a question has one if it is asked by an edition that any of them names.

    Its heading is the text of the newest of these editions. Editions that cannot be read add none.
    """

    def __init__(self, leads: QuerySet[Lead]) -> None:
        self._asked: dict[Asked, str] = {}
        named = leads.order_by().values_list("edition__guide__key", "edition__number").distinct()
        for guide_key, number in sorted(named, key=lambda edition: (edition[0], -edition[1])):
            if guide := guide_of(guide_key, number):
                for question in guide.questions:
                    self._asked.setdefault((guide_key, question.key), question.text)

    @property
    def headings(self) -> list[str]:
        several = len({guide_key for guide_key, _ in self._asked}) > 1
        asked = [f"{text} ({guide_key})" if several else text for (guide_key, _), text in self._asked.items()]
        return [*COLUMNS, SIGNALS, *asked]

    def row(self, lead: Lead) -> list[Cell]:
        """The cells of one lead, in the order of the headings; "" where they were not asked."""
        signals, said = said_by(lead)
        return [*(value(lead) for value in COLUMNS.values()), signals, *(said.get(asked, "") for asked in self._asked)]


def said_by(lead: Lead) -> tuple[str, dict[Asked, str]]:
    """The signals that were ticked, joined, and each answer in the words of the edition it was given in."""
    guide_key = lead.edition.guide.key
    guide = guide_of(guide_key, lead.edition.number)
    if guide is None:
        return "", {}
    answers, _ = read(guide, parse_qsl(lead.answers))
    ticked = [name for question in guide.questions if question.role for name in ticked_names(guide, question, answers)]
    said = {
        (guide_key, key): choice_label(guide.question[key], choice)
        for key, choice in answers.choices.items()
        if key in guide.question
    }
    return "; ".join(ticked), said


def guide_of(key: str, number: int) -> Guide | None:
    """The guide as an edition froze it, or None where it cannot be read here."""
    try:
        return shelf.edition(key, number).guide
    except (UnknownGuideError, UnknownEditionError):
        return None
