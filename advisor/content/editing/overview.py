"""Everything about one guide in one place."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from advisor.content.editing.pages import READ, guide_page, render_staff
from advisor.content.models import Guide


@require_safe
@guide_page(READ)
def overview(request: HttpRequest, guide: Guide) -> HttpResponse:
    """The guide's own page: what is unfinished, all of its parts, and what can be done with it."""
    return render_staff(request, "content/overview.html", guide, "Everything about this guide", {})
