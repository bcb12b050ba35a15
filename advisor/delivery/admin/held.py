"""Removals that were held: why, what would go, and the one button that lets it go."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from advisor.delivery.admin.reading import RecordAdmin
from advisor.delivery.brake import confirm
from advisor.delivery.models import HeldRemoval

NEEDED = "delivery.confirm_heldremoval"

LET_GO = "What you confirmed is removed within minutes, by the worker or by the next run of the command."
CHANGED = "This has changed since the page was opened, and nothing was confirmed. Please look at it once more."


@admin.register(HeldRemoval)
class HeldRemovalAdmin(RecordAdmin):
    """It is read, and confirmed by those who have the right; nobody changes it."""

    list_display = ("held_at", "job", "number", "state")
    fields = ("job", "state", "reason", "held_at", "number", "what_would_go")
    change_form_template = "admin/delivery/heldremoval/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        confirm_one = self.admin_site.admin_view(require_POST(self.confirm_one))
        return [path("<int:pk>/confirm/", confirm_one, name="delivery_heldremoval_confirm"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        held = context.get("original")
        context["may_confirm"] = (
            held is not None and not held.ended_at and not held.confirmed_at and request.user.has_perm(NEEDED)
        )
        context["now"] = timezone.now()
        return super().render_change_form(request, context, *args, **kwargs)

    def confirm_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was shown goes; what has changed since then is shown once more."""
        if not request.user.has_perm(NEEDED):
            raise PermissionDenied
        held = get_object_or_404(HeldRemoval, pk=pk)
        was_shown = request.POST.get("shown") == shown(held)
        if was_shown and confirm(held=held, by=request.user.get_username(), now=timezone.now()):
            self.log_change(request, held, f"Confirmed: {held.number} records.")
            self.message_user(request, LET_GO, messages.SUCCESS)
        else:
            self.message_user(request, CHANGED, messages.WARNING)
        return redirect("admin:delivery_heldremoval_change", pk)

    @admin.display(description="What would go")
    def what_would_go(self, held: HeldRemoval) -> SafeString:
        return format_html_join("", "{}<br>", ((line,) for line in held.lines))


def shown(held: HeldRemoval) -> str:
    """What tells whether a page shows what is held now."""
    return f"{held.held_at.isoformat()} {held.number}"
