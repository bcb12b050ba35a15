"""The admin of leads: Django's rights, actions and erasing, with pages of our own for the list and for one lead."""

from django.contrib import admin
from django.urls import URLPattern, path

from advisor.leads.admin.erasure import ErasingAdmin
from advisor.leads.desk import board, export_page, list_page, pages
from advisor.leads.models import Lead


@admin.register(Lead)
class LeadAdmin(ErasingAdmin):
    """A lead is read and worked on. What its person said about themselves is corrected on a page of its own.

    The list and the page of one lead have the addresses and the names of Django's pages, and stand in their place. No
    view of Django is overridden. ``@admin.action`` works as everywhere else: the list offers an action and runs it.
    """

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("", view(list_page.lead_list), {"model_admin": self}, name="leads_lead_changelist"),
            path("export/", view(export_page.export_page), name="leads_lead_export"),
            path("export/progress/", view(export_page.progress), name="leads_lead_export_progress"),
            path("board/", view(board.board), name="leads_lead_board"),
            path("<int:lead_id>/move/", view(board.move), name="leads_lead_move"),
            path("<int:lead_id>/merge/", view(pages.merging), name="leads_lead_merge"),
            path("<path:object_id>/change/", view(pages.lead_page), name="leads_lead_change"),
        ]
        # Django's own form must not be reachable beside ours: it could change what a person said.
        names = {pattern.name for pattern in own}
        return [*own, *(pattern for pattern in super().get_urls() if pattern.name not in names)]
