"""Reads what a process is given by its environment: variables, files that hold secrets, a folder for files that come
and go.

Everything raises ``ImproperlyConfigured`` with a sentence that says what to set.
"""

import os
import re
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

SECRETS = ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL", "EMAIL_URL", "METRICS_TOKEN")

MAX_RETENTION_DAYS = 3650
"""Ten years."""


def read_files(names: Iterable[str]) -> None:
    """Take each of these variables from the file that ``…_FILE`` names, as container engines hand secrets over."""
    for name in names:
        path: str = env.str(f"{name}_FILE", default="").strip()
        if not path:
            continue
        if env.str(name, default=""):
            raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
        try:
            env.ENVIRON[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {path}.") from error


def required(name: str, meaning: str) -> str:
    """An environment variable that has no sensible default."""
    value: str = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"Set {name}: {meaning} `make run` sets it for you; README.md lists all variables.")
    return value


def switch(name: str, *, default: bool) -> bool:
    """An environment variable that is on or off; anything else is refused rather than read as off."""
    value: str = env.str(name, default="on" if default else "off").strip().lower()
    if value not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name} is “{value}”; set it to on or off.")
    return value == "on"


def days(name: str, *, default: int) -> int:
    """How long something is kept: whole days, from one to ten years of them."""
    value: str = env.str(name, default="").strip() or str(default)
    if not re.fullmatch("[0-9]{1,4}", value) or not 1 <= int(value) <= MAX_RETENTION_DAYS:
        raise ImproperlyConfigured(f"{name} is “{value}”; set it to a number of days from 1 to {MAX_RETENTION_DAYS}.")
    return int(value)


def token(name: str) -> str:
    """A word that a program has to know, long enough that nobody guesses it; "" where there is none."""
    value: str = env.str(name, default="").strip()
    if value and not re.fullmatch(r"[!-~]{20,200}", value):
        # Without the value.
        raise ImproperlyConfigured(f"{name} is 20 to 200 letters and digits, such as openssl rand -hex 20 prints.")
    return value


def proxies(*, default: int) -> int:
    """How many proxies in front add to X-Forwarded-For and are ours: from none to five of them."""
    value: str = env.str("TRUSTED_PROXIES", default="").strip() or str(default)
    if value not in {"0", "1", "2", "3", "4", "5"}:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES is “{value}”; set it to how many proxies stand in front, 0 to 5.")
    return int(value)


def site_url() -> str:
    """The address visitors use: scheme, host and port, nothing more."""
    url = required("SITE_URL", "the address visitors use, such as https://advisor.example.com.").rstrip("/")
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        plain = parts.scheme in {"http", "https"} and bool(host) and url == f"{parts.scheme}://{host}{port}"
    except ValueError:
        plain = False
    if not plain:
        raise ImproperlyConfigured(
            f"SITE_URL is “{url}”; it is made of http:// or https://, a host in small letters and perhaps a port."
        )
    return url


def database() -> dict[str, Any]:
    """SQLite beside the code unless DATABASE_URL names another database."""
    config: dict[str, Any] = env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'advisor.sqlite3'}")
    engine = config.get("ENGINE")
    if engine == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            # A transaction takes the write lock when it begins: two that read first and write later would otherwise
            # fail at once with "database is locked", without waiting.
            "transaction_mode": "IMMEDIATE",
            # Seconds to wait for another writer before giving up.
            "timeout": 10,
            "init_command": (
                # Readers go on while one writes.
                "PRAGMA journal_mode = WAL;"
                # A lead that was confirmed survives a power cut; NORMAL could lose the last ones in WAL mode.
                "PRAGMA synchronous = FULL;"
                # 16 MB of page cache a connection, in KiB; the default of 2 MB is small for the admin's lists.
                "PRAGMA cache_size = -16384;"
            ),
        }
        # A connection costs a fraction of a millisecond here, and one that outlives a moved file would go on reading
        # and writing the old one.
        config["CONN_MAX_AGE"] = 0
    elif engine == "django.db.backends.postgresql":
        config.setdefault("OPTIONS", {}).update(
            # Seconds, and the least libpq takes: a database that does not answer must not hold a visitor for longer.
            connect_timeout=2,
            # Milliseconds after which a connection that was open counts as dead.
            tcp_user_timeout=5000,
        )
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    else:
        raise ImproperlyConfigured("DATABASE_URL names neither sqlite nor postgres; those two are supported.")
    return config


ENCRYPTION = {"smtp": {}, "smtp+tls": {"use_tls": True}, "smtp+ssl": {"use_ssl": True}}
TIMEOUTS = {"": 20} | {f"timeout={seconds}": seconds for seconds in range(1, 21)}
"""Seconds. Longer, and a worker that waits would be taken for one that died: see advisor.delivery.outbox."""


def mailer(url: str) -> dict[str, Any]:
    """One of Django's ``MAILERS`` for an address such as ``smtp+tls://user:password@mail.example.com:587?timeout=10``.

    What throws mail away is refused like any other mistake: it would count as sent.
    """
    with suppress(KeyError, ValueError):
        parts = urlsplit(url)
        if parts.scheme == "filemail" and parts.path.startswith("/") and not parts.netloc and not parts.query:
            backend = "django.core.mail.backends.filebased.EmailBackend"
            return {"BACKEND": backend, "OPTIONS": {"file_path": unquote(parts.path)}}
        options = {
            "host": parts.hostname,
            "port": parts.port,
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "timeout": TIMEOUTS[parts.query],
            **ENCRYPTION[parts.scheme],
        }
        if parts.hostname and parts.path in {"", "/"}:
            return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}
    # Without the value, which may hold a password.
    raise ImproperlyConfigured(
        "EMAIL_URL is smtp://host:port, smtp+tls:// (STARTTLS) or smtp+ssl://, with user:password@ before the host "
        "where the server wants them and perhaps ?timeout=10 after it, in seconds up to 20; or filemail:///folder, "
        "which writes mail into files."
    )


def mail_from(default: str) -> str:
    """Whom mail comes from: an address, perhaps with a name before it."""
    sender: str = env.str("MAIL_FROM", default="").strip() or default
    if "@" not in parseaddr(sender)[1]:
        raise ImproperlyConfigured(f"MAIL_FROM is “{sender}”; it is hello@example.com or Advisor <hello@example.com>.")
    return sender


MEMORY = "/dev/shm"  # noqa: S108


def folder_for_files() -> None:
    """Let this process have a folder for files that come and go, where the root is read-only and nothing is mounted at
    /tmp: memory, which every container has. Without either, only what needs such a file fails.
    """
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        if os.access(MEMORY, os.W_OK):
            tempfile.tempdir = MEMORY
