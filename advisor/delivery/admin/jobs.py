"""What staff see of the worker's jobs: each run, and what waits until somebody confirms it."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from advisor.delivery import clock, removal_guard
from advisor.delivery.admin.base import ReadOnlyAdmin
from advisor.delivery.models import Chore, ClockCheck, HeldRemoval
from advisor.delivery.rights import CONFIRM_CLOCK, CONFIRM_REMOVALS
from advisor.rights import requires


@admin.register(Chore)
class ChoreAdmin(ReadOnlyAdmin):
    """A run that failed is repeated every hour until the day is over."""

    list_display = ("day", "name", "outcome", "report", "last_error", "attempts")
    list_filter = ("name",)
    date_hierarchy = "day"
    fields = ("name", "day", "outcome", "report", "last_error", "attempts", "began_at", "done_at", "again_at")

    @admin.display(description="State")
    def outcome(self, chore: Chore) -> str:
        if chore.done_at:
            return "Done"
        return "Failed" if chore.last_error else "Begun"


class ConfirmableAdmin(ReadOnlyAdmin):
    """Read-only, with a button for those who have the right to confirm what the page shows."""

    right: str
    confirmed: str
    changed: str
    """What they read if the page no longer showed what there is, so that nothing was confirmed."""

    def can_be_confirmed(self, obj: Any) -> bool:
        raise NotImplementedError

    def confirm(self, obj: Any, shown: str, by: str) -> str:
        """Confirm it if the page still showed what there is. Returns the entry for the log; "" for nothing done."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(requires(self.right)(self.confirm_view)))
        name = f"{self.opts.app_label}_{self.opts.model_name}_confirm"
        return [path("<int:pk>/confirm/", view, name=name), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj = context.get("original")
        can_be_confirmed = obj is not None and self.can_be_confirmed(obj)
        context |= {"may_confirm": can_be_confirmed and request.user.has_perm(self.right), "now": timezone.now()}
        return super().render_change_form(request, context, *args, **kwargs)

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        obj = get_object_or_404(self.model, pk=pk)
        if entry := self.confirm(obj, request.POST.get("shown", ""), request.user.get_username()):
            obj.refresh_from_db()
            self.log_change(request, obj, entry)
            self.message_user(request, self.confirmed, messages.SUCCESS)
        else:
            self.message_user(request, self.changed, messages.WARNING)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", pk)


@admin.register(ClockCheck)
class ClockCheckAdmin(ConfirmableAdmin):
    list_display = ("__str__", "trusted_at", "doubted_at")
    fields = ("doubt", "doubted_at", "trusted_at", "confirmed_by")
    change_form_template = "admin/delivery/clockcheck/change_form.html"
    right = CONFIRM_CLOCK
    confirmed = "The worker trusts its clock again within a minute, and continues with what was waiting."
    changed = "The clock shows another time by now, so nothing was confirmed. Please look at it again."

    def can_be_confirmed(self, obj: ClockCheck) -> bool:
        return obj.is_gap

    def confirm(self, obj: ClockCheck, shown: str, by: str) -> str:
        instant = parse_datetime(shown[:50])
        is_done = instant and timezone.is_aware(instant) and clock.confirm(shown=instant, by=by)
        return "Confirmed that the clock is right." if is_done else ""


@admin.register(HeldRemoval)
class HeldRemovalAdmin(ConfirmableAdmin):
    list_display = ("held_at", "job", "number", "state")
    fields = ("job", "state", "reason", "held_at", "number", "what_would_go")
    change_form_template = "admin/delivery/heldremoval/change_form.html"
    right = CONFIRM_REMOVALS
    confirmed = "The records are removed within minutes, by the worker or by the next run of the command."
    changed = "This has changed since you opened the page, so nothing was confirmed. Please look at it again."

    def can_be_confirmed(self, obj: HeldRemoval) -> bool:
        return not obj.ended_at and not obj.confirmed_at

    def confirm(self, obj: HeldRemoval, shown: str, by: str) -> str:
        is_current = shown == f"{obj.held_at.isoformat()} {obj.number}"
        is_done = is_current and removal_guard.confirm(held=obj, by=by, now=timezone.now())
        return f"Confirmed: {obj.number} records." if is_done else ""

    @admin.display(description="What would go")
    def what_would_go(self, held: HeldRemoval) -> SafeString:
        return format_html_join("", "{}<br>", ((line,) for line in held.lines))
