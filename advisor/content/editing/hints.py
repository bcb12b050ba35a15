"""What stands below a field: what it is for, an example of good copy, how long it may be, whether it holds Markdown."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from advisor.content.editing.examples import EXAMPLES, Example
from advisor.fields import NamedModelForm

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


def example_of(model: type[Model], name: str) -> Example:
    """The example for a field; an empty one for a field that is not the editor's, such as what is to be deleted."""
    return EXAMPLES.get(str(model._meta.model_name), {}).get(name, Example(""))


def hint(model: type[Model], name: str, field: forms.Field) -> SafeString:
    """What to say below a field, a paragraph for each thing."""
    example, is_text = example_of(model, name), isinstance(field, forms.CharField)
    said = str(field.help_text) or example.purpose
    if said == example.words:
        said = ""
    told = [sentence(said)]
    if example.words and example.words not in said:
        told.append(sentence(f"For example: {f'“{example.words}”' if is_text else example.words}"))
    told.append(length(example, field) if is_text else "")
    if name in MARKDOWN.get(str(model._meta.model_name), ()):
        told.append(MARKDOWN_HINT)
    return format_html_join(" ", '<span class="hint">{}</span>', ((one,) for one in told if one))


def length(example: Example, field: forms.Field) -> str:
    """How long a text may be, or had better be."""
    if limit := getattr(field, "max_length", None):
        return f"At most {limit} characters."
    return f"Best within {example.within} characters." if example.within else ""


def sentence(words: str) -> str:
    """With a full stop, unless it ends already."""
    return words if not words or words.endswith((".", "?", "!", ".”", "?”", "!”")) else f"{words}."


class HintedForm(NamedModelForm):
    """A form whose fields say what belongs there, and whose texts count as one types (``editing.js``)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.help_text = hint(self._meta.model, name, field)
            if isinstance(field, forms.CharField):
                field.widget.attrs.setdefault("data-count", example_of(self._meta.model, name).within or "")

    class Media:
        js = [forms.Script("editing.js", defer=True)]
        css = {"all": ["editing.css"]}
