"""The form by which one lead is worked on; it carries what it showed, so that nobody undoes what someone else did."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import timezone

from advisor.content.admin.meanwhile import AsItIsNow, ShownField
from advisor.content.editing.shown import digest, read_shown, write_shown
from advisor.fields import ManyLinesField, NamedForm, OneLineField
from advisor.leads.actions import MOVES, MoveError, assign, note, plan, set_status, tag
from advisor.leads.desk.bulk import owners
from advisor.leads.models import BY_HAND, OPEN, Event, EventKind, Lead, Status, Tag

STALE = (
    "Nothing was saved yet: someone else worked on this lead while you had it open. What they did stands below and at "
    "the fields concerned; what you typed is still there. Saving again takes it all."
)
LAST = "last"
"""Under which name the form carries the newest event that was shown."""

FURTHEST = timedelta(days=731)
"""How far ahead a next step may be. A lead is kept until it is over, so one in the year 9999 would keep it for ever."""


class WorkForm(NamedForm):
    """Everything sales changes about a lead, in one form, so that nothing typed is lost by sending another one.

    ``is_stale`` where what others did since it was opened stands against saving it; ``meanwhile`` says what that is.
    """

    bound_field_class = AsItIsNow

    shown = ShownField(required=False)
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
            "tags": [found.pk for found in lead.tags.all()],
        }
        super().__init__(*args, **kwargs)
        self.renewed = {"shown"}
        self.is_stale = False
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
        self.moves = MOVES[Status(lead.status)]
        # Any status is read, so that one that became impossible meanwhile is answered with why.
        self.fields["status"].choices = [("", ""), *Status.choices]  # type: ignore[attr-defined]
        self._now = self._texts(self.initial) | {"status": digest(lead.status)}
        newest = lead.events.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.initial["shown"] = write_shown(self._now | {LAST: str(newest)})

    @property
    def can_be_lost(self) -> bool:
        return Status.LOST in self.moves

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._warn_of_others(cleaned)
        if self.is_stale:
            return cleaned
        if cleaned.get("next_step") and not cleaned.get("next_step_on") and "next_step_on" not in self.errors:
            self.add_error("next_step_on", "When is it due?")
        if cleaned.get("next_step_on") and not cleaned.get("next_step") and "next_step" not in self.errors:
            self.add_error("next_step", "What is to be done on that day?")
        due = cleaned.get("next_step_on")
        if due and due != self.lead.next_step_on and not date(2000, 1, 1) <= due <= timezone.now().date() + FURTHEST:
            self.add_error("next_step_on", "Name a day within the next two years.")
        before, after = Status(self.lead.status), Status(cleaned.get("status") or self.lead.status)
        if after != before and after not in self.moves:
            self.add_error(None, str(MoveError(before, after)))
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
        last = read_shown(self.data.get("shown", "")).get(LAST, "")
        return int(last) if last.isascii() and last.isdecimal() and len(last) <= 18 else 0

    def _warn_of_others(self, cleaned: dict[str, Any]) -> None:
        """Refuse to save over what others did since the form was opened, and say what that is, field by field."""
        was = read_shown(self.data.get("shown", ""))
        sent = self._texts(cleaned) | {"status": digest(cleaned.get("status") or "")}
        changed = [name for name, now in self._now.items() if was.get(name) != now]
        clashing = [name for name in changed if sent.get(name) != self._now[name]]
        if not clashing:
            return
        self.is_stale = True
        self.meanwhile = list(self.lead.events.filter(pk__gt=self.newest_shown).order_by("pk"))
        self.add_error(None, ValidationError(STALE, code="stale"))
        for name in clashing:
            if name == "status" or name not in self.fields:
                continue
            if sent.get(name) == was.get(name):
                self.renewed.add(name)
                self.add_error(name, "Changed meanwhile; this is the new content.")
            else:
                self.add_error(name, f"Now it says “{self._in_words(name)}”. What you entered is in the field.")

    def _texts(self, values: Any) -> dict[str, str]:
        """Each field that others may change as a digest, whether it comes from the database or was sent."""
        owner = values.get("owner")
        tags = sorted(getattr(one, "pk", one) for one in values.get("tags") or ())
        return {
            "next_step": digest((values.get("next_step") or "").strip()),
            "next_step_on": digest(str(values.get("next_step_on") or "")),
            "owner": digest(str(getattr(owner, "pk", owner) or "")),
            "tags": digest(str(tags)),
        }

    def _in_words(self, name: str) -> str:
        lead = self.lead
        match name:
            case "owner":
                return str(lead.owner or "Nobody")
            case "tags":
                return ", ".join(map(str, lead.tags.all())) or "–"
            case "next_step_on":
                return f"{lead.next_step_on:%-d %B %Y}" if lead.next_step_on else "–"
            case _:
                return lead.next_step or "–"
