"""Buttons that act once, though their form is sent twice: by a double press, or by loading an answer anew."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

NEWEST = "newest-entry"
"""Under which name a page carries the newest entry of the log of changes at the time it was shown."""


class OnceAdmin(admin.ModelAdmin):
    """Knows what a form has done already: it stands in the log of changes, and did not when the form was shown."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, _with_newest(extra_context))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().change_view(request, object_id, form_url, _with_newest(extra_context))

    def is_done(self, request: HttpRequest, obj: Model, words: str) -> bool:
        """Whether this form has written these words about an object before. Whoever asks has locked the object."""
        newest = request.POST.get(NEWEST, "")
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
