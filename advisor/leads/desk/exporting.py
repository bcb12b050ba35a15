"""Taking the leads of a list out as a file: what is in it first, then the file, and how far each has come."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from advisor.http import NOT_IN_PAGES
from advisor.leads.desk.listing import NARROWING, found_by, narrowed
from advisor.leads.desk.pages import staff_page
from advisor.leads.export.running import MOST, TooManyError, begin, stream
from advisor.leads.models import Export, Format
from advisor.leads.search import MOST as MOST_FOUND

SEE, TAKE_OUT = "leads.view_export", "leads.export_lead"
SHOWN = 20
"""How many of the last exports are listed."""

TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def exporting(request: HttpRequest) -> HttpResponseBase:
    """Says how many leads the address describes; sent with a kind of file, it is that file."""
    if not request.user.has_perm(TAKE_OUT if request.method == "POST" else SEE):
        raise PermissionDenied
    params, now = {name: NOT_IN_PAGES.sub("", request.GET[name]) for name in request.GET}, timezone.now()
    found = found_by(params)
    leads = narrowed(params, found, now=now)
    if request.method == "POST":
        try:
            kind = Format(request.POST.get("format", ""))
            export = begin(leads=leads, kind=kind, which=described(params), by=request.user.get_username(), now=now)
        except ValueError:
            messages.error(request, "Choose a kind of file.")
        except TooManyError:
            messages.error(request, f"These are more than {MOST[Format.XLSX]:,} leads. Take them out as CSV.")
        else:
            content = stream(export=export, leads=leads, clock=timezone.now)
            name = f"leads-{now:%Y-%m-%d-%H%M}.{kind.value}"
            headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
            return StreamingHttpResponse(content, content_type=TYPES[kind], headers=headers)
        return redirect(f"{reverse('admin:leads_lead_export')}?{urlencode(_kept(params))}")
    number = leads.count()
    context = {
        "number": number,
        "which": described(params),
        "searched": f"{MOST_FOUND:,}" if found and found.is_cut else "",
        "query": urlencode(_kept(params)),
        "most": f"{MOST[Format.XLSX]:,}",
        "is_too_many": number > (MOST[Format.XLSX] or number),
        "may_take_out": request.user.has_perm(TAKE_OUT),
        "exports": last_exports(),
    }
    return staff_page(request, "export.html", "Take leads out as a file", context)


@never_cache
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """How far the last files are, for the page to look at again and again."""
    if not request.user.has_perm(SEE):
        raise PermissionDenied
    return render(request, "leads/exports.html", {"exports": last_exports()})


def last_exports() -> list[tuple[Export, str]]:
    """The newest first, each with how far it is."""
    now = timezone.now()
    return [(export, export.state(now)) for export in Export.objects.all()[:SHOWN]]


def described(params: dict[str, str]) -> str:
    """What the list was narrowed down to. What was searched for is left out, as it may name someone."""
    kept = _kept(params)
    searched = ["found by a search"] if kept.pop("q", "") else []
    return (
        "; ".join([*(f"{name}: {value}" for name, value in kept.items()), *searched]) or "all but spam and merged ones"
    )


def _kept(params: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in params.items() if name in {*NARROWING, "view"} and value}
