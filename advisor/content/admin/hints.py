"""What stands below a field beside an example: how long a text may be, and whether it may hold Markdown."""

from typing import Any

from django import forms
from django.db.models import Model

MARKDOWN = {
    "guide": {"audience", "why", "call_text", "call_next"},
    "signal": {"reason"},
    "outcome": {"text"},
    "rule": {"reason"},
    "remark": {"text"},
    "frequentquestion": {"answer"},
}
"""The fields of each model that hold the long texts of ``advisor.content.markdown``."""

MARKDOWN_HINT = "**Bold**, lists and [links](https://example.com) may be used."


def hint(model: type[Model], name: str, field: forms.Field) -> str:
    """What to say about the form of a text, in a sentence or two; "" for what is no text."""
    sentences = []
    if limit := getattr(field, "max_length", None):
        sentences.append(f"At most {limit} characters.")
    if name in MARKDOWN.get(str(model._meta.model_name), ()):
        sentences.append(MARKDOWN_HINT)
    return " ".join(sentences)


class HintedForm(forms.ModelForm):
    """A form whose texts say how long they may be, and count as one types (``editing.js``)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.CharField):
                example = str(field.help_text)
                end = "" if not example or example.endswith((".", "?", "!")) else "."
                field.help_text = f"{example}{end} {hint(self._meta.model, name, field)}".strip()
                field.widget.attrs.setdefault("data-count", "")

    class Media:
        js = [forms.Script("editing.js", defer=True)]
        css = {"all": ["editing.css"]}
