"""The chores of each day: what they did, and what went wrong."""

from django.contrib import admin

from advisor.delivery.admin.reading import RecordAdmin
from advisor.delivery.models import Chore


@admin.register(Chore)
class ChoreAdmin(RecordAdmin):
    """One that failed is begun again by itself, every hour until the day is over."""

    list_display = ("day", "name", "outcome", "report", "last_error", "attempts")
    list_filter = ("name",)
    date_hierarchy = "day"
    fields = ("name", "day", "outcome", "report", "last_error", "attempts", "began_at", "done_at", "again_at")

    @admin.display(description="State")
    def outcome(self, chore: Chore) -> str:
        if chore.done_at:
            return "Done"
        return "Failed" if chore.last_error else "Begun"
