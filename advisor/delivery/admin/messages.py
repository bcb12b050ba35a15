"""The log of messages: who gets what and when, the result, and buttons to send a message again or not at all."""

from typing import Any

import msgspec
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import truncatechars
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from advisor.delivery.actions import send_again, set_aside
from advisor.delivery.admin.base import ReadOnlyAdmin, RepeatGuardAdmin
from advisor.delivery.mail import attachments_of
from advisor.delivery.models import Channel, Message
from advisor.delivery.outbox import is_stuck
from advisor.delivery.rights import STEER_MESSAGES
from advisor.key_addresses import masked
from advisor.text import as_mail_carries_it, clean_line

MAX_ERROR_IN_LIST = 120
"""Characters of an error in the list."""

SENT_AGAIN = "Sent again."

ON_BOTH_PAGES = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]


def title_of(message: Message) -> str:
    """The subject and the recipient, for notices to staff that are shown once and not stored."""
    return f"“{message.subject}” to {recipient(message)}"


def recipient(message: Message) -> str:
    """The e-mail address, the name of the endpoint, or whose calendar it is."""
    if message.channel == Channel.CALENDAR:
        return f"Calendar of {message.about}"
    return str(message.endpoint) if message.endpoint else message.to


class StuckFilter(admin.SimpleListFilter):
    """The messages that the front page counts."""

    title = "stuck"
    parameter_name = "stuck"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Stuck")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(is_stuck(timezone.now())) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(RepeatGuardAdmin, ReadOnlyAdmin):
    """Read-only. Who may change messages can send them again or withdraw them, and cannot change their content."""

    list_display = ("recipient", "subject", "state", "due_at", "attempts", "last_error_in_short", "sent_at")
    list_filter = (StuckFilter, "state", "channel", "endpoint")
    search_fields = ("to", "endpoint__name", "subject", "about")
    list_select_related = ("endpoint",)
    fieldsets = (
        (None, {"fields": ("channel", "recipient", "subject", "body", "files")}),
        ("Delivery", {"fields": ("state", "due_at", "expires_at", "sent_at", "last_error", "history")}),
        ("Record", {"fields": ("about", "key", "reply_to", "message_id", "created_at")}),
    )
    actions = ("send_again", "set_aside")

    class Media:
        css = {"all": ["delivery.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).defer("text", "html", "attachments")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Message], search_term: str
    ) -> tuple[QuerySet[Message], bool]:
        return super().get_search_results(request, queryset, clean_line(as_mail_carries_it(search_term)))

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """Whether someone may send messages again and withdraw them."""
        return request.user.has_perm(STEER_MESSAGES)

    @admin.display(description="To", ordering="to")
    def recipient(self, message: Message) -> str:
        return recipient(message)

    @admin.display(description="Last error", ordering="last_error")
    def last_error_in_short(self, message: Message) -> str:
        """The beginning of the error. The page of the message has all of it."""
        return truncatechars(message.last_error, MAX_ERROR_IN_LIST)

    @admin.display(description="Text")
    def body(self, message: Message) -> SafeString:
        body = msgspec.json.format(message.text, indent=2) if message.channel != Channel.MAIL else masked(message.text)
        return render_to_string("delivery/body.html", {"message": message, "body": body})

    @admin.display(description="Goes along")
    def files(self, message: Message) -> str:
        return ", ".join(part.filename or part.mimetype for part in attachments_of(message)) or "Nothing"

    @admin.display(description="Attempts")
    def history(self, message: Message) -> SafeString:
        return render_to_string("delivery/attempts.html", {"attempts": message.attempt_set.all()})

    @admin.action(permissions=["steer"], description="Send again", location=ON_BOTH_PAGES)
    def send_again(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        for message in chosen.select_for_update(of=["self"]):
            if message.endpoint and not message.endpoint.is_active:
                words = f"{title_of(message)} was not sent again: the endpoint is switched off."
                self.message_user(request, words, messages.WARNING)
                continue
            warning = ""
            if not self.is_done(request, message, SENT_AGAIN):
                send_again(message=message, now=timezone.now())
                self.log_change(request, message, SENT_AGAIN)
                if message.sent_at:
                    warning = f" It was sent before, on {message.sent_at:%-d %B %Y at %H:%M} UTC."
            self.message_user(request, f"{title_of(message)} goes out within seconds.{warning}", messages.SUCCESS)

    @admin.action(permissions=["steer"], description="Send no more", location=ON_BOTH_PAGES)
    def set_aside(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        for message in chosen:
            if set_aside(message=message):
                self.log_change(request, message, "Set aside.")
                self.message_user(request, f"{title_of(message)} will not be sent.", messages.SUCCESS)
            else:
                self.message_user(request, f"{title_of(message)} was not waiting to be sent.", messages.WARNING)
