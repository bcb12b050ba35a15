"""Erasing: what is deleted leaves no name behind."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from advisor.delivery.actions import forget
from advisor.leads.models import Person


class ErasingAdmin(admin.ModelAdmin):
    """What is deleted here is erased, mail about it included: Django's log of changes keeps that it was done, and no
    name.
    """

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_deleted_objects(
        self, objs: Sequence[Model] | QuerySet[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[Any, int], set[Any], list[Any]]:
        """What belongs to a request goes with it, whether or not it could be deleted by itself."""
        found, counts, _, protected = super().get_deleted_objects(objs, request)
        return found, counts, set(), protected

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[LogEntry]:
        entries = super().log_deletions(request, queryset)
        for erased in queryset:
            forget_names(erased)
            for lead in erased.lead_set.all() if isinstance(erased, Person) else [erased]:
                forget_names(lead)
                forget(about=lead.topic)
        return entries


def forget_names(erased: Model) -> None:
    """Take what it was called out of the log, from every entry about it."""
    about = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(erased), object_id=str(erased.pk))
    about.update(object_repr="erased", change_message="")


class NewestPaginator(Paginator):
    """Counts to a thousand: who came before is found by address."""

    most = 1000

    @cached_property
    def count(self) -> int:
        return int(self.object_list[: self.most].count())  # type: ignore[attr-defined]


@admin.register(Person)
class PersonAdmin(ErasingAdmin):
    """To find everything about a person, and to erase it. The list shows the newest."""

    list_display = ("email", "created_at")
    ordering = ("-pk",)
    paginator = NewestPaginator
    show_full_result_count = False
    search_fields = ("email",)
    search_help_text = "The whole address."
    readonly_fields = ("email", "created_at", "requests")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Person], search_term: str
    ) -> tuple[QuerySet[Person], bool]:
        """By the index that keeps an address from being there twice."""
        if term := search_term.replace("\0", "").strip().lower():
            queryset = queryset.alias(address=Lower("email")).filter(address=term)
        return queryset, False

    @admin.display(description="Requests")
    def requests(self, person: Person) -> SafeString:
        return render_to_string("leads/history.html", {"leads": person.lead_set.all()})
