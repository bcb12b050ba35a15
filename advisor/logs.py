"""The log: lines for a terminal, or JSON for a program that collects them (``JSON_LOGS=on``).

Many people read a log, and it is kept where nobody erases a person from it. So no line says who did something: keys in
addresses, e-mail addresses, addresses of devices and query strings are masked in both forms. JSON goes further: it
names a page by its route instead of its path, and an error by its type and place instead of its message, which may
repeat what somebody typed. Each line of a request has its ``request_id``.

Gunicorn takes this module in before there are settings, so it imports nothing that needs them.
"""

import json
import re
import sys
import threading
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from ipaddress import ip_address
from logging import WARNING, Formatter, LogRecord, captureWarnings, getLogger
from types import TracebackType
from typing import TYPE_CHECKING, Any, override

from advisor.key_addresses import masked

if TYPE_CHECKING:
    from django.http import HttpRequest

current_request: ContextVar["HttpRequest | None"] = ContextVar("current_request", default=None)
"""What this thread answers; set by ``advisor.observing`` where the log is JSON."""

NOWHERE = "an address without a page"

PART = r"[^\s@<>\"'“”,;:()\[\]/]"
MAIL_ADDRESS = re.compile(rf"(?<!{PART}){PART}+@{PART}+")
"""It begins where a word begins: else a path of a hundred thousand letters is read from each of them to its end."""
QUERY = re.compile(r"\?[^\s?\"'“”]*=[^\s\"'“”]*")
DEVICE = re.compile(
    r"(?<![\w.:])(?:(?:[0-9A-Fa-f:]*:)?\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w.])"
)
"""What may be the address of a device, of either version."""


def route_of(request: "HttpRequest") -> str:
    """The address of a page with its parameters open, such as ``<guide:guide_key>/result/``."""
    return f"/{request.resolver_match.route}" if request.resolver_match else NOWHERE


def without_people(text: str) -> str:
    """A text without what tells who somebody is, as far as it can be seen from outside."""
    text = QUERY.sub("?…", MAIL_ADDRESS.sub("…", masked(text)))
    return DEVICE.sub(lambda found: "…" if _is_of_a_visitor(found[0]) else found[0], text)


def _is_of_a_visitor(text: str) -> bool:
    """Whether this is the address of a device, and not that of this machine, on which the site listens."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


def shorten_record(record: LogRecord) -> bool:
    """One line for what is the sender's doing (a strange host name, a form that cannot be read), without a stack trace;
    none for a page that says "not available", as whoever answered with it wrote why.
    """
    status = getattr(record, "status_code", 500)
    if record.name.startswith("django.security") or status < 500:
        record.exc_info = None
        if record.levelno > WARNING:
            record.levelno, record.levelname = WARNING, "WARNING"
    return not (record.name == "django.request" and status == 503)


def without_personal_data(record: LogRecord) -> bool:
    """What tells who somebody is is not written into a log."""
    message = record.getMessage()
    if (shown := without_people(message)) != message:
        record.msg, record.args = shown, None
    return True


def without_what_was_sent(record: LogRecord) -> bool:
    """In place of a path, which may be anything that somebody typed, its route; in place of what Django says of a
    suspicious request, what kind of suspicion it is.
    """
    request = getattr(record, "request", None) or current_request.get()
    if record.name.startswith("django.security."):
        # Of a missing token Django says the whole address that the form came from.
        error = record.exc_info[0] if record.exc_info else None
        record.msg, record.args = f"Refused: {error.__name__ if error else 'a form without its token'}", None
    elif request is not None and isinstance(record.args, tuple):
        paths = {request.path, request.path_info, request.get_full_path()}
        # As Django's own log of answers writes them.
        paths |= {path.encode("unicode_escape").decode("ascii") for path in paths}
        record.args = tuple(route_of(request) if argument in paths else argument for argument in record.args)
    return True


class LineFormatter(Formatter):
    """A line for a terminal, with the stack trace of an error below it, and no person in either."""

    @override
    def formatException(self, *given: Any) -> str:
        return without_people(super().formatException(*given))


class JsonFormatter(Formatter):
    """A line of JSON for each record, with these fields and no other: what callers hand to a logger beside the message
    may hold the whole request.
    """

    def format(self, record: LogRecord) -> str:
        request = getattr(record, "request", None) or current_request.get()
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(request, "request_id", None),
            "process": record.process,
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = types_of(record.exc_info[1])
            line["at"] = places_of(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def types_of(error: BaseException) -> list[str]:
    """The type of an error, and of those that led to it."""
    found: list[BaseException] = []
    cause: BaseException | None = error
    while cause and cause not in found:
        found.append(cause)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return [f"{type(one).__module__}.{type(one).__qualname__}" for one in found]


def places_of(error: BaseException) -> list[str]:
    """Where it was raised, from the outermost call in."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]


def logging_config(*, as_json: bool) -> dict[str, Any]:
    """Django's ``LOGGING``."""
    filters = [without_what_was_sent] * as_json + [shorten_record, without_personal_data]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {one.__name__: {"()": "django.utils.log.CallbackFilter", "callback": one} for one in filters},
        "formatters": {
            "line": {"()": LineFormatter, "fmt": "{asctime} {levelname} {name}: {message}", "style": "{"},
            "json": {"()": JsonFormatter},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json" if as_json else "line",
                "filters": [one.__name__ for one in filters],
            }
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            # It warns of headers that cannot be read, with the whole address: that of a webhook is as good as a key.
            "urllib3": {"level": "ERROR"},
        },
    }


def log_what_nobody_caught() -> None:
    """Have this process write warnings and errors that end a thread or itself as lines of the log, too."""
    captureWarnings(capture=True)
    logger = getLogger("advisor")

    def log(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if error and not issubclass(kind, KeyboardInterrupt | SystemExit):
            logger.critical("Ended by an error that nothing here expected", exc_info=(kind, error, trace))

    sys.excepthook = log
    threading.excepthook = lambda ended: log(ended.exc_type, ended.exc_value, ended.exc_traceback)
