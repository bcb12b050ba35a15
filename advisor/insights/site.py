"""Django's admin, with the pages that belong to no model: insights, and handing over what somebody has."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path, reverse

from advisor.booking.handover import hand_over
from advisor.insights import views
from advisor.insights.refused import KeepingSite


class StaffSite(KeepingSite):
    """The admin of this site."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [
            path("handover/<int:user_id>/", self.admin_view(hand_over), name="hand_over"),
            path("insights/", self.admin_view(views.dashboard), name="insights"),
            path("insights/<slug:table>.csv", self.admin_view(views.export), name="insights_export"),
            *super().get_urls(),
        ]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        if app_label is None and request.user.has_perm(views.NEEDED):
            address = reverse("admin:insights", current_app=self.name)
            page = {"name": "Dashboard", "object_name": "Dashboard", "admin_url": address, "view_only": True}
            apps.append(
                {
                    "name": "Insights",
                    "app_label": "insights",
                    "app_url": address,
                    "has_module_perms": True,
                    "models": [page | {"add_url": None, "perms": {"view": True}}],
                }
            )
            apps.sort(key=lambda app: str(app["name"]).lower())
        return apps
