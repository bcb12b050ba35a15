"""The endpoints of webhooks. Only those who may change endpoints see the secrets."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from advisor.delivery.admin.base import RepeatGuardAdmin
from advisor.delivery.models import Endpoint, EventType, State
from advisor.delivery.webhooks.actions import renew_secret, replay, switch_off, switch_on
from advisor.delivery.webhooks.addresses import ForbiddenAddressError, read_address, resolve
from advisor.delivery.webhooks.attempt import send_test
from advisor.fields import NamedModelForm
from advisor.text import clean_line

ON_ITS_PAGE = [ActionLocation.CHANGE_FORM]

TESTED = "Sent a test."
RENEWED = "Made a new secret."


class EndpointForm(NamedModelForm):
    """Shows the events as checkboxes, and resolves the address to check it."""

    events = forms.MultipleChoiceField(
        choices=EventType.choices, widget=forms.CheckboxSelectMultiple, help_text="What it is told about."
    )

    class Meta:
        widgets = {"address": AdminTextInputWidget(attrs={"class": "vLargeTextField"})}

    def clean_address(self) -> str:
        address = clean_line(self.cleaned_data["address"])
        try:
            resolve(read_address(address))
        except ForbiddenAddressError as refusal:
            raise ValidationError(str(refusal)) from None
        return address


@admin.register(Endpoint)
class EndpointAdmin(RepeatGuardAdmin):
    form = EndpointForm
    list_display = ("name", "address", "events_in_words", "state", "last_success_at")
    readonly_fields = ("secrets", "state", "last_success_at", "failed")
    actions = ("send_test", "renew_secret", "switch_off", "switch_on", "replay")

    class Media:
        css = {"all": ["delivery.css"]}

    def get_fieldsets(self, request: HttpRequest, obj: Endpoint | None = None) -> list[Any]:
        fieldsets: list[Any] = [(None, {"fields": ("name", "address", "events")})]
        if obj and self.has_change_permission(request, obj):
            fieldsets.append(("Secret", {"fields": ("secrets",)}))
        if obj:
            fieldsets.append(("How it answers", {"fields": ("state", "last_success_at", "failed")}))
        return fieldsets

    def save_model(self, request: HttpRequest, obj: Endpoint, form: Any, change: Any) -> None:
        """Save only the fields of the form: meanwhile a worker may have counted a failure or switched it off."""
        obj.save(update_fields=["name", "address", "events"] if change else None)

    def response_post_save_add(self, request: HttpRequest, obj: Endpoint) -> HttpResponseRedirect:
        """Go on to the page of the endpoint, with its secret and the button for a test."""
        return HttpResponseRedirect(reverse("admin:delivery_endpoint_change", args=[obj.pk]))

    @admin.display(description="Events")
    def events_in_words(self, endpoint: Endpoint) -> str:
        return ", ".join(endpoint.events)

    @admin.display(description="State")
    def state(self, endpoint: Endpoint) -> str:
        if endpoint.disabled_at:
            off = f"{endpoint.disabled_at:%-d %B %Y, %H:%M} UTC"
            return f"Switched off since {off}: {endpoint.disabled_because}"
        if endpoint.failing_since:
            since = f"{endpoint.failing_since:%-d %B %Y, %H:%M} UTC"
            return f"Active, and failing since {since}: {endpoint.failures} in a row"
        return "Active"

    @admin.display(description="Secret")
    def secrets(self, endpoint: Endpoint) -> SafeString:
        return render_to_string("delivery/secrets.html", {"endpoint": endpoint, "now": timezone.now()})

    @admin.display(description="Failed messages")
    def failed(self, endpoint: Endpoint) -> SafeString:
        failed = endpoint.message_set.filter(state=State.FAILED).count()
        return render_to_string("delivery/failed.html", {"endpoint": endpoint, "failed": failed})

    @admin.action(permissions=["change"], description="Send a test", location=ON_ITS_PAGE)
    def send_test(self, request: HttpRequest, chosen: QuerySet[Endpoint]) -> HttpResponse | None:
        endpoint = chosen.select_for_update(no_key=True).get()
        if self.is_done(request, endpoint, TESTED):
            words = "The test was sent once, although you pressed twice. Send another one to see the answer."
            self.message_user(request, words, messages.WARNING)
            return None
        self.log_change(request, endpoint, TESTED)
        context = {
            **self.admin_site.each_context(request),
            "title": "Test of an endpoint",
            "media": self.media,
            "endpoint": endpoint,
            "result": send_test(endpoint, timezone.now()),
        }
        return TemplateResponse(request, "delivery/tested.html", context)

    @admin.action(permissions=["change"], description="Make a new secret", location=ON_ITS_PAGE)
    def renew_secret(self, request: HttpRequest, chosen: QuerySet[Endpoint]) -> None:
        for endpoint in chosen.select_for_update(no_key=True):
            # A second renewal would end the secret that receivers have.
            if not self.is_done(request, endpoint, RENEWED):
                renew_secret(endpoint=endpoint, now=timezone.now())
                self.log_change(request, endpoint, RENEWED)
            self.message_user(
                request,
                f"“{endpoint}” has a new secret. For a day everything is signed with the old one as well.",
                messages.SUCCESS,
            )

    @admin.action(permissions=["change"], description="Switch off", location=ON_ITS_PAGE)
    def switch_off(self, request: HttpRequest, chosen: QuerySet[Endpoint]) -> None:
        for endpoint in chosen:
            is_done = switch_off(endpoint=endpoint, by=request.user.get_username(), now=timezone.now())
            self._say_switched(request, endpoint, "off", "gets no more webhooks", is_done=is_done)

    @admin.action(permissions=["change"], description="Switch on", location=ON_ITS_PAGE)
    def switch_on(self, request: HttpRequest, chosen: QuerySet[Endpoint]) -> None:
        for endpoint in chosen:
            is_done = switch_on(endpoint=endpoint)
            self._say_switched(request, endpoint, "on", "gets webhooks from now on", is_done=is_done)

    def _say_switched(self, request: HttpRequest, endpoint: Endpoint, to: str, effect: str, *, is_done: bool) -> None:
        if is_done:
            self.log_change(request, endpoint, f"Switched {to}.")
            self.message_user(request, f"“{endpoint}” {effect}.", messages.SUCCESS)
        else:
            self.message_user(request, f"“{endpoint}” was already switched {to}.", messages.WARNING)

    @admin.action(permissions=["change"], description="Send again what failed", location=ON_ITS_PAGE)
    def replay(self, request: HttpRequest, chosen: QuerySet[Endpoint]) -> None:
        for endpoint in chosen:
            if not endpoint.is_active:
                self.message_user(request, f"“{endpoint}” is switched off. Switch it on first.", messages.WARNING)
                continue
            count = replay(endpoint=endpoint, now=timezone.now())
            if not count:
                self.message_user(request, f"No message to “{endpoint}” has failed.", messages.WARNING)
                continue
            number = "1 message" if count == 1 else f"{count} messages"
            self.log_change(request, endpoint, f"Sent {number} again.")
            self.message_user(request, f"Going out to “{endpoint}” within seconds: {number}.", messages.SUCCESS)
