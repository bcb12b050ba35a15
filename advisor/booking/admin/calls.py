"""The list and the form of calls."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import urlize
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from advisor.booking import intake_views, staff_views, time_pages
from advisor.booking.actions import cancel, close, give_to
from advisor.booking.announcements import mail_prefix
from advisor.booking.availability import hosts_for_phone, is_busy_elsewhere, uncancelled_calls
from advisor.booking.correction import correction_page
from advisor.booking.models import TAKES_CALLS, Call, CallStatus, Host
from advisor.booking.words import time_in_words, zone_name
from advisor.content.editions import edition_cache
from advisor.delivery.actions import failed_mail
from advisor.fields import NamedModelForm
from advisor.leads.briefing import briefing_of
from advisor.leads.search.index import find_leads
from advisor.text import clean_line

UPCOMING = "upcoming"

NONE = "None"


class WhenFilter(admin.SimpleListFilter):
    """Filters for upcoming or past calls."""

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


REASON_LOCKED = {CallStatus.BOOKED, CallStatus.CANCELLED}
"""While a call has one of these, its reason cannot change: it has none yet, or the visitor has read it."""


class CallAdminForm(NamedModelForm):
    """What staff record about a call. ``save_model`` applies each change by the verb that also announces it."""

    shown = forms.IntegerField(widget=forms.HiddenInput, required=False)
    although_busy = forms.BooleanField(
        label="Although they are busy", required=False, help_text="Give it to a host whose own calendar is in the way."
    )

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
            outcomes = edition_cache.edition(edition.guide.key, edition.number).guide.outcomes
            self.fields["agreed"] = forms.ChoiceField(
                label="Agreed in the end",
                choices=[("", "Nothing, or not yet"), *((outcome.key, outcome.name) for outcome in outcomes)],
                required=False,
                help_text=Call._meta.get_field("agreed").help_text,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        host, status = cleaned.get("host"), cleaned.get("status")
        # The locks keep what is valid here valid until it is saved.
        if host:
            host = Host.objects.select_related("user").select_for_update(of=("self", "user")).get(pk=host.pk)
        before = Call.objects.select_for_update(of=("self",)).get(pk=self.instance.pk)
        self.now = now = timezone.now()
        if cleaned.get("shown") != before.sequence:
            raise ValidationError("This call was changed since the page was opened. Open it anew before you save it.")
        if host and host != before.host:
            overlapping = uncancelled_calls().filter(
                host=host, begins_at__lt=before.ends_at, ends_at__gt=before.begins_at
            )
            if not before.can_be_changed(now):
                self.add_error("host", "Only a call that lies ahead can be given to another host.")
            elif not host.takes_calls:
                self.add_error("host", f"{host} takes no calls any more.")
            elif overlapping.exists():
                self.add_error("host", f"{host} has another call at this time.")
            elif not hosts_for_phone([host], before.lead.phone):
                self.add_error("host", f"{host} calls by phone, and the visitor left no number.")
            elif not cleaned.get("although_busy") and is_busy_elsewhere(host, self.now, before.begins_at):
                self.add_error(
                    "host",
                    f"{host} is busy then by their own calendar. If they take it, tick “Although they are busy”.",
                )
        if status and status != before.status:
            if status == CallStatus.BOOKED:
                self.add_error("status", "A call does not come back: the visitor can book another one.")
            elif status == CallStatus.CANCELLED and not before.can_be_changed(now):
                self.add_error("status", "Only a call that lies ahead can be cancelled.")
            elif before.status == CallStatus.CANCELLED:
                self.add_error("status", "A cancelled call stays so: the visitor can book another one.")
            elif status != CallStatus.CANCELLED and before.begins_at > now:
                self.add_error("status", "It has not begun yet.")
        if status == before.status and status in REASON_LOCKED and cleaned.get("reason") != before.reason:
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
    readonly_fields = ("when", "move_link", "for_the_visitor", "lead_link", "where", "refused_mail", "briefing")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "when",
                    "for_the_visitor",
                    "lead_link",
                    "where",
                    "refused_mail",
                    "briefing",
                    "host",
                    "although_busy",
                    "shown",
                )
            },
        ),
        ("What became of it", {"fields": ("status", "reason", "agreed")}),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("waiting/", view(intake_views.waiting), name="booking_call_waiting"),
            path("<int:call_id>/move/", view(time_pages.move_call), name="booking_call_move"),
            path("book/<int:lead_id>/", view(time_pages.book_call), name="booking_call_book"),
            path("week/", view(staff_views.week), name="booking_call_week"),
            # It corrects leads. It is here because it corrects their calls as well.
            path("correct/<int:lead_id>/", view(correction_page), name="booking_call_correct"),
            *super().get_urls(),
        ]

    def get_fieldsets(self, request: HttpRequest, obj: Call | None = None) -> Any:
        """With the way to another time for who may move it, while it lies ahead."""
        (title, about), *others = super().get_fieldsets(request, obj)
        if obj and obj.can_be_changed(timezone.now()) and self.has_change_permission(request, obj):
            when, *rest = about["fields"]
            about = {"fields": (when, "move_link", *rest)}
        return [(title, about), *others]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Call], search_term: str
    ) -> tuple[QuerySet[Call], bool]:
        """Find calls also by the search for their leads."""
        term = clean_line(search_term.replace("\0", ""))
        found, may_be_doubled = super().get_search_results(request, queryset, term)
        return (found | queryset.filter(lead__in=find_leads(term).keys) if term else found), may_be_doubled

    def get_ordering(self, request: HttpRequest) -> tuple[str]:
        """Upcoming calls begin with the next one, all others with the latest."""
        return ("begins_at" if request.GET.get(WhenFilter.parameter_name) == UPCOMING else "-begins_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only visitors book calls."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Call | None = None) -> bool:
        """Staff cancel a call instead, or erase its lead."""
        return False

    def save_model(self, request: HttpRequest, obj: Call, form: Any, change: Any) -> None:
        """Save each change by the verb that also announces it."""
        now, by = form.now, request.user.get_username()
        if "host" in form.changed_data:
            although_busy = form.cleaned_data["although_busy"]
            give_to(call=obj, host=obj.host, now=now, by=by, although_busy=although_busy)
        if obj.status == CallStatus.CANCELLED:
            cancel(call=obj, reason=obj.reason, now=now, by=by)
        elif obj.status in {CallStatus.HELD, CallStatus.NO_SHOW}:
            close(call=obj, status=CallStatus(obj.status), reason=obj.reason, agreed=obj.agreed, now=now, by=by)

    @admin.display(description="When", ordering="begins_at")
    def when(self, call: Call) -> str:
        return time_in_words(call.begins_at, ZoneInfo(call.host.zone))

    @admin.display(description="Another time")
    def move_link(self, call: Call) -> SafeString:
        address = reverse("admin:booking_call_move", args=[call.pk])
        return format_html('<a href="{}">Move it to another time or host</a>', address)

    @admin.display(description="For the visitor")
    def for_the_visitor(self, call: Call) -> str:
        return time_in_words(call.begins_at, call.local_zone)

    @admin.display(description="Where")
    def where(self, call: Call) -> SafeString:
        return format_html("{}: {}", call.host.get_place_display(), urlize(call.host.place_details))

    @admin.display(description="Mail that did not arrive")
    def refused_mail(self, call: Call) -> SafeString | str:
        """What the people concerned do not know, as a mail server would not take it."""
        failed = failed_mail(about=call.lead.topic, prefix=mail_prefix(call))
        return render_to_string("booking/admin/refused_mail.html", {"failed": failed, "call": call}) if failed else NONE

    @admin.display(description="Lead")
    def lead_link(self, call: Call) -> SafeString:
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
