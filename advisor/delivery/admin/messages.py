"""The ledger: what goes to whom and when, what came of it, and sending it again."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from advisor.delivery.actions import send_again, set_aside
from advisor.delivery.admin.reading import RecordAdmin
from advisor.delivery.mail import attachments_of
from advisor.delivery.models import Message
from advisor.delivery.outbox import is_stuck

ON_BOTH_PAGES = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]


def in_words(message: Message) -> str:
    """As staff know it, where nothing is kept of it."""
    return f"“{message.subject}” to {message.to}"


class StuckFilter(admin.SimpleListFilter):
    """What the front page counts."""

    title = "stuck"
    parameter_name = "stuck"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Stuck")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(is_stuck(timezone.now())) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(RecordAdmin):
    """A message is read. Who may change messages may have them sent again, or no more; nobody changes what they say."""

    list_display = ("to", "subject", "state", "due_at", "attempts", "last_error", "sent_at")
    list_filter = (StuckFilter, "state")
    search_fields = ("to", "subject", "about")
    fieldsets = (
        (None, {"fields": ("to", "subject", "text", "goes_along")}),
        ("Delivery", {"fields": ("state", "due_at", "expires_at", "sent_at", "last_error", "history")}),
        ("Record", {"fields": ("about", "key", "reply_to", "message_id", "created_at")}),
    )
    actions = ("send_again", "set_aside")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).defer("text", "html", "attachments")

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """Whether someone decides over what is sent."""
        return request.user.has_perm("delivery.change_message")

    @admin.display(description="Goes along")
    def goes_along(self, message: Message) -> str:
        return ", ".join(part.filename or part.mimetype for part in attachments_of(message)) or "Nothing"

    @admin.display(description="Attempts")
    def history(self, message: Message) -> SafeString:
        return render_to_string("delivery/attempts.html", {"attempts": message.attempt_set.all()})

    @admin.action(permissions=["steer"], description="Send again", location=ON_BOTH_PAGES)
    def send_again(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        for message in chosen:
            send_again(message=message, now=timezone.now())
            self.log_change(request, message, "Sent again.")
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
