"""What stands in a file of leads: a row for each, what they answered in a column for each question."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qsl

from django.conf import settings
from django.db.models import QuerySet

from advisor.assessment.recommendation_text import choice_label, ticked_names
from advisor.content.editions import UnknownEditionError, UnknownGuideError, edition_cache
from advisor.decision.answers import read
from advisor.decision.guide import Guide
from advisor.leads.conclusions import conclusions_of
from advisor.leads.models import DETAILS, Lead

CellValue = str | float

PartKey = tuple[str, str]
"""The keys of a guide and of one of its questions or roles, which stay what they are from edition to edition."""


def instant(moment: datetime | None) -> str:
    """In UTC, as ISO 8601 writes it: 2026-11-25T12:00:00Z."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else ""


def touch(carried: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in sorted(carried.items()))


COLUMNS: dict[str, Callable[[Lead], CellValue]] = {
    "Number": lambda lead: lead.pk,
    "Asked (UTC)": lambda lead: instant(lead.requested_at),
    **{detail.name_for_staff: detail.in_words for detail in DETAILS.values()},
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
"""What every lead has, by the heading of its column. A column that comes later goes to the end of ``LeadTable``, behind
those of questions and roles: programs count columns.
"""

YES_NO = {True: "yes", False: "no"}


class LeadTable:
    """The columns for some leads: a question or role has one if it is in an edition that any of them names.

    Its heading is in the words of the newest of these editions. Editions that cannot be read add none. The columns of
    every lead come first; those of later releases last, for programs that count them.
    """

    def __init__(self, leads: QuerySet[Lead]) -> None:
        self._asked: dict[PartKey, str] = {}
        self._roles: dict[PartKey, str] = {}
        named = leads.order_by().values_list("edition__guide__key", "edition__number").distinct()
        for guide_key, number in sorted(named, key=lambda edition: (edition[0], -edition[1])):
            if guide := guide_of(guide_key, number):
                for question in guide.questions:
                    self._asked.setdefault((guide_key, question.key), question.text)
                for role in guide.roles:
                    self._roles.setdefault((guide_key, role.key), f"Needed: {role.name}")

    @property
    def headings(self) -> list[str]:
        several = len({guide_key for guide_key, _ in self._asked}) > 1
        asked, roles = (
            [f"{text} ({guide_key})" if several else text for (guide_key, _), text in parts.items()]
            for parts in (self._asked, self._roles)
        )
        return [*COLUMNS, "Signals", *asked, *roles, "Balance"]

    def row(self, lead: Lead) -> list[CellValue]:
        """The cells of one lead, in the order of the headings; "" where they were not asked."""
        signals, answers = answers_in_words(lead)
        needs, balance = conclusions_of(lead)
        guide_key = lead.edition.guide.key
        needed = {(guide_key, role): YES_NO[is_needed] for role, is_needed in needs.items()}
        return [
            *(value(lead) for value in COLUMNS.values()),
            signals,
            *(answers.get(key, "") for key in self._asked),
            *(needed.get(key, "") for key in self._roles),
            balance,
        ]


def answers_in_words(lead: Lead) -> tuple[str, dict[PartKey, str]]:
    """The signals that were ticked, joined, and each answer in the words of the edition it was given in."""
    guide_key = lead.edition.guide.key
    guide = guide_of(guide_key, lead.edition.number)
    if guide is None:
        return "", {}
    answers, _ = read(guide, parse_qsl(lead.answers))
    ticked = [name for question in guide.questions if question.role for name in ticked_names(guide, question, answers)]
    in_words = {
        (guide_key, key): choice_label(guide.question[key], choice)
        for key, choice in answers.choices.items()
        if key in guide.question
    }
    return "; ".join(ticked), in_words


def guide_of(key: str, number: int) -> Guide | None:
    """The guide as an edition froze it, or None where it cannot be read here."""
    try:
        return edition_cache.edition(key, number).guide
    except (UnknownGuideError, UnknownEditionError):
        return None
