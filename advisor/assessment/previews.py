"""The walk through a draft by a link: the same pages at other addresses, kept from search engines and caches."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from advisor.assessment import views
from advisor.assessment.visit import Visit, visit_in
from advisor.content.previews import ClosedLinkError, UnwalkableError, open_preview
from advisor.http import HelpfulNotFound, HtmxHttpRequest, keep_private, render_page


def draft_page[**P](
    view: Callable[Concatenate[HtmxHttpRequest, Visit, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A view of a draft, named by the ``token`` of a preview link in the address."""

    @require_safe
    @wraps(view)
    def checked(request: HtmxHttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            visit = visit_in(open_preview(token, timezone.now()), request)
            response = view(request, visit, *args, **kwargs)
        except ClosedLinkError as error:
            raise HelpfulNotFound(str(error)) from None
        except UnwalkableError as error:
            context = {"title": str(error), "description": str(error), "blockers": error.blockers, "draft": True}
            response = render_page(request, "assessment/unwalkable.html", context, status=409)
        return keep_private(response)

    return checked


landing = draft_page(views.show_landing)
question = draft_page(views.show_question)
result = draft_page(views.show_result)
