"""Guides as files, and copies of guides, inside the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from advisor.content.documents import read_edition
from advisor.content.drafts import UnwritableError, read_draft, write_guide
from advisor.content.editing.pages import ADD, READ, guide_page, render_staff, staff_page
from advisor.content.models import Edition, Guide
from advisor.content.models.parts import key_field
from advisor.content.portable import MAX_FILE_BYTES, UnreadableFileError, export_draft, import_guide, write_file
from advisor.content.scenarios import cases_of
from advisor.decision.guide_checks import RESERVED_GUIDE_KEYS, key_problem
from advisor.fields import NamedForm, OneLineField
from advisor.posts import refusal_of, shows_again


class KeyField(OneLineField):
    """The key of a guide that does not exist yet."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, validators=key_field().validators, **options)

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (problem := key_problem(value, RESERVED_GUIDE_KEYS)):
            raise forms.ValidationError(problem)
        if value and Guide.objects.filter(key=value).exists():
            raise forms.ValidationError(f"A guide with the key “{value}” exists; choose another key.")


class CopyForm(NamedForm):
    """What the copy is called."""

    key = KeyField(label="Key", help_text="The first part of every address of the copy: cto-or-coach")
    title = OneLineField(label="Title", max_length=120, help_text="A fractional CTO or a coach: which do you need?")


class ImportForm(NamedForm):
    """A file, and the key its guide is to have here."""

    file = forms.FileField(label="File", help_text=f"An exported guide, at most {MAX_FILE_BYTES // 1_000_000} MB.")
    key = KeyField(label="Another key", required=False, help_text="Empty for the key in the file: cto-or-head-of-ai-2")


@require_safe
@guide_page(READ)
def export(request: HttpRequest, guide: Guide) -> HttpResponse:
    """The draft and its scenarios as a file."""
    return attachment(export_draft(guide), f"{guide.key}-draft.json")


@require_safe
@guide_page(READ, "content.view_edition")
def export_edition(request: HttpRequest, guide: Guide, number: int) -> HttpResponse:
    """An edition as a file."""
    edition = get_object_or_404(Edition, guide=guide, number=number)
    return attachment(write_file(read_edition(edition), []), f"{guide.key}-edition-{number}.json")


def attachment(content: str, name: str) -> HttpResponse:
    """A file to be saved."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/json", headers=disposition)


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(READ, ADD)
@shows_again
def copy(request: HttpRequest, guide: Guide) -> HttpResponse:
    """A new guide that begins as a copy of this one's draft, scenarios included."""
    form = CopyForm(request.POST or None)
    if request.method == "POST" and not refusal_of(request) and form.is_valid():
        try:
            made = write_guide(value=read_draft(guide), cases=cases_of(guide), **form.cleaned_data)
        except UnwritableError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, "This is the copy. It is a draft: nobody sees it until it is published.")
            return redirect("admin:content_guide_overview", made.pk)
    title = f"{'Error: ' if form.errors else ''}Copy the guide"
    return render_staff(request, "content/form.html", guide, title, {"form": form, "button": "Copy the guide"})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(ADD)
@shows_again
def import_file(request: HttpRequest) -> HttpResponse:
    """A new guide from a file that was exported, here or elsewhere."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and not refusal_of(request) and form.is_valid():
        try:
            made = import_guide(form.cleaned_data["file"].read(MAX_FILE_BYTES + 1), key=form.cleaned_data["key"])
        except (UnreadableFileError, UnwritableError) as error:
            form.add_error("file", error.messages)
        else:
            messages.success(request, "The guide is imported. It is a draft: nobody sees it until it is published.")
            return redirect("admin:content_guide_overview", made.pk)
    title = f"{'Error: ' if form.errors else ''}Import a guide"
    context = {"title": title, "form": form, "button": "Import the guide", "opts": Guide._meta}
    return TemplateResponse(request, "content/import.html", admin.site.each_context(request) | context)
