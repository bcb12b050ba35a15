"""Two people at one page: nobody replaces what they have not seen.

A page carries a fingerprint of each value that it shows. When it is sent, a value in the database with another
fingerprint was changed meanwhile, and a value that was sent with another fingerprint was typed here.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format

FINGERPRINTS = "shown"
"""The name under which a form carries its fingerprints."""


def is_stale(*, now: str, shown: str | None, wanted: str | None) -> bool:
    """Whether a value was changed since its page was opened, to something else than what is wanted.

    ``shown`` is what the page showed, or None where it does not say. Who wants what is there already replaces nothing.
    """
    return now not in (shown, wanted)


def fingerprint(text: str) -> str:
    """Stands for a text; long enough that two texts on one page have different ones."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]


def write_fingerprints(fingerprints: Mapping[str, str]) -> str:
    """The fingerprints as a page carries them, by name."""
    return msgspec.json.encode(fingerprints).decode()


def read_fingerprints(sent: str) -> dict[str, str]:
    """Name to fingerprint, in the order shown; empty when it cannot be read, so that everything counts as changed."""
    try:
        return msgspec.json.decode(sent.encode(errors="replace"), type=dict[str, str])
    except msgspec.DecodeError:
        return {}


def last_change(model: type[Model], **which: Any) -> str:
    """Who changed an object last and when: "by editors on 24 November 2026, 15:31 UTC"; it may be deleted by now."""
    history = model.history.filter(**which).select_related("history_user")  # type: ignore[attr-defined]
    return change_in_words(history.first())


def change_in_words(record: Any) -> str:
    """Who made a change and when, by its record in the history; None where there is none."""
    if not record:
        return "before changes were recorded"
    who = record.history_user.get_username() if record.history_user else "someone outside the admin"
    return f"by {who} on {date_format(timezone.localtime(record.history_date), 'j F Y, H:i')} UTC"


class RenewableField(forms.BoundField):
    """A field that can show what is in the database although something else was sent."""

    def value(self) -> Any:
        if self.name in self.form.renewed:  # type: ignore[attr-defined]
            return self.field.prepare_value(self.initial)
        return super().value()


class FingerprintsField(forms.CharField):
    """The fingerprints. They never count as a change."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class StaleCheckForm(forms.Form):
    """Refuses to save over what someone else saved since the form was opened, and says at each field what that is.

    Sent again after the warning it saves, because by then it carries the fingerprints of what the warning showed.
    """

    stale_message: str
    bound_field_class = RenewableField
    shown = FingerprintsField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.renewed = {FINGERPRINTS}
        """The fields that show what is in the database, whatever was sent."""
        self.is_stale = False
        self.fingerprints = {name: self._fingerprint(name, value) for name, value in self.current_values().items()}
        """Of what is in the database, by field."""
        self.initial[FINGERPRINTS] = write_fingerprints(self.fingerprints)

    def current_values(self) -> dict[str, Any]:
        """What is in the database, by field: each value that others may change."""
        raise NotImplementedError

    def current_words(self, name: str) -> str:
        """What is in the database at a field, in words."""
        raise NotImplementedError

    def last_change(self) -> str:
        """Who changed the object and when; "" where that is not known."""
        return ""

    @property
    def fingerprints_shown(self) -> dict[str, str]:
        """Those that the form carried when it was sent."""
        return read_fingerprints(self.data.get(self.add_prefix(FINGERPRINTS), ""))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        shown, notes = self.fingerprints_shown, {}
        for name, now in self.fingerprints.items():
            if now == shown.get(name) or name not in self.fields or self.fields[name].disabled:
                continue
            wanted = self._fingerprint(name, cleaned[name]) if name in cleaned else None
            if is_stale(now=now, shown=shown.get(name), wanted=wanted):
                notes[name] = self.stale_note(name, is_typed=wanted != shown.get(name))
        if notes:
            self.is_stale = True
            self.add_error(None, ValidationError(self.stale_message, code="stale"))
        for name in filter(notes.get, notes):
            self.add_error(name, notes[name])
        return cleaned

    def stale_note(self, name: str, *, is_typed: bool) -> str:
        """What to say at a field that was changed meanwhile. A field in which nothing was typed shows the new content.

        Empty where nothing is to be said.
        """
        who = self.last_change()
        if is_typed:
            said = f"Now it says “{self.current_words(name)}”"
            return f"{said}{who and f', changed {who}'}. What you entered is in the field."
        self.renewed.add(name)
        return f"Changed {who or 'meanwhile'}; this is the new content."

    def _fingerprint(self, name: str, value: Any) -> str:
        """The same for a value from the database and for one that was sent."""
        return fingerprint(msgspec.json.encode(_comparable(self.fields[name].prepare_value(value))).decode())


def _comparable(value: Any) -> Any:
    """A value with one kind of line end and without any order."""
    match value:
        case str():
            return value.replace("\r\n", "\n").strip()
        case dict():
            return sorted((name, _comparable(inner)) for name, inner in value.items())
        case None:
            return ""
        case Model():
            # What a line within a form belongs to.
            return value.pk
        case list() | tuple() | set():
            return sorted((_comparable(inner) for inner in value), key=msgspec.json.encode)
        case _:
            return value
