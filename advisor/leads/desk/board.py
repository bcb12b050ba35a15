"""The leads by status, side by side, and moving one on without a mouse."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from advisor.leads.actions import MOVES, MergedError, MoveError, ReasonNeededError, set_status
from advisor.leads.assignment import WORK
from advisor.leads.desk.listing import count
from advisor.leads.desk.pages import READ, address_of, staff_page
from advisor.leads.desk.paging import ORDERS
from advisor.leads.lights import light_of
from advisor.leads.models import Lead, Status
from advisor.leads.priority import has_call, priority_parts

COLUMNS = (Status.NEW, Status.CONTACTED, Status.QUALIFIED, Status.WON, Status.LOST)
BY_PRIORITY = ORDERS["priority"]
IN_A_COLUMN = 15
"""How many are shown of each status, those of the highest priority first; the rest is in the list."""


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The most promising leads of each status, everyone's or one's own."""
    if not request.user.has_perm(READ):
        raise PermissionDenied
    mine = request.GET.get("owner") == str(request.user.pk)
    today = timezone.now().date()
    columns = []
    for status in COLUMNS:
        leads = Lead.objects.filter(status=status, merged_into=None)
        if mine:
            leads = leads.filter(owner=request.user.pk)
        shown = (
            leads.select_related("owner").prefetch_related("merged").order_by(*BY_PRIORITY.sorted_by())[:IN_A_COLUMN]
        )
        moves = [move for move in MOVES[status] if move != Status.SPAM]
        cards = [(lead, light_of(lead, today), priority_parts(lead, has_call=has_call(lead))) for lead in shown]
        columns.append({"status": status, "count": count(leads, BY_PRIORITY), "cards": cards, "moves": moves})
    context = {"columns": columns, "mine": mine, "may_work": request.user.has_perm(WORK)}
    return staff_page(request, "board.html", "Board", context)


@require_POST
def move(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Give one lead another status, from the one that was shown. For Lost one is sent to the page that asks why."""
    if not request.user.has_perm(WORK):
        raise PermissionDenied
    lead = get_object_or_404(Lead, pk=lead_id)
    wanted = request.POST.get("status", "")
    if wanted == Status.LOST:
        return redirect(f"{address_of(lead)}#status")
    back = reverse("admin:leads_lead_board")
    if request.POST.get("owner") == str(request.user.pk):
        back += f"?owner={request.user.pk}"
    if wanted not in Status.values:
        messages.error(request, "Choose where to move it.")
        return redirect(f"{back}#lead-{lead.pk}")
    # Where it was moved there already there is nothing to undo: by the same button, as it were, pressed twice.
    if lead.status not in (request.POST.get("shown"), wanted):
        messages.error(request, f"{lead} is {lead.get_status_display()} by now: someone else moved it. Look again.")
        return redirect(f"{back}#lead-{lead.pk}")
    try:
        set_status(lead=lead, status=Status(wanted), by=request.user.get_username(), now=timezone.now())
    except (MoveError, ReasonNeededError) as refusal:
        messages.error(request, str(refusal))
    except MergedError:
        messages.error(request, f"{lead} was merged into another one.")
    except Lead.DoesNotExist:
        messages.error(request, "It was erased a moment ago.")
    else:
        messages.success(request, f"{lead} is {Status(wanted).label} now.")
    return redirect(f"{back}#lead-{lead.pk}")
