"""Calls as staff work with them."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import urlize
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from advisor.booking import staff
from advisor.booking.actions import ClosedError, NotFreeError, PhoneNeededError, cancel, close, give_to
from advisor.booking.availability import going_ahead, reachable_by
from advisor.booking.correction import correcting
from advisor.booking.models import TAKES_CALLS, Call, CallStatus, Host
from advisor.booking.words import time_in_words, zone_name
from advisor.content.editions import shelf
from advisor.fields import NamedModelForm
from advisor.leads.briefing import briefing_of
from advisor.leads.search import matching
from advisor.text import clean_line

UPCOMING = "upcoming"


class WhenFilter(admin.SimpleListFilter):
    """Upcoming or past."""

    title = "when"
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(UPCOMING, "Upcoming"), ("past", "Past")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Call]) -> QuerySet[Call]:
        if self.value() == UPCOMING:
            return queryset.filter(ends_at__gt=timezone.now())
        if self.value() == "past":
            return queryset.filter(ends_at__lte=timezone.now())
        return queryset


SETTLED = {CallStatus.BOOKED, CallStatus.CANCELLED}
"""In these a reason is not changed by itself: there is none yet, or the visitor has read it."""


class CallAdminForm(NamedModelForm):
    """What staff say of a call; each change goes through the verb that tells those concerned."""

    shown = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Call
        fields = ("host", "status", "reason", "agreed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shown"].initial = self.instance.sequence
        if "host" in self.fields:
            self.fields["host"].queryset = Host.objects.filter(  # type: ignore[attr-defined]
                TAKES_CALLS | Q(pk=self.instance.host_id)
            )
        if "agreed" in self.fields:
            edition = self.instance.lead.edition
            outcomes = shelf.edition(edition.guide.key, edition.number).guide.outcomes
            self.fields["agreed"] = forms.ChoiceField(
                label="Agreed in the end",
                choices=[("", "Nothing, or not yet"), *((outcome.key, outcome.name) for outcome in outcomes)],
                required=False,
                help_text=Call._meta.get_field("agreed").help_text,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        now, before = timezone.now(), Call.objects.get(pk=self.instance.pk)
        host, status = cleaned.get("host"), cleaned.get("status")
        if cleaned.get("shown") != before.sequence:
            raise ValidationError("This call was changed since the page was opened. Open it anew before you save it.")
        if host and host != before.host:
            if not before.can_be_changed(now):
                self.add_error("host", "Only a call that lies ahead can be given to another host.")
            elif going_ahead().filter(host=host, begins_at__lt=before.ends_at, ends_at__gt=before.begins_at).exists():
                self.add_error("host", f"{host} has another call at this time.")
            elif not reachable_by([host], before.lead.phone):
                self.add_error("host", f"{host} calls by phone, and the visitor left no number.")
        if status and status != before.status:
            if status == CallStatus.BOOKED:
                self.add_error("status", "A call does not come back: the visitor can book another one.")
            elif status == CallStatus.CANCELLED and not before.can_be_changed(now):
                self.add_error("status", "Only a call that lies ahead can be cancelled.")
            elif before.status == CallStatus.CANCELLED:
                self.add_error("status", "A cancelled call stays so: the visitor can book another one.")
            elif status != CallStatus.CANCELLED and before.begins_at > now:
                self.add_error("status", "It has not begun yet.")
        if status == before.status and status in SETTLED and cleaned.get("reason") != before.reason:
            self.add_error("reason", "A reason goes with what becomes of the call; nothing has become of it by this.")
        if status == CallStatus.CANCELLED and not cleaned.get("reason"):
            self.add_error("reason", "Please say why; the visitor reads it.")
        if cleaned.get("agreed") and status != CallStatus.HELD:
            self.add_error("agreed", "Something can be agreed on only in a call that was held.")
        return cleaned


@admin.register(Call)
class CallAdmin(admin.ModelAdmin):
    form = CallAdminForm
    date_hierarchy = "begins_at"
    list_display = ("begins", "lead", "host", "status", "recommended", "agreed")
    list_filter = (WhenFilter, "status", "host")
    list_select_related = ("host", "lead")
    search_fields = ("lead__name", "lead__email", "lead__company")
    readonly_fields = ("when", "for_the_visitor", "the_lead", "where", "briefing")
    fieldsets = (
        (None, {"fields": ("when", "for_the_visitor", "the_lead", "where", "briefing", "host", "shown")}),
        ("What became of it", {"fields": ("status", "reason", "agreed")}),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("week/", view(staff.week), name="booking_call_week"),
            # Of leads, and here, as their calls are corrected along with them.
            path("correct/<int:lead_id>/", view(correcting), name="booking_call_correct"),
            *super().get_urls(),
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Call], search_term: str
    ) -> tuple[QuerySet[Call], bool]:
        """By what finds their leads."""
        term = clean_line(search_term.replace("\0", ""))
        found, may_be_doubled = super().get_search_results(request, queryset, term)
        return (found | queryset.filter(lead__in=matching(term).keys) if term else found), may_be_doubled

    def get_ordering(self, request: HttpRequest) -> tuple[str]:
        """What comes next is first among those that are upcoming, and what was last among all others."""
        return ("begins_at" if request.GET.get(WhenFilter.parameter_name) == UPCOMING else "-begins_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Calls are booked by visitors."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Call | None = None) -> bool:
        """A call is cancelled, or goes with its lead."""
        return False

    def save_model(self, request: HttpRequest, obj: Call, form: Any, change: Any) -> None:
        now, by = timezone.now(), request.user.get_username()
        call = Call.objects.select_related("host").get(pk=obj.pk)
        reason, agreed = form.cleaned_data["reason"], form.cleaned_data["agreed"]
        if obj.host != call.host:
            give_to(call=call, host=obj.host, now=now, by=by)
        if obj.status == CallStatus.CANCELLED and call.status != CallStatus.CANCELLED:
            cancel(call=call, reason=reason, now=now, by=by)
        elif obj.status in {CallStatus.HELD, CallStatus.NO_SHOW}:
            close(call=call, status=CallStatus(obj.status), reason=reason, agreed=agreed, now=now, by=by)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (NotFreeError, ClosedError, PhoneNeededError):
            self.message_user(
                request, "Someone else has changed this call, or taken that time, in this moment.", messages.ERROR
            )
            return redirect(request.path)

    @admin.display(description="When", ordering="begins_at")
    def when(self, call: Call) -> str:
        return time_in_words(call.begins_at, ZoneInfo(call.host.zone))

    @admin.display(description="For the visitor")
    def for_the_visitor(self, call: Call) -> str:
        return time_in_words(call.begins_at, call.local_zone)

    @admin.display(description="Where")
    def where(self, call: Call) -> SafeString:
        return format_html("{}: {}", call.host.get_place_display(), urlize(call.host.place_details))

    @admin.display(description="Lead")
    def the_lead(self, call: Call) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("admin:leads_lead_change", args=[call.lead_id]), call.lead)

    @admin.display(description="Briefing")
    def briefing(self, call: Call) -> SafeString:
        return render_to_string("leads/briefing.html", {"briefing": briefing_of(call.lead)})

    @admin.display(description="Begins", ordering="begins_at")
    def begins(self, call: Call) -> str:
        zone = ZoneInfo(call.host.zone)
        return f"{call.begins_at.astimezone(zone):%a %-d %b %Y, %H:%M} {zone_name(zone)}"

    @admin.display(description="Recommended", ordering="lead__outcome")
    def recommended(self, call: Call) -> str:
        title: str = call.lead.seen["title"]
        return title
