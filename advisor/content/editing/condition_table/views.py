"""The outcome table, the remarks and the needs of roles as tables of conditions: chosen in words, never typed.

The buttons beside the rows send the whole form and get it back changed, so that they work without scripts; only
"Save" writes. An example can be tried on what is on the page, saved or not.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from advisor.content.editing.condition_table.buttons import apply_button
from advisor.content.editing.condition_table.controls import advice, errors, headings, shown_rows
from advisor.content.editing.condition_table.saving import save_sheet
from advisor.content.editing.condition_table.sheet import (
    NEEDS,
    REMARKS,
    RULES,
    Sheet,
    TableKind,
    read_sheet,
    sent_sheet,
)
from advisor.content.editing.condition_table.tryout import read_tryout, run_tryout
from advisor.content.editing.pages import EDIT, guide_page, render_staff
from advisor.content.models import Guide, Role
from advisor.posts import refusal_of, shows_again
from advisor.stale import read_fingerprints, write_fingerprints

SAVE = "save"
TRY = "try"
SHOW = "show"
"""No button of the page: what was sent is shown as it came."""


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(EDIT)
@shows_again
def rules(request: HttpRequest, guide: Guide) -> HttpResponse:
    """The outcome table: the first row that holds decides."""
    return _page(request, guide, RULES)


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(EDIT)
@shows_again
def remarks(request: HttpRequest, guide: Guide) -> HttpResponse:
    """The remarks: all rows that hold are shown to the visitor."""
    return _page(request, guide, REMARKS)


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(EDIT)
@shows_again
def need(request: HttpRequest, guide: Guide, key: str) -> HttpResponse:
    """When a role is needed: the first row that holds decides, before the outcome is known."""
    return _page(request, get_object_or_404(guide.role_set, key=key), NEEDS)


def _page(request: HttpRequest, owner: Guide | Role, kind: TableKind) -> HttpResponse:
    refusal = refusal_of(request)
    button = SHOW if refusal else request.POST.get("do", SAVE)
    if request.method != "POST":
        return _render(request, read_sheet(owner, kind), button)
    if button == SAVE:
        sheet = save_sheet(owner=owner, kind=kind, data=request.POST)
        if sheet.is_saved:
            messages.success(request, "The table was saved. Visitors see it once the guide is published.")
            return redirect(request.path)
    else:
        sheet = sent_sheet(owner, kind, request.POST, is_partial=bool(refusal and refusal.is_partial))
        apply_button(sheet, button, request.POST.get("add-column", ""))
    return _render(request, sheet, button)


def _render(request: HttpRequest, sheet: Sheet, button: str) -> HttpResponse:
    tryout = read_tryout(sheet, request.POST)
    if button == TRY:
        run_tryout(sheet, tryout)
    context = {
        "sheet": sheet,
        "rows": shown_rows(sheet),
        "headings": headings(sheet),
        "errors": errors(sheet),
        "advice": advice(sheet),
        "tryout": tryout,
        "shown": _shown(request, sheet, button),
        "next_column": request.POST.get("add-column", "") if button == SHOW else "",
    }
    return render_staff(request, "content/rows.html", sheet.guide, sheet.title, context)


def _shown(request: HttpRequest, sheet: Sheet, button: str) -> str:
    """What the editor has seen of the database: a button that saves nothing shows nothing new of it."""
    if request.method == "POST" and button != SAVE and read_fingerprints(request.POST.get("shown", "")):
        return request.POST["shown"]
    return write_fingerprints({key: row.fingerprint for key, row in sheet.saved.items()})
