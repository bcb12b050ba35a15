"""Lines of visitors: editors read them, and take out what should not stand there."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from advisor.feedback.models import Line


@admin.register(Line)
class LineAdmin(admin.ModelAdmin):
    """Nobody writes or changes what a visitor has said."""

    list_display = ("text", "outcome", "guide", "edition", "day")
    search_fields = ("text",)
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
