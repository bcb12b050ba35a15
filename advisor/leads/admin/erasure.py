"""Erasing: what is deleted in the admin leaves nothing behind but the words that say so."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst

from advisor.leads.models import Person
from advisor.leads.privacy import erase, everything_about, merged_with


def member_of_staff(request: HttpRequest) -> User:
    """Nobody else gets into the admin."""
    return cast(User, request.user)


MERGED_PERSON_REMAINS = (
    "Merged with theirs, and still there under another address: {}. Erase it as well if it is theirs."
)

MAX_NAMED = 5
"""How many of a kind are named one by one before they are erased."""


class ErasingAdmin(admin.ModelAdmin):
    """What is deleted here is erased: from every room, from the outbox, and by name from Django's log of changes, which
    keeps what went, by whom and when.
    """

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[Any, int], set[Any], list[Any]]:
        """All that goes, whether or not it could be deleted by itself; one by one where there are few of a kind."""
        by_model = {model: rows for model, rows in everything_about(objs).items() if model is not LogEntry}
        named = [
            f"{capfirst(model._meta.verbose_name)}: {row}"
            for model, rows in by_model.items()
            if len(rows) <= MAX_NAMED
            for row in rows
        ]
        return named, {model._meta.verbose_name_plural: len(rows) for model, rows in by_model.items()}, set(), []

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[LogEntry]:
        """Erasing writes its own entry, without the name that Django would write down."""
        return []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        others = list(merged_with(obj)) if isinstance(obj, Person) else []
        words = erase(subject=obj, by=member_of_staff(request), now=timezone.now())
        self.message_user(request, words, messages.SUCCESS)
        if others:
            # By number: a message may be kept in a cookie, and they may ask for this one to be erased as well.
            pages = ((reverse("admin:leads_lead_change", args=[one.pk]), one.pk) for one in others)
            links = format_html_join(", ", '<a href="{}">request {}</a>', pages)
            self.message_user(request, format_html(MERGED_PERSON_REMAINS, links), messages.WARNING)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for subject in queryset:
            self.delete_model(request, subject)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        """Without Django's message, which would say the name again."""
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
