"""The ledger: what goes to whom and when, what came of it, and sending it again."""

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
from advisor.delivery.admin.once import OnceAdmin
from advisor.delivery.admin.reading import RecordAdmin
from advisor.delivery.mail import attachments_of
from advisor.delivery.models import Message
from advisor.delivery.outbox import is_stuck
from advisor.text import as_mail_carries_it, clean_line

SHORT = 120
"""Characters of an error that the list shows."""

AGAIN = "Sent again."

ON_BOTH_PAGES = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]


def in_words(message: Message) -> str:
    """As staff know it, where nothing is kept of it."""
    return f"“{message.subject}” to {recipient(message)}"


def recipient(message: Message) -> str:
    """An address of mail, or the name of an endpoint."""
    return str(message.endpoint) if message.endpoint else message.to


def as_read(message: Message) -> str:
    """The text of a mail, or the body of a webhook on lines of its own."""
    return msgspec.json.format(message.text, indent=2) if message.endpoint_id else message.text


class StuckFilter(admin.SimpleListFilter):
    """What the front page counts."""

    title = "stuck"
    parameter_name = "stuck"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Stuck")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(is_stuck(timezone.now())) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(OnceAdmin, RecordAdmin):
    """A message is read. Who may change messages may have them sent again, or no more; nobody changes what they say."""

    list_display = ("recipient", "subject", "state", "due_at", "attempts", "last_error_in_short", "sent_at")
    list_filter = (StuckFilter, "state", "channel", "endpoint")
    search_fields = ("to", "endpoint__name", "subject", "about")
    list_select_related = ("endpoint",)
    fieldsets = (
        (None, {"fields": ("channel", "recipient", "subject", "says", "goes_along")}),
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
        """Whether someone decides over what is sent."""
        return request.user.has_perm("delivery.change_message")

    @admin.display(description="To", ordering="to")
    def recipient(self, message: Message) -> str:
        return recipient(message)

    @admin.display(description="Last error", ordering="last_error")
    def last_error_in_short(self, message: Message) -> str:
        """A server may say much, and the page of the message has all of it."""
        return truncatechars(message.last_error, SHORT)

    @admin.display(description="Text")
    def says(self, message: Message) -> SafeString:
        return render_to_string("delivery/says.html", {"message": message, "body": as_read(message)})

    @admin.display(description="Goes along")
    def goes_along(self, message: Message) -> str:
        return ", ".join(part.filename or part.mimetype for part in attachments_of(message)) or "Nothing"

    @admin.display(description="Attempts")
    def history(self, message: Message) -> SafeString:
        return render_to_string("delivery/attempts.html", {"attempts": message.attempt_set.all()})

    @admin.action(permissions=["steer"], description="Send again", location=ON_BOTH_PAGES)
    def send_again(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        for message in chosen.select_for_update(of=["self"]):
            if message.endpoint and not message.endpoint.is_active:
                words = f"{in_words(message)} stays as it is: the endpoint is switched off."
                self.message_user(request, words, messages.WARNING)
                continue
            twice = ""
            if not self.is_done(request, message, AGAIN):
                send_again(message=message, now=timezone.now())
                self.log_change(request, message, AGAIN)
                twice = f" It was sent before, on {message.sent_at:%-d %B %Y at %H:%M} UTC." if message.sent_at else ""
            self.message_user(request, f"{in_words(message)} goes out within seconds.{twice}", messages.SUCCESS)

    @admin.action(permissions=["steer"], description="Send no more", location=ON_BOTH_PAGES)
    def set_aside(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        for message in chosen:
            if set_aside(message=message):
                self.log_change(request, message, "Set aside.")
                self.message_user(request, f"{in_words(message)} is sent no more.", messages.SUCCESS)
            else:
                self.message_user(request, f"{in_words(message)} was not waiting to be sent.", messages.WARNING)
