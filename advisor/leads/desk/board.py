"""The leads by status, side by side, and moving one on without a mouse."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from advisor.leads.actions.sales import ALLOWED_TRANSITIONS, InvalidTransitionError, ReasonNeededError, set_status
from advisor.leads.changes import MergedError
from advisor.leads.desk.listing import count
from advisor.leads.desk.next_step_status import next_step_status
from advisor.leads.desk.pages import address_of, staff_page
from advisor.leads.desk.paging import ORDERS
from advisor.leads.models import Lead, Status
from advisor.leads.priority import has_call, priority_scores
from advisor.leads.rights import READ_LEADS, WORK_ON_LEADS
from advisor.rights import requires
from advisor.stale import is_stale

COLUMNS = (Status.NEW, Status.CONTACTED, Status.QUALIFIED, Status.WON, Status.LOST)
BY_PRIORITY = ORDERS["priority"]
MAX_CARDS = 15
"""How many are shown of each status, those of the highest priority first; the rest is in the list."""


@require_safe
@requires(READ_LEADS)
def board(request: HttpRequest) -> HttpResponse:
    """The most promising leads of each status, everyone's or one's own."""
    mine = request.GET.get("owner") == str(request.user.pk)
    today = timezone.now().date()
    columns = []
    for status in COLUMNS:
        leads = Lead.objects.filter(status=status, merged_into=None)
        if mine:
            leads = leads.filter(owner=request.user.pk)
        shown = leads.select_related("owner").prefetch_related("merged").order_by(*BY_PRIORITY.sorted_by())[:MAX_CARDS]
        moves = [move for move in ALLOWED_TRANSITIONS[status] if move != Status.SPAM]
        cards = [
            (lead, next_step_status(lead, today), priority_scores(lead, has_call=has_call(lead))) for lead in shown
        ]
        columns.append({"status": status, "count": count(leads, BY_PRIORITY), "cards": cards, "moves": moves})
    context = {"columns": columns, "mine": mine, "may_work": request.user.has_perm(WORK_ON_LEADS)}
    return staff_page(request, "board.html", "Board", context)


@require_POST
@requires(WORK_ON_LEADS)
def move(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Give one lead another status, from the one that was shown. For Lost one is sent to the page that asks why."""
    lead = get_object_or_404(Lead, pk=lead_id)
    wanted = request.POST.get("status", "")
    if wanted == Status.LOST:
        return redirect(f"{address_of(lead)}#status")
    back = reverse("admin:leads_lead_board")
    if request.POST.get("owner") == str(request.user.pk):
        back += f"?owner={request.user.pk}"
    if refusal := _move(lead, wanted, shown=request.POST.get("shown"), by=request.user.get_username()):
        messages.error(request, refusal)
    else:
        messages.success(request, f"{lead} is {Status(wanted).label} now.")
    return redirect(f"{back}#lead-{lead.pk}")


def _move(lead: Lead, wanted: str, *, shown: str | None, by: str) -> str:
    """Give a lead this status. Returns why that cannot be; "" if it is done."""
    if wanted not in Status.values:
        return "Choose where to move it."
    if is_stale(now=lead.status, shown=shown, wanted=wanted):
        return f"{lead} is {lead.get_status_display()} by now: someone else moved it. Look again."
    try:
        set_status(lead=lead, status=Status(wanted), by=by, now=timezone.now())
    except (InvalidTransitionError, ReasonNeededError) as refusal:
        return str(refusal)
    except MergedError:
        return f"{lead} was merged into another one."
    except Lead.DoesNotExist:
        return "It was erased a moment ago."
    return ""
