"""The form by which one lead is worked on; it carries what it showed, so that nobody undoes what someone else did."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils import timezone

from advisor.fields import ManyLinesField, NamedForm, OneLineField
from advisor.leads.actions.sales import ALLOWED_TRANSITIONS, InvalidTransitionError, assign, note, plan, set_status, tag
from advisor.leads.desk.bulk import owners
from advisor.leads.models import BY_HAND, OPEN, Event, EventKind, Lead, Status, Tag
from advisor.stale import FINGERPRINTS, StaleCheckForm, write_fingerprints
from advisor.text import parse_key

NEWEST_EVENT = "last"
"""Under which name the form carries the newest event that was shown."""

MAX_TIME_AHEAD = timedelta(days=731)
"""How far ahead a next step may be. A lead is kept until it is over, so one in the year 9999 would keep it for ever."""


class WorkForm(StaleCheckForm, NamedForm):
    """Everything sales changes about a lead, in one form, so that nothing typed is lost by sending another one.

    Where the form is stale, ``meanwhile`` has what others did since it was opened.
    """

    stale_message = (
        "Nothing was saved yet: someone else worked on this lead while you had it open. What they did stands below and "
        "at the fields concerned; what you typed is still there. Save again to keep it."
    )
    next_step = OneLineField(max_length=200, required=False)
    next_step_on = forms.DateField(
        label="Due on", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    owner = forms.ModelChoiceField(queryset=get_user_model().objects.none(), required=False, empty_label="Nobody")
    tags = forms.ModelMultipleChoiceField(
        queryset=Tag.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    note_kind = forms.ChoiceField(label="What it is", choices=[(kind.value, kind.label) for kind in BY_HAND])
    note = ManyLinesField(
        max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="For the history."
    )
    status = forms.ChoiceField(required=False)
    reason = OneLineField(
        label="Why it was lost", max_length=300, required=False, help_text="Needed for Lost, and only for that."
    )

    def __init__(self, *args: Any, lead: Lead, user: Any, **kwargs: Any) -> None:
        self.lead = lead
        kwargs["initial"] = {
            "next_step": lead.next_step,
            "next_step_on": lead.next_step_on,
            "owner": lead.owner_id,
            "tags": [one.pk for one in lead.tags.all()],
        }
        super().__init__(*args, **kwargs)
        self.meanwhile: list[Event] = []
        people = [*(person.pk for person in owners(user)), *filter(None, [lead.owner_id])]
        self.fields["owner"].queryset = (  # type: ignore[attr-defined]
            get_user_model().objects.filter(pk__in=people).order_by("username")
        )
        self.fields["tags"].queryset = Tag.objects.all()  # type: ignore[attr-defined]
        if not Tag.objects.exists():
            del self.fields["tags"]
        if lead.status not in OPEN and not self.data.get("next_step"):
            del self.fields["next_step"], self.fields["next_step_on"]
        self.moves = ALLOWED_TRANSITIONS[Status(lead.status)]
        # Any status is read, so that one that became impossible meanwhile is answered with why.
        self.fields["status"].choices = [("", ""), *Status.choices]  # type: ignore[attr-defined]
        newest = lead.events.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.initial[FINGERPRINTS] = write_fingerprints(self.fingerprints | {NEWEST_EVENT: str(newest)})

    @property
    def can_be_lost(self) -> bool:
        return Status.LOST in self.moves

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_stale:
            self.meanwhile = list(self.lead.events.filter(pk__gt=self.newest_shown).order_by("pk"))
            return cleaned
        if cleaned.get("next_step") and not cleaned.get("next_step_on") and "next_step_on" not in self.errors:
            self.add_error("next_step_on", "When is it due?")
        if cleaned.get("next_step_on") and not cleaned.get("next_step") and "next_step" not in self.errors:
            self.add_error("next_step", "What is to be done on that day?")
        due = cleaned.get("next_step_on")
        if (
            due
            and due != self.lead.next_step_on
            and not date(2000, 1, 1) <= due <= timezone.now().date() + MAX_TIME_AHEAD
        ):
            self.add_error("next_step_on", "Name a day within the next two years.")
        before, after = Status(self.lead.status), Status(cleaned.get("status") or self.lead.status)
        if after != before and after not in self.moves:
            self.add_error(None, str(InvalidTransitionError(before, after)))
        elif after != before and after == Status.LOST and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Please say why it was lost.")
        if before not in OPEN and after not in OPEN and cleaned.get("next_step"):
            self.add_error("next_step", f"A lead that is {after.label} has no next step. Take it up again first.")
        return cleaned

    def save(self, *, by: str, now: datetime) -> None:
        """Do what was asked for, one verb after the other, inside the transaction that holds the lock."""
        lead, given = self.lead, self.cleaned_data
        kind, words = EventKind(given["note_kind"]), given["note"].strip()
        # The same form sent twice is one note.
        if words and not lead.events.filter(pk__gt=self.newest_shown, kind=kind, words=words, by=by).exists():
            note(lead=lead, kind=kind, words=words, by=by, now=now)
        assign(lead=lead, owner=given["owner"], by=by, now=now)
        if "tags" in self.fields:
            tag(lead=lead, tags=given["tags"], by=by, now=now)
        if given["status"] in OPEN:
            set_status(lead=lead, status=Status(given["status"]), by=by, now=now)
        if "next_step" in self.fields:
            plan(lead=lead, step=given["next_step"], on=given["next_step_on"], by=by, now=now)
        if given["status"] and given["status"] not in OPEN:
            set_status(lead=lead, status=Status(given["status"]), by=by, now=now, reason=given["reason"])

    @property
    def newest_shown(self) -> int:
        """The key of the newest event that was on the page; 0 where it does not say."""
        return parse_key(self.fingerprints_shown.get(NEWEST_EVENT, "")) or 0

    def current_values(self) -> dict[str, Any]:
        return {**self.initial, "status": self.lead.status}

    def stale_note(self, name: str, *, is_typed: bool) -> str:
        """The status has no field of its own; ``meanwhile`` says what became of it."""
        return "" if name == "status" else super().stale_note(name, is_typed=is_typed)

    def current_words(self, name: str) -> str:
        lead = self.lead
        words = {
            "owner": str(lead.owner or "Nobody"),
            "tags": ", ".join(map(str, lead.tags.all())),
            "next_step": lead.next_step,
            "next_step_on": f"{lead.next_step_on:%-d %B %Y}" if lead.next_step_on else "",
        }
        return words[name] or "–"
