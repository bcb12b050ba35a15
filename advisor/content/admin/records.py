"""The history of one object in Django admin: read by whoever may see the object, and never written."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from advisor.content.admin.stale_forms import StaleCheckAdmin
from advisor.content.editing.pages import render_staff
from advisor.content.editing.views.changes import CHANGES_PER_PAGE, Reader, field_label
from advisor.content.guide_parts import guide_id_of_record
from advisor.content.models import Guide


class RecordedAdmin(StaleCheckAdmin):
    """An object with its history beside it. An older state is looked at, not gone back to.

    Going back would pass over every check that a change goes through: who may retire a guide, what else refers to an
    object, what has taken its place since.
    """

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view(self.version_view), f"content_{self.opts.model_name}_version"
        return [path("<int:object_id>/history/<int:number>/", view, name=name), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:  # noqa: FBT001
        """A form that changes nothing, as one that is sent twice, leaves no line in the history."""
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    @method_decorator(require_safe)
    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who changed it and when, with the old and the new value in full; also once it is deleted."""
        records = self._records(request, object_id)
        guide, name = self._about(records)
        page = Paginator(records, CHANGES_PER_PAGE).get_page(request.GET.get("page"))
        reader = Reader(guide)
        context = {"page": page, "changes": [reader.change(record) for record in page], "is_one": True}
        return render_staff(request, "content/rows_changes.html", guide, f"History of “{name}”", context)

    @method_decorator(require_safe)
    def version_view(self, request: HttpRequest, object_id: int, number: int) -> HttpResponse:
        """Everything that it said at one time."""
        records = self._records(request, str(object_id))
        guide, name = self._about(records)
        record = get_object_or_404(records, history_id=number)
        said = [(field_label(self.model, field), text) for field, text in Reader(guide).texts(record).items()]
        context = {"record": record, "said": said}
        return render_staff(request, "content/rows_version.html", guide, f"“{name}” as it was", context)

    def _records(self, request: HttpRequest, object_id: str) -> QuerySet[Any]:
        """All that is known of an object, newest first."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        try:
            key = self.opts.pk.to_python(object_id)
        except ValidationError:
            raise Http404 from None
        records: QuerySet[Any] = self.model.history.filter(id=key)
        return records.select_related("history_user")

    def _about(self, records: QuerySet[Any]) -> tuple[Guide, str]:
        """The guide that these are of, and what the object is called."""
        newest = records.first()
        if newest is None:
            raise Http404
        guide = get_object_or_404(Guide, pk=guide_id_of_record(newest))
        return guide, Reader(guide).name(self.model, newest)
