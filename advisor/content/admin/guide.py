"""Guides and their editions in Django admin."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from advisor.content.admin.forms import GuardedInline, GuardedLine
from advisor.content.admin.guide_frame import GuideFrameAdmin
from advisor.content.editing.part_forms import KeyLockedForm
from advisor.content.editing.urls import urlpatterns
from advisor.content.models import Edition, FrequentQuestion, Guide, SharedConcern


class SharedConcernInline(GuardedLine):
    model = SharedConcern


class FrequentQuestionInline(GuardedInline):
    model = FrequentQuestion


@admin.register(Guide)
class GuideAdmin(GuideFrameAdmin):
    """The words of a guide; everything else about it is on its own page and those that it leads to."""

    form = KeyLockedForm
    list_display = ("page", "key", "number", "is_default", "is_retired")
    list_display_links = None
    readonly_fields = ("is_default", "is_retired")
    inlines = (SharedConcernInline, FrequentQuestionInline)

    @admin.display(description="Guide", ordering="title")
    def page(self, guide: Guide) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("admin:content_guide_overview", args=[guide.pk]), guide)

    def get_urls(self) -> list[URLPattern]:
        return [*urlpatterns, *super().get_urls()]


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    """To be read only: an edition is made by publishing and never changes."""

    list_display = ("__str__", "published_at", "published_by", "note")
    list_select_related = ("guide",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        return super().get_queryset(request).defer("document")
