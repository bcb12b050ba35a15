"""People in the admin: everything about one, as a page and as a file, and what was erased."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.core.paginator import Paginator
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from advisor.leads.admin.erasure import ErasingAdmin, member_of_staff
from advisor.leads.models import Person
from advisor.leads.privacy import ERASED, as_file, disclosure_sections, merged_with
from advisor.leads.rights import ERASE_PEOPLE, EXPORT_LEADS, READ_PEOPLE
from advisor.rights import requires
from advisor.text import NotAnAddressError, as_mail_carries_it, clean_email, clean_line

MAX_ERASURES = 200
"""How many of the last erasures are listed."""


class NewestPaginator(Paginator):
    """Counts to a thousand: who came before is found by address."""

    most = 1000

    @cached_property
    def count(self) -> int:
        return int(self.object_list[: self.most].count())  # type: ignore[attr-defined]


@admin.register(Person)
class PersonAdmin(ErasingAdmin):
    """To find everything about a person, to hand it to them, and to erase it. The list shows the newest."""

    list_display = ("email", "created_at")
    ordering = ("-pk",)
    paginator = NewestPaginator
    show_full_result_count = False
    search_fields = ("email",)
    search_help_text = "The whole address."
    readonly_fields = ("email", "created_at", "requests", "everything")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Person], search_term: str
    ) -> tuple[QuerySet[Person], bool]:
        """By the index that keeps an address from being there twice."""
        if term := as_mail_carries_it(_address_in(search_term)).lower():
            queryset = queryset.alias(address=Lower("email")).filter(address=term)
        return queryset, False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("erased/", view(erasures), name="leads_person_erasures"),
            path("<int:person_id>/kept/", view(disclosure), name="leads_person_disclosure"),
            path("<int:person_id>/kept.json", view(disclosure_file), name="leads_person_disclosure_file"),
            *super().get_urls(),
        ]

    @admin.display(description="Requests")
    def requests(self, person: Person) -> SafeString:
        return render_to_string("leads/history.html", {"leads": person.lead_set.all()})

    @admin.display(description="If they ask")
    def everything(self, person: Person) -> SafeString:
        return format_html(
            '<a href="{}">Everything kept about them</a>', reverse("admin:leads_person_disclosure", args=[person.pk])
        )


@require_safe
@requires(READ_PEOPLE)
def disclosure(request: HttpRequest, person_id: int) -> HttpResponse:
    """Everything that is kept about a person, table by table, as it is."""
    person = get_object_or_404(Person, pk=person_id)
    context = {
        **admin.site.each_context(request),
        "title": "Everything kept about them",
        "opts": Person._meta,
        "person": person,
        "others": merged_with(person),
        "kinds": [(what, list(map(_lines_of, records))) for what, records in disclosure_sections(person)],
        "may_take_out": request.user.has_perm(EXPORT_LEADS),
        "may_erase": request.user.has_perm(ERASE_PEOPLE),
    }
    return render(request, "leads/disclosure.html", context)


@require_POST
@requires(EXPORT_LEADS)
@transaction.atomic
def disclosure_file(request: HttpRequest, person_id: int) -> HttpResponse:
    """The same as one file, which can be handed to the person; that it was made is logged.

    The person is locked until it is, so that whoever erases them finds the entry.
    """
    people = Person.objects.select_for_update()
    person, now = get_object_or_404(people, pk=person_id), timezone.now()
    content = as_file(person, now=now)
    words = "Everything kept about them was exported."
    LogEntry.objects.log_actions(member_of_staff(request).pk, [person], CHANGE, words, single_object=True)
    headers = {"Content-Disposition": f'attachment; filename="person-{person.pk}.json"', "Cache-Control": "no-store"}
    return JsonResponse(content, headers=headers, json_dumps_params={"indent": 2, "ensure_ascii": False})


@require_safe
@requires(READ_PEOPLE)
def erasures(request: HttpRequest) -> HttpResponse:
    """What was erased on request, by whom and when; of whom is not known any more."""
    records = LogEntry.objects.filter(object_repr=ERASED, action_flag=DELETION).select_related("user", "content_type")
    context = {
        **admin.site.each_context(request),
        "title": "What was erased",
        "opts": Person._meta,
        "records": records.order_by("-action_time")[:MAX_ERASURES],
        "most": MAX_ERASURES,
    }
    return render(request, "leads/erasures.html", context)


def _address_in(typed: str) -> str:
    """The address as it is kept, however it was pasted; what is none as it stands."""
    try:
        return clean_email(typed)
    except NotAnAddressError:
        return clean_line(typed.replace("\0", ""))


def _lines_of(record: dict[str, Any]) -> list[tuple[str, str]]:
    """A record as lines of a page; what is empty is left out."""
    return [(name, _in_text(value)) for name, value in record.items() if value not in ("", None, [], {})]


def _in_text(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, indent=2, ensure_ascii=False, cls=DjangoJSONEncoder)
    return f"{value:%-d %B %Y, %H:%M:%S} UTC" if hasattr(value, "hour") else str(value)
