"""Whether this process is up, and whether it can do its work."""

from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from advisor.content.models import Edition
from advisor.hosting import PROXY_IS_SILENT, proxy, static_files_are_missing


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, migrations, an edition and the static files are there; otherwise 503 and what is missing.

    That the proxy in front is not set up is said and no more: it may wait for this answer before it lets anyone in.
    """
    missing = _missing()
    lines = [missing or "ready", *([f"but {PROXY_IS_SILENT}"] if proxy.is_silent else [])]
    return HttpResponse(
        "".join(f"{line}\n" for line in lines), content_type="text/plain", status=503 if missing else 200
    )


def _missing() -> str:
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "this is not the database that is expected, or migrations are missing (manage.py migrate)"
        if not Edition.objects.exists():
            return "no edition is published: run manage.py seed"
    except DatabaseError:
        return "the database cannot be reached"
    if static_files_are_missing():
        return "no static files are collected: run manage.py collectstatic and start the server anew"
    return ""
