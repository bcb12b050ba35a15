"""The page of one lead, and merging it with another one."""

from contextlib import suppress
from operator import attrgetter
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from advisor.content.editions import UnknownEditionError, UnknownGuideError
from advisor.fields import NamedForm
from advisor.leads.actions.merging import CannotMergeError, merge
from advisor.leads.assignment import absent_owners
from advisor.leads.briefing import briefing_of
from advisor.leads.changes import MergedError, lock_to_work_on
from advisor.leads.desk.duplicates import suggestions
from advisor.leads.desk.forms import WorkForm
from advisor.leads.desk.live_result import result_in_live_edition
from advisor.leads.desk.next_step_status import next_step_status
from advisor.leads.desk.timeline import timeline
from advisor.leads.models import DETAILS, OPEN, Lead
from advisor.leads.priority import has_call, priority_scores
from advisor.leads.rights import ERASE_LEADS, READ_LEADS, WORK_ON_LEADS
from advisor.posts import refusal_of, shows_again
from advisor.rights import requires
from advisor.text import parse_key

CALL_STILL_AHEAD = "Their call still takes place. If it should not, cancel it on its own page."
"""Said of what is won, lost or spam with a call ahead: the status is for staff, and the visitor knows nothing of it."""

DETAILS_WITH_OWN_PLACE = {"name", "email", "company", "job_title", "phone", "employees", "message"}
"""What has a place of its own on the page of a lead; every other detail stands below the message."""


def staff_page(request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> TemplateResponse:
    """A page about leads in the frame of the admin."""
    # The width is needed for what sales reads; the list of all models is one click away.
    frame = admin.site.each_context(request) | {"title": title, "opts": Lead._meta, "is_nav_sidebar_enabled": False}
    return TemplateResponse(request, f"leads/{template}", frame | context)


def address_of(lead: Lead) -> str:
    return reverse("admin:leads_lead_change", args=[lead.pk])


@requires(READ_LEADS, WORK_ON_LEADS, to_send=WORK_ON_LEADS)
@shows_again
def lead_page(request: HttpRequest, object_id: str) -> HttpResponse:
    """What to know before a call, and the form to work on the lead, for those who may."""
    lead = get_object_or_404(Lead, pk=parse_key(object_id))
    if request.method != "POST":
        may_work = request.user.has_perm(WORK_ON_LEADS) and not lead.merged_into_id
        form = WorkForm(lead=lead, user=request.user) if may_work else None
        return _show(request, lead, form)
    now = timezone.now()
    try:
        with transaction.atomic():
            # Whoever saves waits for whoever is saving, and then compares with what they wrote.
            lead = lock_to_work_on(lead)
            form = WorkForm(request.POST, lead=lead, user=request.user)
            if not refusal_of(request) and form.is_valid():
                by = request.user.get_username()
                form.save(by=by, now=now)
                # Sent twice it changes nothing by the second time, and was saved all the same.
                is_changed = lead.events.filter(pk__gt=form.newest_shown, by=by).exists()
                messages.success(request, "Saved." if is_changed else "Nothing was changed.")
                if form.cleaned_data["status"] not in ("", *OPEN) and lead.call_at and lead.call_at > now:
                    messages.warning(request, CALL_STILL_AHEAD)
                return redirect(address_of(lead))
    except MergedError:
        note = request.POST.get("note", "").strip()
        typed = f" You had written: “{note}”" if note else ""
        words = f"This request was merged into another one a moment ago. Nothing was saved.{typed}"
        messages.error(request, words)
        return redirect(address_of(lead))
    except Lead.DoesNotExist:
        raise Http404 from None
    return _show(request, lead, form)


def _show(request: HttpRequest, lead: Lead, form: WorkForm | None) -> HttpResponse:
    whole = Lead.objects.select_related("edition__guide", "owner", "merged_into", "person").defer("edition__document")
    lead = whole.get(pk=lead.pk)
    merged = list(lead.merged.all())
    read: dict[str, Any] = {}
    with suppress(UnknownGuideError, UnknownEditionError):
        read = {"briefing": briefing_of(lead), "today": result_in_live_edition(lead)}
    context = read | {
        "lead": lead,
        "form": form,
        "may_work": request.user.has_perm(WORK_ON_LEADS),
        "may_erase": request.user.has_perm(ERASE_LEADS),
        "may_book": request.user.has_perm("booking.change_call") and not lead.merged_into_id,
        "may_see_calls": request.user.has_perm("booking.view_call"),
        "step": next_step_status(lead, timezone.now().date()),
        "scores": priority_scores(lead, has_call=has_call(lead)),
        "timeline": timeline(lead),
        "duplicates": suggestions(lead),
        "merged": merged,
        "more": [
            (one.name_for_staff, one.in_words(lead))
            for name, one in DETAILS.items()
            if name not in DETAILS_WITH_OWN_PLACE
        ],
        "is_left": lead.owner_id is not None and absent_owners().filter(pk=lead.owner_id).exists(),
        "with_calls": sorted((one for one in (lead, *merged) if one.call_at), key=attrgetter("call_at")),
        "requests": lead.person.lead_set.exclude(pk=lead.pk)[:20],
    }
    title = f"{'Error: ' if form and form.errors else ''}{lead}"
    return staff_page(request, "page.html", title, context)


class OtherForm(NamedForm):
    """The number of a lead, as its address ends."""

    other = forms.IntegerField(label="Number of the other request", min_value=1, max_value=2**62)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(WORK_ON_LEADS)
@shows_again
def merging(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Shows two requests side by side, and makes them one when that is sent. It cannot be taken back."""
    keep = get_object_or_404(Lead.objects.select_related("owner"), pk=lead_id)
    form = OtherForm(request.POST if request.method == "POST" else request.GET or None)
    other = None
    if form.is_valid():
        other = Lead.objects.select_related("owner").filter(pk=form.cleaned_data["other"]).first()
        if other is None:
            form.add_error("other", "There is no request with this number.")
    if request.method == "POST" and other and not refusal_of(request):
        try:
            merge(keep=keep, other=other, by=request.user.get_username(), now=timezone.now())
        except CannotMergeError as error:
            form.add_error(None, str(error))
        # Sent twice, the second finds it done.
        if Lead.objects.filter(pk=other.pk, merged_into=keep).exists():
            messages.success(request, "Merged. Both histories are on this page.")
            return redirect(address_of(keep))
    now = timezone.now()
    ahead = [one.call_at for one in (keep, other) if one and one.call_at and one.call_at > now]
    context = {"lead": keep, "other": other, "form": form, "calls_ahead": ahead}
    return staff_page(request, "merge.html", f"Merge with {keep}", context)
