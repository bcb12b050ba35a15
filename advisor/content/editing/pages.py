"""What all pages about a guide inside the admin share: who may see them, and their frame."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from advisor.content.documents import UnreadableError
from advisor.content.models import Guide

READ = "content.view_guide"
EDIT = "content.change_guide"
PUBLISH = "content.publish_edition"


def guide_page[**P](
    *permissions: str,
) -> Callable[[Callable[Concatenate[HttpRequest, Guide, P], HttpResponse]], Callable[..., HttpResponse]]:
    """A view about one guide, named by ``guide_id`` in the address, for staff with all of these permissions.

    One that needs an edition which this release cannot read says so instead.
    """

    def decorate(view: Callable[Concatenate[HttpRequest, Guide, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def checked(request: HttpRequest, guide_id: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.has_perms(permissions):
                raise PermissionDenied
            guide = get_object_or_404(Guide, pk=guide_id)
            try:
                return view(request, guide, *args, **kwargs)
            except UnreadableError as error:
                title = "This edition cannot be read"
                return render_staff(request, "content/unreadable.html", guide, title, {"error": error}, status=409)

        return admin.site.admin_view(checked)

    return decorate


def render_staff(
    request: HttpRequest, template: str, guide: Guide, title: str, context: dict[str, Any], *, status: int = 200
) -> TemplateResponse:
    """A page about a guide in the frame of the admin; ``template`` extends ``content/staff.html``."""
    frame = admin.site.each_context(request) | {"title": title, "guide": guide, "opts": Guide._meta}
    return TemplateResponse(request, template, frame | context, status=status)
