"""The forms of the walks. They ask for words; keys, places and what belongs to what are found for the editor."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.utils import ErrorDict, ErrorList

from advisor.content.editing.part_forms import GuardedFormSet, PartForm, free_key, twin_of
from advisor.content.editing.positions import append_position
from advisor.content.models import Choice, Guide, Outcome, Question, Role, Signal
from advisor.content.models.declarations import title_field

MAX_LINES = 20
"""Lines that a page shows."""
MAX_SENT = 100
"""Lines of which a form is read, however many it says that it has."""
ROOM = 3
"""Empty lines that a press adds."""


class Hushed(forms.BaseForm):
    """A form that can be shown as it was typed, without a word about what is wrong."""

    is_quiet = False
    folded: tuple[str, ...] = ()
    """What can be left for later."""

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.folded]

    @property
    def folded_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name in self.folded]

    @property
    def is_unfolded(self) -> bool:
        """Whether something is in what is folded, or wrong with it."""
        return any(field.errors or field.value() for field in self.folded_fields)

    def hush(self) -> None:
        """Say nothing, and go on knowing of the database what the page knew that was sent."""
        self.is_quiet = True
        self.renewed = set[str]()

    def full_clean(self) -> None:
        if self.is_quiet:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()


class WalkForm(Hushed, PartForm):
    """A part whose key nobody is asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.guide and self.instance._state.adding and hasattr(self.instance, "guide_id"):
            self.instance.guide = self.guide

    def add_error(self, field: str | None, error: Any) -> None:
        """What a model says of a field that is not asked for stands above the form."""
        for name in set(getattr(error, "error_dict", {})) - {*self.fields, NON_FIELD_ERRORS}:
            error.error_dict.setdefault(NON_FIELD_ERRORS, []).extend(error.error_dict.pop(name))
        super().add_error(field, error)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.instance.key:
            name = self.cleaned_data.get("name") or self.cleaned_data.get(title_field(type(self.instance)))
            self.instance.key = free_key(self.instance, name or "", {})
        return cleaned


class GuideWordsForm(WalkForm):
    class Meta:
        model = Guide
        fields = ("title", "summary", "audience", "why")


class GuideWordingForm(WalkForm):
    class Meta:
        model = Guide
        fields = ("clear", "leaning", "mixed", "call_title", "call_text", "call_next", "consent")


class RoleForm(WalkForm):
    class Meta:
        model = Role
        fields = ("name", "summary", "fits", "owns", "not_theirs", "own_domain")


class QuestionForm(WalkForm):
    folded = ("help", "why", "terms")

    class Meta:
        model = Question
        fields = ("text", "name", "signals_text", "help", "why", "terms")
        labels = {"text": "Question", "name": "In a few words", "signals_text": "Above the situations"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signals_text"].required = True


class ChoiceForm(WalkForm):
    class Meta:
        model = Choice
        fields = ("label", "affirms", "unsure")
        labels = {"label": "What it says", "affirms": "Says yes to the role", "unsure": "Leaves the question open"}

    def has_changed(self) -> bool:
        """A new line counts once something is written in it: the words that it came with are meant as well."""
        return bool((self["label"].data or "").strip()) if self.instance._state.adding else super().has_changed()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("affirms") and cleaned.get("unsure"):
            self.add_error("unsure", "A choice cannot say yes and leave the question open.")
        return cleaned


class SignalForm(WalkForm):
    folded = ("speaks_to",)

    class Meta:
        model = Signal
        fields = ("name", "text", "reason", "speaks_to")
        labels = {
            "name": "In a few words",
            "text": "What the visitor ticks",
            "speaks_to": "Rows of the table it is about",
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 2}), "speaks_to": forms.CheckboxSelectMultiple}


class OutcomeForm(WalkForm):
    class Meta:
        model = Outcome
        fields = ("title", "name", "text")
        labels = {"title": "Recommendation", "name": "In a few words"}


class LinesFormSet(GuardedFormSet):
    """Parts of another, some lines for each and some for more of them; a line that is left empty is none."""

    is_quiet = False

    def __init__(self, *args: Any, room: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extra = room
        for form in self.forms[1:]:
            # Said once, at the first.
            for field in form.fields.values():
                field.help_text = ""

    @property
    def called(self) -> str:
        """What one of them is called."""
        return "Situation" if self.model is Signal else "Choice"

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "Take it out"

    def hush(self) -> None:
        """Show everything as it was typed, and say nothing about it."""
        self.is_quiet = True
        for form in self.forms:
            form.hush()  # type: ignore[attr-defined]

    def full_clean(self) -> None:
        if self.is_quiet:
            self._errors: list[Any] = []
            self._non_form_errors = ErrorList()
        else:
            super().full_clean()

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Any:  # noqa: FBT001, FBT002
        """A form that is sent twice adds each line once, although the second would get another key."""
        setattr(form.instance, self.fk.name, self.instance)
        if twin := twin_of(form.instance, beside={"key"}):
            return twin
        form.instance.key = free_key(form.instance, str(form.instance), {})
        append_position(form.instance)
        form.save()
        return form.instance


class ChoicesFormSet(LinesFormSet):
    """The choices of a question about a role."""

    def clean(self) -> None:
        super().clean()
        left = [form.cleaned_data for form in self.forms if form not in self.deleted_forms]
        choices = [choice for choice in left if choice.get("label")]
        if any(self.errors):
            return
        if len(choices) < 2:
            raise ValidationError("A question needs at least two choices.")
        if not any(choice["affirms"] for choice in choices):
            raise ValidationError("One of the choices has to say yes to the role: tick it there.")


def lines(owner: type[Any], model: type[Any], form: type[WalkForm], formset: type[LinesFormSet]) -> Any:
    """The formset of the parts of one kind that belong to another part."""
    return forms.inlineformset_factory(
        owner,
        model,
        form=form,
        formset=formset,
        extra=0,
        max_num=MAX_LINES,
        absolute_max=MAX_SENT,
        can_delete_extra=False,
    )


Choices = lines(Question, Choice, ChoiceForm, ChoicesFormSet)
Situations = lines(Role, Signal, SignalForm, LinesFormSet)
