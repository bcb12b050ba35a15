"""What a monitoring system asks."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from advisor.operation.exposition import exposition


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever has ``METRICS_TOKEN``. Where none is set there is nothing at this address."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        words = "This takes the header “Authorization: Bearer …” with METRICS_TOKEN.\n"
        response = HttpResponse(words, status=401, content_type="text/plain; charset=utf-8")
        response["WWW-Authenticate"] = "Bearer"
    else:
        response = HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response
