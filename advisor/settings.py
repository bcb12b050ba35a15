"""The one settings module. Everything that differs between machines comes from the environment (see README).

What is missing or wrong stops the process at once, with a sentence that says what to set.
"""

import re
import zoneinfo
from contextlib import suppress
from email.utils import parseaddr
from logging import WARNING, LogRecord
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

LONGEST = 3650
"""Days: nobody's data is kept for longer than ten years."""


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
    if not re.fullmatch("[0-9]{1,4}", value) or not 1 <= int(value) <= LONGEST:
        raise ImproperlyConfigured(f"{name} is “{value}”; set it to a number of days from 1 to {LONGEST}.")
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


def one_line(record: LogRecord) -> bool:
    """One line for what is the sender's doing (a strange host name, a form that cannot be read), without a stack trace;
    none for a page that says "not available", as whoever answered with it wrote why.
    """
    status = getattr(record, "status_code", 500)
    if record.name.startswith("django.security") or status < 500:
        record.exc_info = None
        if record.levelno > WARNING:
            record.levelno, record.levelname = WARNING, "WARNING"
    return not (record.name == "django.request" and status == 503)


def without_keys(record: LogRecord) -> bool:
    """Addresses that are keys, to a call or to a draft, are not written into a log, which many people read."""
    message = record.getMessage()
    if KEYS.search(message):
        record.msg, record.args = KEYS.sub(r"\1…", message), None
    return True


KEYS = re.compile(r"(/(?:calls|calls/feed|preview|call/thanks)/)[\w-]{16,}")
"""The part of an address that nobody can guess."""

DEBUG = switch("DEBUG", default=False)
SECRET_KEY = required("SECRET_KEY", "fifty or more random characters, kept secret.")
SITE_URL = site_url()
CONTACT_EMAIL = required("CONTACT_EMAIL", "where visitors can write when the site cannot take their request.")
# Who is responsible for what is kept about visitors, as /privacy/ says; see advisor.assessment.checks.
CONTROLLER_NAME = env.str("CONTROLLER_NAME", default="").strip()
CONTROLLER_ADDRESS = env.str("CONTROLLER_ADDRESS", default="").strip()
SUPERVISORY_AUTHORITY = env.str("SUPERVISORY_AUTHORITY", default="").strip()
MAILERS = {
    "default": mailer(required("EMAIL_URL", "where mail goes, such as smtp+tls://user:password@mail.example.com:587."))
}
DEFAULT_FROM_EMAIL = mail_from(CONTACT_EMAIL)
WEBHOOKS_MAY_BE_LOCAL = switch("WEBHOOKS_MAY_BE_LOCAL", default=False)

HTTPS = SITE_URL.startswith("https://")
# The health checks of a container or a load balancer come by loopback and over plain HTTP.
ALLOWED_HOSTS = [
    urlsplit(SITE_URL).hostname or "",
    "localhost",
    "127.0.0.1",
    "[::1]",
    *env.list("ALLOWED_HOSTS", default=[]),
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if HTTPS:
    # Gunicorn speaks plain HTTP, so with https:// there is a proxy in front, which has to set this header itself on
    # every request. A client that reaches Gunicorn past the proxy could only spare itself the redirect with it.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
# Whether every host below this one speaks HTTPS is the operator's to know, and preloading cannot be taken back.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS and switch("HSTS_SUBDOMAINS", default=False)
SILENCED_SYSTEM_CHECKS = [] if SECURE_HSTS_INCLUDE_SUBDOMAINS else ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
# It is for the form that is open, and goes when the browser is closed.
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "advisor.posts.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    # data: for the icon, which would be a request of its own otherwise.
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

INSTALLED_APPS = [
    "advisor.insights.apps.StaffConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "crispy_forms",
    "simple_history",
    "advisor.content",
    "advisor.funnel",
    "advisor.assessment",
    "advisor.delivery",
    "advisor.leads",
    "advisor.booking",
    "advisor.insights",
]

MIDDLEWARE = [
    "advisor.http.HeadMiddleware",
    "advisor.hosting.HealthMiddleware",
    "advisor.hosting.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "advisor.funnel.visitors.NotAheadMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "advisor.http.BrotliMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "advisor.posts.ReadablePostMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "advisor.http.CalmMiddleware",
    "advisor.http.StaffHistoryMiddleware",
]

ROOT_URLCONF = "advisor.urls"
WSGI_APPLICATION = "advisor.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = ["advisor.formats"]
TIME_ZONE = "UTC"
# The zones of the package alone, as new as our lock file: those of the system may be years old, and several countries
# changed their rules in 2026.
zoneinfo.reset_tzpath(to=())
USE_I18N = True
USE_TZ = True

# A table of conditions is sent as a whole, one field for each of its cells: see advisor.content.editing.sheet.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# How long what is about visitors is kept, in days; /privacy/ says so in words. See advisor.assessment.keeping.
KEEP_LEADS_DAYS = days("KEEP_LEADS_DAYS", default=730)
KEEP_LOST_LEADS_DAYS = days("KEEP_LOST_LEADS_DAYS", default=365)
KEEP_SPAM_DAYS = days("KEEP_SPAM_DAYS", default=30)
KEEP_MESSAGES_DAYS = days("KEEP_MESSAGES_DAYS", default=90)
KEEP_HISTORY_DAYS = days("KEEP_HISTORY_DAYS", default=730)
KEEP_SOURCES_DAYS = days("KEEP_SOURCES_DAYS", default=400)

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "advisor.hosting.StaticFilesStorage"
    },
}

CRISPY_ALLOWED_TEMPLATE_PACKS = "advisor"
CRISPY_TEMPLATE_PACK = "advisor"
CRISPY_FAIL_SILENTLY = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "one_line": {"()": "django.utils.log.CallbackFilter", "callback": one_line},
        "without_keys": {"()": "django.utils.log.CallbackFilter", "callback": without_keys},
    },
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["one_line", "without_keys"]}
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # It warns of headers that cannot be read, with the whole address: that of a webhook is as good as a password.
        "urllib3": {"level": "ERROR"},
    },
}
