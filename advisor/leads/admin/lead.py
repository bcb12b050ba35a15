"""The admin of leads: pages of our own in Django's frame, with Django's rights and erasing."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from advisor.leads.admin.erasing import ErasingAdmin
from advisor.leads.desk import board, exporting, pages
from advisor.leads.desk.list_page import list_page, work_on_chosen
from advisor.leads.models import Lead


@admin.register(Lead)
class LeadAdmin(ErasingAdmin):
    """A lead is read and worked on. What its person said about themselves is corrected on a page of its own."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("export/", view(exporting.exporting), name="leads_lead_export"),
            path("export/progress/", view(exporting.progress), name="leads_lead_export_progress"),
            path("board/", view(board.board), name="leads_lead_board"),
            path("<int:lead_id>/move/", view(board.move), name="leads_lead_move"),
            path("<int:lead_id>/merge/", view(pages.merging), name="leads_lead_merge"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, and what is done with several leads at once; erasing asks once more, as Django does."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            if request.POST.get("action") != delete_selected.__name__:
                return work_on_chosen(request)
            if not self.has_delete_permission(request):
                raise PermissionDenied
            chosen = [key for key in request.POST.getlist("_selected_action") if key.isdecimal() and len(key) <= 18]
            asked = delete_selected(self, request, self.get_queryset(request).filter(pk__in=chosen))
            if asked:
                return asked
        return list_page(request, extra_context or {})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        lead = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, lead):
            raise PermissionDenied
        if not isinstance(lead, Lead):
            raise Http404
        return pages.lead_page(request, lead)
