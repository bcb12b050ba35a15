"""Where webhooks go. Who may change endpoints sees their secrets, and nobody else does."""

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

from advisor.delivery.admin.once import OnceAdmin
from advisor.delivery.models import Endpoint, EventType, State
from advisor.delivery.webhooks.actions import renew_secret, replay, switch_off, switch_on
from advisor.delivery.webhooks.addresses import RefusedError, read_address, resolve
from advisor.delivery.webhooks.sending import send_test
from advisor.fields import NamedModelForm
from advisor.text import clean_line

ON_ITS_PAGE = [ActionLocation.CHANGE_FORM]

TESTED = "Sent a test."
RENEWED = "Made a new secret."


class EndpointForm(NamedModelForm):
    """Events are ticked, and an address is looked up before it is taken."""

    events = forms.MultipleChoiceField(
        choices=EventType.choices, widget=forms.CheckboxSelectMultiple, help_text="What it is told about."
    )

    class Meta:
        widgets = {"address": AdminTextInputWidget(attrs={"class": "vLargeTextField"})}

    def clean_address(self) -> str:
        address = clean_line(self.cleaned_data["address"])
        try:
            resolve(read_address(address))
        except RefusedError as refusal:
            raise ValidationError(str(refusal)) from None
        return address


@admin.register(Endpoint)
class EndpointAdmin(OnceAdmin):
    form = EndpointForm
    list_display = ("name", "address", "events_in_words", "state", "last_success_at")
    readonly_fields = ("secrets", "state", "last_success_at", "failed")
    actions = ("send_test", "renew_secret", "switch_off", "switch_on", "replay")

    class Media:
        css = {"all": ["delivery.css"]}

    def get_fieldsets(self, request: HttpRequest, obj: Endpoint | None = None) -> list[Any]:
        shown: list[Any] = [(None, {"fields": ("name", "address", "events")})]
        if obj and self.has_change_permission(request, obj):
            shown.append(("Secret", {"fields": ("secrets",)}))
        if obj:
            shown.append(("How it answers", {"fields": ("state", "last_success_at", "failed")}))
        return shown

    def save_model(self, request: HttpRequest, obj: Endpoint, form: Any, change: Any) -> None:
        """Only what was typed: in the meantime a worker may have counted a failure, or switched the endpoint off."""
        obj.save(update_fields=["name", "address", "events"] if change else None)

    def response_post_save_add(self, request: HttpRequest, obj: Endpoint) -> HttpResponseRedirect:
        """On to its page: the secret and the test are what comes next."""
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
            words = "The test was sent once, though the button was pressed twice. Send another one to see the answer."
            self.message_user(request, words, messages.WARNING)
            return None
        self.log_change(request, endpoint, TESTED)
        context = {
            **self.admin_site.each_context(request),
            "title": "Test of an endpoint",
            "media": self.media,
            "endpoint": endpoint,
            "outcome": send_test(endpoint, timezone.now()),
        }
        return TemplateResponse(request, "delivery/tested.html", context)

    @admin.action(permissions=["change"], description="Make a new secret", location=ON_ITS_PAGE)
    def renew_secret(self, request: HttpRequest, chosen: QuerySet[Endpoint]) -> None:
        for endpoint in chosen.select_for_update(no_key=True):
            # Twice, and the secret that receivers know by now would hold no more.
            if not self.is_done(request, endpoint, RENEWED):
                renew_secret(endpoint=endpoint, now=timezone.now())
                self.log_change(request, endpoint, RENEWED)
            self.message_user(
                request,
                f"“{endpoint}” has a new secret. For a day everything is signed with the one before as well.",
                messages.SUCCESS,
            )

    @admin.action(permissions=["change"], description="Switch off", location=ON_ITS_PAGE)
    def switch_off(self, request: HttpRequest, chosen: QuerySet[Endpoint]) -> None:
        for endpoint in chosen:
            if switch_off(endpoint=endpoint, by=request.user.get_username(), now=timezone.now()):
                self.log_change(request, endpoint, "Switched off.")
                self.message_user(request, f"“{endpoint}” is told nothing more.", messages.SUCCESS)
            else:
                self.message_user(request, f"“{endpoint}” was switched off already.", messages.WARNING)

    @admin.action(permissions=["change"], description="Switch on", location=ON_ITS_PAGE)
    def switch_on(self, request: HttpRequest, chosen: QuerySet[Endpoint]) -> None:
        for endpoint in chosen:
            if switch_on(endpoint=endpoint):
                self.log_change(request, endpoint, "Switched on.")
                self.message_user(request, f"“{endpoint}” is told what happens from now on.", messages.SUCCESS)
            else:
                self.message_user(request, f"“{endpoint}” was switched on already.", messages.WARNING)

    @admin.action(permissions=["change"], description="Send again what failed", location=ON_ITS_PAGE)
    def replay(self, request: HttpRequest, chosen: QuerySet[Endpoint]) -> None:
        for endpoint in chosen:
            if not endpoint.is_active:
                self.message_user(request, f"“{endpoint}” is switched off. Switch it on first.", messages.WARNING)
                continue
            count = replay(endpoint=endpoint, now=timezone.now())
            if not count:
                self.message_user(request, f"Nothing to “{endpoint}” has failed.", messages.WARNING)
                continue
            sent = "1 message" if count == 1 else f"{count} messages"
            self.log_change(request, endpoint, f"Sent {sent} again.")
            self.message_user(request, f"Within seconds this goes out to “{endpoint}”: {sent}.", messages.SUCCESS)
