"""What pages of the admin share: records that nobody writes, and buttons that act once."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

NEWEST_ENTRY_FIELD = "newest-entry"
"""The hidden field with the newest log entry at the time when the page was shown."""


class ReadOnlyAdmin(admin.ModelAdmin):
    """Nobody adds, changes or deletes such a record, as it would then be false."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class RepeatGuardAdmin(admin.ModelAdmin):
    """Buttons that act once although their form is sent twice, by a double press or by reloading the answer.

    What a form has already done is recognised by an entry of the log that is newer than the page.
    """

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, _with_newest(extra_context))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().change_view(request, object_id, form_url, _with_newest(extra_context))

    def is_done(self, request: HttpRequest, obj: Model, words: str) -> bool:
        """Whether this form has already logged these words about an object. The caller holds a lock on the object."""
        newest = request.POST.get(NEWEST_ENTRY_FIELD, "")
        if not (newest.isascii() and newest.isdecimal() and len(newest) <= 18):
            return False
        entries = LogEntry.objects.filter(
            pk__gt=int(newest),
            user__username=request.user.get_username(),
            content_type=ContentType.objects.get_for_model(self.model),
            object_id=obj.pk,
            change_message=words,
        )
        return entries.exists()


def _with_newest(context: dict[str, Any] | None) -> dict[str, Any]:
    newest = LogEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
    return {"newest_entry": newest or 0, **(context or {})}
