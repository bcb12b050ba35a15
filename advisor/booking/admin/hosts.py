"""The list and the form of hosts, with their hours."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from advisor.booking import staff_views
from advisor.booking.actions import announce_changes, renew_feed
from advisor.booking.availability import calls_in_time_off, upcoming_calls, why_nobody_can_book
from advisor.booking.busy.actions import read_anew_if_needed
from advisor.booking.busy.status import summary_of
from advisor.booking.busy.views import calendars_page
from advisor.booking.hours_page import HolidaysField, HoursFormSet, WeeklyHoursFormSet, hours_page
from advisor.booking.models import Host, HoursException, Place, WeeklyWindow
from advisor.booking.zones import offered_zones
from advisor.content.models import Outcome
from advisor.decision.plurals import pluralize
from advisor.fields import AddressField, NamedModelForm
from advisor.leads.admin.team import NamesAccounts, OutcomesField, StaffAccountForm

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:\S", re.IGNORECASE)
"""How an address begins, unlike “By phone: we call you”."""


class WeeklyWindowInline(admin.TabularInline):
    form = NamedModelForm
    model = WeeklyWindow
    formset = WeeklyHoursFormSet
    extra = 0


class HoursExceptionInline(admin.TabularInline):
    form = NamedModelForm
    model = HoursException
    formset = HoursFormSet
    extra = 0


class HostForm(StaffAccountForm):
    """Offers zones as a list and outcomes as checkboxes, and switches no host off who has calls ahead."""

    outcomes = OutcomesField(
        queryset=Outcome.objects.select_related("guide").order_by("guide__number", "position"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=Host._meta.get_field("outcomes").help_text,
    )

    zone = forms.ChoiceField(
        label="Time zone",
        choices=lambda: [
            ("", "Choose a zone"),
            *((region or "Everywhere", zones) for region, zones in offered_zones()),
        ],
        help_text=Host._meta.get_field("zone").help_text,
    )

    holidays_of = HolidaysField()

    def clean_is_active(self) -> bool:
        active: bool = self.cleaned_data["is_active"]
        if self.instance.pk:
            # Booking locks the host as well, so no call is booked from here until the host is saved.
            Host.objects.select_for_update().get(pk=self.instance.pk)
        if self.instance.pk and self.initial.get("is_active") and not active:
            ahead = list(upcoming_calls(timezone.now()).filter(host=self.instance))
            if ahead:
                raise ValidationError(
                    f"{pluralize(len(ahead), 'call lies', 'calls lie')} ahead, to be given to another host or "
                    f"cancelled first: {'; '.join(map(str, ahead[:10]))}."
                )
        return active

    def clean_place_details(self) -> str:
        details: str = self.cleaned_data["place_details"]
        if SCHEME.match(details) and not details.startswith(("https://", "http://")):
            raise ValidationError("A link begins with https://, or with http://. Visitors could not follow this one.")
        return details

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk and "place" in self.changed_data and cleaned.get("place") == Place.PHONE:
            ahead = upcoming_calls(timezone.now()).filter(host=self.instance, lead__phone="")
            if ahead:
                self.add_error(
                    "place",
                    f"People who left no number have calls ahead: {len(ahead)}. Give these to another host or "
                    f"cancel them first: {'; '.join(map(str, ahead[:10]))}.",
                )
        return cleaned


@admin.register(Host)
class HostAdmin(NamesAccounts, admin.ModelAdmin):
    form = HostForm
    formfield_overrides = {models.EmailField: {"form_class": AddressField}}
    list_display = ("name", "user", "zone", "place", "weight", "is_active")
    list_filter = ("is_active",)
    inlines = (WeeklyWindowInline, HoursExceptionInline)
    readonly_fields = ("times", "busy", "feed")
    actions = ("give_new_feed_address",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "user",
                    "name",
                    "email",
                    "is_active",
                    "zone",
                    ("holidays_of", "holidays_region"),
                    "place",
                    "place_details",
                    "times",
                    "busy",
                    "feed",
                )
            },
        ),
        ("Which calls", {"fields": ("takes_every_outcome", "outcomes", "weight")}),
        (
            "Rules",
            {"fields": (("notice", "notice_unit"), "horizon_days", ("buffer_before", "buffer_after"), "daily_limit")},
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Host | None = None) -> Any:
        """The address of the calendar is a key, and only those who may change it see it, and the page of others."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (title, options | {"fields": [name for name in options["fields"] if name not in {"busy", "feed"}]})
            for title, options in fieldsets
        ]

    def get_urls(self) -> list[URLPattern]:
        why = self.admin_site.admin_view(staff_views.why_not_offered)
        calendars = self.admin_site.admin_view(calendars_page)
        hours = self.admin_site.admin_view(hours_page)
        return [
            path("<int:host_id>/why/", why, name="booking_host_why"),
            path("<int:host_id>/hours/", hours, name="booking_host_hours"),
            path("<int:host_id>/calendars/", calendars, name="booking_host_calendars"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Host, form: Any, change: Any) -> None:
        before = Host.objects.get(pk=obj.pk) if change else None
        super().save_model(request, obj, form, change)
        if before:
            read_anew_if_needed(host=obj, before=before, now=timezone.now())
        if before and (announced := announce_changes(host=obj, before=before, now=timezone.now())):
            calls = "One call lies" if announced == 1 else f"{announced} calls lie"
            self.message_user(request, f"{calls} ahead: those concerned get mail with what has changed.")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Say what keeps visitors from a call with this host, and which calls lie in time off."""
        super().save_related(request, form, formsets, change)
        host = form.instance
        if reason := why_nobody_can_book(host):
            self.message_user(request, reason, messages.WARNING)
        for call in calls_in_time_off(host, timezone.now()):
            self.message_user(
                request,
                format_html(
                    "This call lies in time off, and takes place all the same until it is moved, given away or "
                    'cancelled: <a href="{}">{}</a>',
                    reverse("admin:booking_call_change", args=[call.pk]),
                    call,
                ),
                messages.WARNING,
            )

    def has_delete_permission(self, request: HttpRequest, obj: Host | None = None) -> bool:
        """A host who has calls stays, because the calls do. Staff switch such a host off instead."""
        return super().has_delete_permission(request, obj) and not (obj and obj.call_set.exists())

    @admin.display(description="Times")
    def times(self, host: Host) -> SafeString | str:
        if not host.pk:
            return "Once it is saved"
        return format_html(
            '<a href="{}">Why is a time not offered?</a>', reverse("admin:booking_host_why", args=[host.pk])
        )

    @admin.display(description="Own calendars")
    def busy(self, host: Host) -> SafeString | str:
        if not host.pk:
            return "Once it is saved"
        address = reverse("admin:booking_host_calendars", args=[host.pk])
        return format_html('<a href="{}">{}</a>', address, summary_of(host, timezone.now()))

    @admin.display(description="Calendar to subscribe to")
    def feed(self, host: Host) -> SafeString | str:
        if not host.pk:
            return "Once it is saved"
        return format_html(
            "<code>{}</code><br>Whoever has this address sees the calls. The action “Give the calendar another "
            "address” in the list of hosts closes it.",
            settings.SITE_URL + reverse("host-feed", args=[host.feed_token]),
        )

    @admin.action(description="Give the calendar another address", permissions=["change"])
    def give_new_feed_address(self, request: HttpRequest, queryset: QuerySet[Host]) -> None:
        for host in queryset:
            renew_feed(host=host)
        self.message_user(request, "The calendars have other addresses now; the old ones show nothing any more.")
