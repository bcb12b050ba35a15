"""What all pages about a guide inside the admin share: who may see them, and their frame."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from advisor.content.documents import UnreadableError
from advisor.content.models import Guide
from advisor.rights import requires

READ = "content.view_guide"
EDIT = "content.change_guide"
ADD = "content.add_guide"
PUBLISH = "content.publish_edition"

View = Callable[..., HttpResponse]


def staff_page(*permissions: str) -> Callable[[View], View]:
    """A page of our own inside the admin, for staff with all of these permissions."""

    def decorate(view: View) -> View:
        for permission in permissions:
            view = requires(permission)(view)
        return admin.site.admin_view(view)

    return decorate


def guide_page[**P](
    *permissions: str,
) -> Callable[[Callable[Concatenate[HttpRequest, Guide, P], HttpResponse]], View]:
    """A staff page about one guide, named by ``guide_id`` in the address.

    A page that needs an edition which this release cannot read says so instead.
    """

    def decorate(view: Callable[Concatenate[HttpRequest, Guide, P], HttpResponse]) -> View:
        def with_guide(request: HttpRequest, guide_id: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            guide = get_object_or_404(Guide, pk=guide_id)
            try:
                return view(request, guide, *args, **kwargs)
            except UnreadableError as error:
                title = "This edition cannot be read"
                return render_staff(request, "content/unreadable.html", guide, title, {"error": error}, status=409)

        # Its marks, such as ``shows_again``, are looked for at every decorator around it.
        marked: View = wraps(view)(with_guide)
        return staff_page(*permissions)(marked)

    return decorate


def render_staff(
    request: HttpRequest, template: str, guide: Guide, title: str, context: dict[str, Any], *, status: int = 200
) -> TemplateResponse:
    """A page about a guide in the frame of the admin; ``template`` extends ``content/staff.html``."""
    frame = admin.site.each_context(request) | {"title": title, "guide": guide, "opts": Guide._meta}
    return TemplateResponse(request, template, frame | context, status=status)
