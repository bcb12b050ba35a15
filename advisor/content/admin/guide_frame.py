"""Pages of Django admin as pages of one guide: its sidebar and its way back beside them, and saving leads on in it."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from advisor.content.admin.records import RecordedAdmin
from advisor.content.editing.places import home_of, next_to
from advisor.content.models.parts import guide_of

SAVE_AND_GO_ON = "_next"
"""The name of the button that saves and opens the next part of the same kind."""


class GuideFrameAdmin(RecordedAdmin):
    """A guide, or a part of one."""

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,  # noqa: FBT001, FBT002
        change: bool = False,  # noqa: FBT001, FBT002
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        guide = guide_of(obj) if obj else getattr(context["adminform"].form, "guide", None)
        framed = {"guide": guide, "next_part": obj and obj != guide and next_to(obj)}
        return super().render_change_form(request, context | framed, add, change, form_url, obj)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        part = self.get_object(request, unquote(object_id))
        guide = guide_of(part) if part else None
        answer = super().delete_view(request, object_id, {"guide": guide} | (extra_context or {}))
        # Deleted; what Django redirects to is a list of all guides' parts.
        return redirect(home_of(part)) if part and part != guide and answer.status_code == 302 else answer

    def response_change(self, request: HttpRequest, obj: Model) -> HttpResponse:
        answer = super().response_change(request, obj)
        if SAVE_AND_GO_ON in request.POST and (part := next_to(obj)):
            return redirect(reverse(f"admin:content_{self.opts.model_name}_change", args=[part.pk]))
        return answer

    def response_post_save_add(self, request: HttpRequest, obj: Model) -> HttpResponseRedirect:
        return HttpResponseRedirect(home_of(obj))

    def response_post_save_change(self, request: HttpRequest, obj: Model) -> HttpResponseRedirect:
        return HttpResponseRedirect(home_of(obj))
