"""Hosts with their hours."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from advisor.booking import staff
from advisor.booking.actions import CallsAheadError, announce_changes, calls_ahead, deactivate, renew_feed
from advisor.booking.models import Host, HoursException, Place, WeeklyWindow
from advisor.booking.zones import offered_zones
from advisor.content.models import Outcome
from advisor.decision.counted import counted
from advisor.fields import AddressField, NamedModelForm
from advisor.leads.admin.accounts import NamesAccounts
from advisor.leads.admin.team import OutcomesField


class HoursFormSet(forms.BaseInlineFormSet):
    """Hours that are there already are not added again: not when a form is sent twice, and not by two rows."""

    model: type[models.Model]

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Any:  # noqa: FBT001, FBT002
        said = [column.name for column in self.model._meta.concrete_fields if column.name not in {"id", "host"}]
        same = self.model._default_manager.filter(
            host=self.instance, **{name: form.cleaned_data[name] for name in said}
        )
        return same.first() or super().save_new(form, commit)


class WeeklyWindowInline(admin.TabularInline):
    form = NamedModelForm
    model = WeeklyWindow
    formset = HoursFormSet
    extra = 0


class HoursExceptionInline(admin.TabularInline):
    form = NamedModelForm
    model = HoursException
    formset = HoursFormSet
    extra = 0


class HostForm(NamedModelForm):
    """Zones are chosen from a list, outcomes are ticked, and nobody stops while calls lie ahead."""

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

    def clean_is_active(self) -> bool:
        active: bool = self.cleaned_data["is_active"]
        if self.instance.pk and self.initial.get("is_active") and not active:
            ahead = list(calls_ahead(self.instance, timezone.now()))
            if ahead:
                raise ValidationError(
                    f"{counted(len(ahead), 'call lies', 'calls lie')} ahead, to be given to another host or cancelled "
                    f"first: {'; '.join(map(str, ahead[:10]))}."
                )
        return active

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk and "place" in self.changed_data and cleaned.get("place") == Place.PHONE:
            ahead = [call for call in calls_ahead(self.instance, timezone.now()) if not call.lead.phone]
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
    autocomplete_fields = ("user",)
    readonly_fields = ("pages", "feed")
    actions = ("give_new_feed_address",)
    fieldsets = (
        (None, {"fields": ("user", "name", "email", "is_active", "zone", "place", "place_details", "pages", "feed")}),
        ("Which calls", {"fields": ("takes_every_outcome", "outcomes", "weight")}),
        (
            "Rules",
            {
                "fields": (
                    ("notice", "notice_unit"),
                    "horizon_days",
                    ("buffer_before", "buffer_after"),
                    "daily_limit",
                )
            },
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        why = self.admin_site.admin_view(staff.why_not_offered)
        return [path("<int:host_id>/why/", why, name="booking_host_why"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Host, form: Any, change: Any) -> None:
        if change and form.initial["is_active"] and not obj.is_active:
            # Looks once more, with the door closed for those who are booking just now.
            deactivate(host=obj, now=timezone.now())
        before = Host.objects.get(pk=obj.pk) if change else None
        super().save_model(request, obj, form, change)
        if before and (told := announce_changes(host=obj, before=before, now=timezone.now())):
            calls = "One call lies" if told == 1 else f"{told} calls lie"
            self.message_user(request, f"{calls} ahead: those concerned get mail with what has changed.")

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except CallsAheadError as error:
            self.message_user(request, f"A call was booked in this moment: {error}. Nothing was saved.", messages.ERROR)
            return redirect(request.path)

    def has_delete_permission(self, request: HttpRequest, obj: Host | None = None) -> bool:
        """One who held calls stays, as the calls do; who takes no more is not active."""
        return super().has_delete_permission(request, obj) and not (obj and obj.call_set.exists())

    @admin.display(description="Times")
    def pages(self, host: Host) -> SafeString | str:
        if not host.pk:
            return "Once it is saved"
        return format_html(
            '<a href="{}">Why is a time not offered?</a>', reverse("admin:booking_host_why", args=[host.pk])
        )

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
