"""Who hears of new leads, and how."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from advisor.fields import NamedModelForm
from advisor.leads.models import How, Notice
from advisor.leads.notices import DIGEST_HOUR, can_be_told


@admin.register(Notice)
class NoticeAdmin(admin.ModelAdmin):
    """Everyone chooses for themselves; a superuser for everyone."""

    form = NamedModelForm
    list_display = ("user", "how")
    list_select_related = ("user",)
    autocomplete_fields = ("user",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        notices = super().get_queryset(request)
        # Who has no right at all is refused, and not told that there is no such notice.
        if request.user.is_superuser or not self.has_view_permission(request):
            return notices
        return notices.filter(user__username=request.user.get_username())

    def get_fields(self, request: HttpRequest, obj: Notice | None = None) -> list[Any]:
        return ["user", "how"] if request.user.is_superuser else ["how"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """One who has chosen changes that."""
        has_chosen = not request.user.is_superuser and self.get_queryset(request).exists()
        return super().has_add_permission(request) and not has_chosen

    def save_model(self, request: HttpRequest, obj: Notice, form: Any, change: Any) -> None:
        if not request.user.is_superuser:
            obj.user = get_user_model().objects.get_by_natural_key(request.user.get_username())
        # What came before is not news; and a mail of the day may have been written since the page was opened.
        is_other = "how" in form.changed_data
        obj.told_until = timezone.now()
        obj.save(update_fields=["user", "how", *(["told_until"] if is_other else [])] if change else None)
        if not can_be_told(obj):
            words = "No mail goes there yet: it takes an e-mail address in the account, and the right to read leads."
            self.message_user(request, words, messages.WARNING)
        elif obj.how == How.DAILY:
            zone = timezone.get_default_timezone_name()
            self.message_user(request, f"The mail of the day goes out at {DIGEST_HOUR}:00 ({zone}).")
