"""The outcome table and the remarks as tables of conditions: every row on one page, chosen in words, never typed.

The buttons beside the rows send the whole form and get it back changed, so that they work without scripts; only
"Save" writes. An example can be tried on what is on the page, saved or not.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from advisor.content.editing.example import read_example, try_example
from advisor.content.editing.pages import EDIT, guide_page, render_staff
from advisor.content.editing.row_controls import advice, errors, headings, shown_rows
from advisor.content.editing.row_moves import press
from advisor.content.editing.row_saving import save_sheet
from advisor.content.editing.sheet import REMARKS, RULES, Kind, Sheet, read_sheet, sent_sheet
from advisor.content.editing.shown import read_shown, write_shown
from advisor.content.models import Guide
from advisor.posts import refusal_of, shows_again

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


def _page(request: HttpRequest, guide: Guide, kind: Kind) -> HttpResponse:
    button = SHOW if refusal_of(request) else request.POST.get("do", SAVE)
    if request.method != "POST":
        return _render(request, read_sheet(guide, kind), button)
    if button == SAVE:
        sheet = save_sheet(guide=guide, kind=kind, data=request.POST)
        if sheet.is_saved:
            messages.success(request, "The table was saved. Visitors see it once the guide is published.")
            return redirect(request.path)
    else:
        sheet = sent_sheet(guide, kind, request.POST)
        press(sheet, button, request.POST.get("add-column", ""))
    return _render(request, sheet, button)


def _render(request: HttpRequest, sheet: Sheet, button: str) -> HttpResponse:
    example = read_example(sheet, request.POST)
    if button == TRY:
        try_example(sheet, example)
    context = {
        "sheet": sheet,
        "rows": shown_rows(sheet),
        "headings": headings(sheet),
        "errors": errors(sheet),
        "advice": advice(sheet),
        "example": example,
        "shown": _shown(request, sheet, button),
        "next_column": request.POST.get("add-column", "") if button == SHOW else "",
    }
    return render_staff(request, "content/rows.html", sheet.guide, sheet.kind.title, context)


def _shown(request: HttpRequest, sheet: Sheet, button: str) -> str:
    """What the editor has seen of the database: a button that saves nothing shows nothing new of it."""
    if request.method == "POST" and button != SAVE and read_shown(request.POST.get("shown", "")):
        return request.POST["shown"]
    return write_shown({key: row.digest for key, row in sheet.saved.items()})
