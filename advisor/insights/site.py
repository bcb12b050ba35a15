"""Django's admin with the pages that belong to no model: insights, and handing work over to colleagues."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone

from advisor.accounts import views as accounts
from advisor.accounts.audit import account_of, record
from advisor.accounts.models import Kind
from advisor.booking.handover import hand_over
from advisor.feedback.rights import READ_FEEDBACK
from advisor.insights import fit, views
from advisor.insights.refused_forms import FormKeepingSite
from advisor.insights.rights import READ_INSIGHTS

PAGES = {
    READ_INSIGHTS: ("Dashboard", "Dashboard", "insights"),
    READ_FEEDBACK: ("What visitors say", "Fit", "insights_fit"),
}
"""The pages under “Insights” by the right that each takes: name, name in style sheets, and address."""


class StaffSite(FormKeepingSite):
    """The admin of this site."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [
            path("sessions/", self.admin_view(accounts.sessions), name="sessions"),
            path("second-factor/", self.password_view(accounts.overview), name="second_factor"),
            path("second-factor/passkeys/", self.admin_view(accounts.passkeys), name="passkeys"),
            path("second-factor/set-up/", self.password_view(accounts.set_up), name="set_up_second_factor"),
            path("handover/<int:user_id>/", self.admin_view(hand_over), name="hand_over"),
            path("insights/", self.admin_view(views.dashboard), name="insights"),
            path("insights/fit/", self.admin_view(fit.fit), name="insights_fit"),
            path("insights/<slug:table>.csv", self.admin_view(views.export), name="insights_export"),
            *super().get_urls(),
        ]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "asks_second_factor": settings.SECOND_FACTOR}

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        if request.method == "POST" and self.has_permission(request):
            record(request, Kind.LOGGED_OUT, account_of(request), now=timezone.now())
        return super().logout(request, extra_context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        pages = [page for right, page in PAGES.items() if request.user.has_perm(right)]
        if app_label is None and pages:
            models = [
                {
                    "name": name,
                    "object_name": object_name,
                    "admin_url": reverse(f"admin:{address}", current_app=self.name),
                    "view_only": True,
                    "add_url": None,
                    "perms": {"view": True},
                }
                for name, object_name, address in pages
            ]
            apps.append(
                {
                    "name": "Insights",
                    "app_label": "insights",
                    "app_url": models[0]["admin_url"],
                    "has_module_perms": True,
                    "models": models,
                }
            )
            apps.sort(key=lambda app: str(app["name"]).lower())
        return apps
