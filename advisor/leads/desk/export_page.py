"""Taking the leads of a list out as a file: what is in it first, then the file, and how far each has come."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from advisor.leads.desk.listing import filtered, filters_in, params_of, search_of
from advisor.leads.desk.pages import staff_page
from advisor.leads.export.files import MAX_ROWS, TooManyLeadsError, begin, stream
from advisor.leads.models import Export, Format
from advisor.leads.rights import EXPORT_LEADS, READ_EXPORTS
from advisor.leads.search.index import MAX_MATCHES
from advisor.rights import requires

MAX_EXPORTS = 20
"""How many of the last exports are listed."""

TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(READ_EXPORTS, to_send=EXPORT_LEADS)
def export_page(request: HttpRequest) -> HttpResponseBase:
    """Says how many leads the address describes; sent with a kind of file, it is that file."""
    params, now = params_of(request), timezone.now()
    matches = search_of(params)
    leads = filtered(params, matches, now=now)
    if request.method == "POST":
        try:
            kind = Format(request.POST.get("format", ""))
            export = begin(leads=leads, kind=kind, which=described(params), by=request.user.get_username(), now=now)
        except ValueError:
            messages.error(request, "Choose a kind of file.")
        except TooManyLeadsError:
            messages.error(request, f"These are more than {MAX_ROWS[Format.XLSX]:,} leads. Take them out as CSV.")
        else:
            content = stream(export=export, leads=leads, clock=timezone.now)
            name = f"leads-{now:%Y-%m-%d-%H%M}.{kind.value}"
            headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
            return StreamingHttpResponse(content, content_type=TYPES[kind], headers=headers)
        return redirect(f"{reverse('admin:leads_lead_export')}?{urlencode(filters_in(params))}")
    number = leads.count()
    context = {
        "number": number,
        "which": described(params),
        "searched": f"{MAX_MATCHES:,}" if matches and matches.is_cut else "",
        "query": urlencode(filters_in(params)),
        "most": f"{MAX_ROWS[Format.XLSX]:,}",
        "is_too_many": number > (MAX_ROWS[Format.XLSX] or number),
        "may_take_out": request.user.has_perm(EXPORT_LEADS),
        "exports": last_exports(),
    }
    return staff_page(request, "export.html", "Take leads out as a file", context)


@never_cache
@require_safe
@requires(READ_EXPORTS)
def progress(request: HttpRequest) -> HttpResponse:
    """How far the last files are, for the page to look at again and again."""
    return render(request, "leads/exports.html", {"exports": last_exports()})


def last_exports() -> list[tuple[Export, str]]:
    """The newest first, each with how far it is."""
    now = timezone.now()
    return [(export, export.state(now)) for export in Export.objects.all()[:MAX_EXPORTS]]


def described(params: dict[str, str]) -> str:
    """What the list was narrowed down to. What was searched for is left out, as it may name someone."""
    filters = filters_in(params)
    searched = ["found by a search"] if filters.pop("q", "") else []
    parts = [*(f"{name}: {value}" for name, value in filters.items()), *searched]
    return "; ".join(parts) or "all but spam and merged ones"
