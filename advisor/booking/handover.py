"""Hands over the open leads and the calls ahead of an account, on a page for staff."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from advisor.booking.actions import (
    CallNotChangeableError,
    HostIsBusyError,
    NotFreeError,
    PhoneNeededError,
    give_to,
    give_to_another,
)
from advisor.booking.availability import upcoming_calls
from advisor.booking.models import TAKES_CALLS, Call, Host
from advisor.booking.rights import WORK_ON_CALLS
from advisor.decision.plurals import pluralize
from advisor.leads.actions.sales import assign
from advisor.leads.assignment import absent_owners, active_salespeople, next_owner
from advisor.leads.changes import MergedError, lock_to_work_on
from advisor.leads.models import Lead, Salesperson
from advisor.leads.rights import WORK_ON_LEADS
from advisor.posts import refusal_of, shows_again
from advisor.rights import requires

MAX_LEADS_PER_HANDOVER = 500
"""Leads that one request hands over. More would take longer than a request may."""


class AccountToHandOver(msgspec.Struct, frozen=True):
    """An account that left open leads or calls ahead, with the number of each."""

    user: Any
    leads: int
    calls: int


def open_leads_of(user: Any) -> QuerySet[Lead]:
    """The open leads of an account. With None, the leads without an owner."""
    return Lead.objects.filter(is_open=True, owner=user)


def accounts_to_hand_over(now: datetime) -> list[AccountToHandOver]:
    """The accounts that left open leads, or calls ahead with a host who takes no calls any more."""
    leads = Lead.objects.filter(is_open=True, owner__in=list(absent_owners().values_list("pk", flat=True)))
    by_owner = dict(leads.order_by().values_list("owner").annotate(Count("pk")))
    calls = upcoming_calls(now).filter(host__in=Host.objects.exclude(TAKES_CALLS))
    by_host = dict(calls.order_by().values_list("host__user").annotate(Count("pk")))
    users = get_user_model().objects.filter(pk__in=by_owner.keys() | by_host.keys()).order_by("username")
    return [AccountToHandOver(user, by_owner.get(user.pk, 0), by_host.get(user.pk, 0)) for user in users]


def hand_over_leads(*, user: Any, to: Any, by: str, now: datetime) -> int:
    """Give open leads of an account, or of nobody, to another account. Returns their number.

    It gives ``MAX_LEADS_PER_HANDOVER`` at most. If ``to`` is None, each lead goes to the least loaded salesperson who
    takes its outcome. Leads that nobody takes stay, and do not count towards the maximum.
    """
    waiting = open_leads_of(user)
    if to is None:
        waiting = waiting.filter(_with_taker(waiting, user, now))
    given = 0
    for lead in (
        waiting.select_related("edition__guide").defer("edition__document").order_by("pk")[:MAX_LEADS_PER_HANDOVER]
    ):
        taker = to or next_owner(lead.edition.guide.key, lead.outcome, now, exclude=user)
        if taker and _give_lead(lead, user, taker, by, now):
            given += 1
    return given


def _with_taker(leads: QuerySet[Lead], user: Any, now: datetime) -> Q:
    """A condition for the leads whose outcome somebody other than this account takes."""
    found = Q(pk__in=[])
    for guide_key, outcome in leads.order_by().values_list("edition__guide__key", "outcome").distinct():
        if next_owner(guide_key, outcome, now, exclude=user):
            found |= Q(edition__guide__key=guide_key, outcome=outcome)
    return found


@transaction.atomic
def _give_lead(lead: Lead, user: Any, taker: Any, by: str, now: datetime) -> bool:
    try:
        lead = lock_to_work_on(lead)
    except (MergedError, Lead.DoesNotExist):
        return False
    # Somebody else may have taken the lead meanwhile.
    if lead.owner != user or not lead.is_open:
        return False
    assign(lead=lead, owner=taker, by=by, now=now)
    return True


def hand_over_calls(*, user: Any, to: Host | None, by: str, now: datetime) -> tuple[int, list[str]]:
    """Give the calls ahead of an account to another host, as ``give_calls`` does."""
    calls = upcoming_calls(now).filter(host__user=user).select_related("lead", "host")
    return give_calls(calls=calls.order_by("begins_at"), to=to, by=by, now=now)


def give_calls(*, calls: Iterable[Call], to: Host | None, by: str, now: datetime) -> tuple[int, list[str]]:
    """Give calls to another host. Returns how many were given, and a sentence about each refusal.

    If ``to`` is None, each call goes to the least busy host who is free at its time. Each is given in a transaction of
    its own, so call it outside of any: what locks several hosts at once locks them by key.
    """
    given, refusals = 0, []
    for call in calls:
        try:
            if to:
                give_to(call=call, host=to, now=now, by=by, only_from=call.host_id)
            else:
                give_to_another(call=call, now=now, by=by, only_from=call.host_id)
        except HostIsBusyError:
            refusals.append(
                f"{call}: {to} is busy then by their own calendar. On the page of the call it can be given."
            )
        except NotFreeError:
            refusals.append(f"{call}: {f'{to} has another call then' if to else 'no other host is free then'}.")
        except PhoneNeededError:
            refusals.append(f"{call}: {to} phones visitors, and this one left no number.")
        except CallNotChangeableError:
            refusals.append(f"{call}: it was changed or has begun meanwhile.")
        else:
            given += 1
    return given, refusals


LEAST_LOADED = "least"
LEAST_BUSY_CHOICE = (LEAST_LOADED, "Each to a host who is free then, takes its outcome and has the fewest calls ahead")
LEAVE_CHOICE = ("", "Leave them where they are")
MAX_LEADS_LISTED = 20
"""Leads that the page names."""

NOBODY_TAKES_LEADS = "Nobody else takes leads yet: add somebody under “Salespeople” first."


def stand_ins(user: Any) -> list[tuple[str, str]]:
    """Who may take over calls of an account, as choices of a form."""
    hosts = Host.objects.filter(TAKES_CALLS).exclude(user=user)
    return [LEAST_BUSY_CHOICE, *((str(host.pk), f"All to {host}") for host in hosts)]


def stand_in_of(choice: str) -> Host | None:
    """The host of such a choice; None for the least busy one of each call."""
    return None if choice == LEAST_LOADED else Host.objects.get(pk=int(choice))


def _others_who_take_leads(user: Any) -> list[Salesperson]:
    return [one for one in active_salespeople() if one.user != user]


class HandoverForm(forms.Form):
    """Chooses who gets the leads and the calls: one person for all, or the least loaded for each."""

    leads_to = forms.ChoiceField(label="Open leads", required=False)
    calls_to = forms.ChoiceField(label="Calls ahead", required=False)

    def __init__(self, *args: Any, user: Any, has_leads: bool, has_calls: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        salespeople = [(str(one.user_id), f"All to {one.user}") for one in _others_who_take_leads(user)]
        least = (LEAST_LOADED, "Each to whoever takes its outcome and has the fewest open leads")
        self.fields["leads_to"].choices = [LEAVE_CHOICE, least, *salespeople]  # type: ignore[attr-defined]
        self.fields["calls_to"].choices = [LEAVE_CHOICE, *stand_ins(user)]  # type: ignore[attr-defined]
        if not salespeople:
            self.fields["leads_to"].help_text = NOBODY_TAKES_LEADS
        if not has_leads:
            del self.fields["leads_to"]
        if not has_calls:
            del self.fields["calls_to"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            self.add_error(None, "Choose who is to get them.")
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
@requires(WORK_ON_LEADS, WORK_ON_CALLS)
@shows_again
def hand_over(request: HttpRequest, user_id: int) -> HttpResponse:
    """List what an account has, and hand it over when the form is sent. ``user_id`` 0 means what belongs to nobody."""
    may_leads, may_calls = request.user.has_perm(WORK_ON_LEADS), request.user.has_perm(WORK_ON_CALLS)
    now = timezone.now()
    user = get_object_or_404(get_user_model(), pk=user_id) if user_id else None
    leads = open_leads_of(user) if may_leads else open_leads_of(user).none()
    calls = upcoming_calls(now).filter(host__user=user) if user and may_calls else Call.objects.none()
    options: dict[str, Any] = {"user": user, "has_leads": leads.exists(), "has_calls": calls.exists()}
    form = HandoverForm(request.POST if request.method == "POST" else None, **options)
    if not refusal_of(request) and form.is_valid():
        _hand_over(request, user, form.cleaned_data, now)
        return redirect(request.path)
    context = {
        "title": f"Hand over what {user} has" if user else "Hand over what belongs to nobody",
        "account": user,
        "form": form,
        "leads": leads.order_by("-requested_at")[:MAX_LEADS_LISTED],
        "leads_number": leads.count(),
        "calls": calls.select_related("lead", "host").order_by("begins_at"),
        "most": MAX_LEADS_PER_HANDOVER,
    }
    return TemplateResponse(request, "booking/admin/handover.html", admin.site.each_context(request) | context)


def _hand_over(request: HttpRequest, user: Any, given: dict[str, Any], now: Any) -> None:
    by = request.user.get_username()
    if to := given.get("leads_to"):
        taker = None if to == LEAST_LOADED else get_user_model().objects.get(pk=int(to))
        number = hand_over_leads(user=user, to=taker, by=by, now=now)
        if number:
            messages.success(request, f"Handed over {pluralize(number, 'lead')}.")
        if left := open_leads_of(user).count():
            still = "one is" if left == 1 else f"{left} are"
            messages.warning(request, f"Of the leads {still} still here. {_why_leads_remain(number, user)}")
    if to := given.get("calls_to"):
        say_what_was_given(request, *hand_over_calls(user=user, to=stand_in_of(to), by=by, now=now))


def say_what_was_given(request: HttpRequest, number: int, refusals: Iterable[str]) -> None:
    """Tell staff how many calls another host has now, and why others stay."""
    if number:
        messages.success(request, f"Handed over {pluralize(number, 'call')}; everyone concerned gets mail.")
    else:
        messages.warning(request, "No call was handed over.")
    for refusal in refusals:
        messages.warning(request, refusal)


def _why_leads_remain(number: int, user: Any) -> str:
    if number >= MAX_LEADS_PER_HANDOVER:
        return f"{MAX_LEADS_PER_HANDOVER} go at once: send the form again."
    if not _others_who_take_leads(user):
        return NOBODY_TAKES_LEADS
    return "Nobody at work takes leads with their outcome: choose somebody by name."
