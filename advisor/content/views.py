"""Whether this process is up, and whether it can do its work."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from advisor.content.readiness import readiness
from advisor.hosting import proxy


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, migrations, an edition that recommends something and the static files are there; otherwise 503 and what
    is missing, within two seconds.

    That the proxy in front is not set up is said and no more: it may wait for this answer before it lets anyone in.
    """
    missing = readiness.fault()
    lines = [missing or "ready", *([f"but {proxy.fault}"] if proxy.fault else [])]
    return HttpResponse(
        "".join(f"{line}\n" for line in lines), content_type="text/plain", status=503 if missing else 200
    )
