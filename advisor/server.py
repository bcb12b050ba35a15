"""Gunicorn's configuration: ``gunicorn -c python:advisor.server``. HOST and PORT come from the environment."""

import os
import re
import shutil
import sys
import tempfile
from logging import LogRecord

from django.utils.module_loading import import_string
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http import message
from gunicorn.workers.base import Worker

from advisor.environment import folder_for_files, switch
from advisor.logs import JsonFormatter, without_personal_data

# Gunicorn's own ceiling is 8,190 characters, above which it answers with a bare page of its own. A visitor whose
# link was blown up on the way gets our page; 64 KiB is still a bound.
message.MAX_REQUEST_LINE = 65_536

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
wsgi_app = "advisor.wsgi:application"
worker_class = "gthread"
concurrency = os.environ.get("WEB_CONCURRENCY", "2")
if not concurrency.isdecimal() or int(concurrency) < 1:
    sys.exit(f"WEB_CONCURRENCY is “{concurrency}”; set it to a whole number of worker processes, 1 or more.")
workers = int(concurrency)
threads = 4
limit_request_line = 65_536
timeout = 30
graceful_timeout = 20
keepalive = 5
# Headers of a proxy are for Django to judge (settings.py), not for Gunicorn to believe from some addresses.
forwarded_allow_ips = ""
# In memory: a container's disk may be slow enough to make a worker look dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
# It would be made in a home directory that a container's user does not have.
control_socket_disable = True


class JsonLog(Logger):  # type: ignore[misc]
    """Gunicorn's own lines, as those of the site are."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonFormatter())
            handler.addFilter(without_personal_data)


if switch("JSON_LOGS", default=False):
    logger_class = JsonLog

METRICS = "PROMETHEUS_MULTIPROC_DIR"
"""Where the processes count together. Their library reads it once, when they begin."""
if os.environ.get("METRICS_TOKEN") or "METRICS_TOKEN_FILE" in os.environ:
    folder_for_files()
    os.environ[METRICS] = tempfile.mkdtemp(prefix="advisor-metrics-")


def without_addresses(record: LogRecord) -> bool:
    """Gunicorn says of a request that it cannot read from which address it came, and nobody here needs to know."""
    record.msg = re.sub(r"(?<=from ip=)\S+(?=:)", "…", str(record.msg))
    return True


def on_starting(server: Arbiter) -> None:
    """Before there are workers, which take the log over as it is."""
    server.log.error_log.addFilter(without_addresses)


def on_exit(server: Arbiter) -> None:
    """Leave nothing behind."""
    if METRICS in os.environ:
        shutil.rmtree(os.environ[METRICS], ignore_errors=True)


def worker_exit(server: Arbiter, worker: Worker) -> None:
    """Write the steps that were counted and wait in memory; all requests have been answered by now."""
    import_string("advisor.funnel.buffer.buffer").stop()


def post_worker_init(worker: Worker) -> None:
    """Read the editions before the first visitor comes, so that the database may be lost before then, too."""
    import_string("advisor.content.editions.edition_cache").refresh()
    # One that was killed may have left a file about people behind.
    import_string("advisor.leads.export.files.sweep")()
    # Visitors are answered by other threads, each with a connection of its own: this one would stay open for nothing.
    import_string("django.db.connections").close_all()
    worker.log.info("Worker ready (pid: %s)", worker.pid)
