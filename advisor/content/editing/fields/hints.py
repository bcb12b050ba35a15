"""What stands below a field: what it is for, an example of good copy, how long it may be, whether it holds Markdown."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from advisor.content.models.declarations import Declaration, declaration_of
from advisor.fields import NamedModelForm

MARKDOWN_HINT = "**Bold**, lists and [links](https://example.com) may be used."


def hint(model: type[Model], name: str, field: forms.Field) -> SafeString:
    """What to say below a field, a paragraph for each thing."""
    declaration, is_text = declaration_of(model, name), isinstance(field, forms.CharField)
    purpose = str(field.help_text) or declaration.purpose
    if purpose == declaration.example:
        purpose = ""
    paragraphs = [sentence(purpose)]
    if declaration.example and declaration.example not in purpose:
        example = f"“{declaration.example}”" if is_text else declaration.example
        paragraphs.append(sentence(f"For example: {example}"))
    paragraphs.append(length_hint(declaration, field) if is_text else "")
    if declaration.is_markdown:
        paragraphs.append(MARKDOWN_HINT)
    return format_html_join(" ", '<span class="hint">{}</span>', ((one,) for one in paragraphs if one))


def length_hint(declaration: Declaration, field: forms.Field) -> str:
    """How long a text may be, or had better be."""
    if limit := getattr(field, "max_length", None):
        return f"At most {limit} characters."
    return f"Best within {declaration.best_length} characters." if declaration.best_length else ""


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
                field.widget.attrs.setdefault("data-count", declaration_of(self._meta.model, name).best_length or "")

    class Media:
        js = [forms.Script("editing.js", defer=True)]
        css = {"all": ["editing.css"]}
