"""Whether this process is up, and whether it can do its work."""

from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from advisor.content.models import Edition


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, migrations and an edition are there; otherwise 503 and what is missing."""
    missing = _missing()
    return HttpResponse(f"{missing or 'ready'}\n", content_type="text/plain", status=503 if missing else 200)


def _missing() -> str:
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "this is not the database that is expected, or migrations are missing (manage.py migrate)"
        if not Edition.objects.exists():
            return "no edition is published: run manage.py seed"
    except DatabaseError:
        return "the database cannot be reached"
    return ""
