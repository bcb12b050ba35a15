"""The one settings module. Everything that differs between machines comes from the environment (see README).

What is missing or wrong stops the process at once, with a sentence that says what to set.
"""

import zoneinfo
from urllib.parse import urlsplit

from django.utils.csp import CSP

from advisor.environment import (
    BASE_DIR,
    SECRETS,
    database,
    days,
    env,
    folder_for_files,
    mail_from,
    mailer,
    proxies,
    read_files,
    required,
    site_url,
    switch,
    token,
)
from advisor.logs import log_what_nobody_caught, logging_config

folder_for_files()
read_files(SECRETS)

DEBUG = switch("DEBUG", default=False)
SECRET_KEY = required("SECRET_KEY", "fifty or more random characters, kept secret.")
# What was signed with one of these is still believed; nothing new is signed with it.
SECRET_KEY_FALLBACKS = [key.strip() for key in env.list("SECRET_KEY_FALLBACKS", default=[]) if key.strip()]
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
# How many proxies stand in front, each of which says where it was asked from; see advisor.hosting.network_of.
TRUSTED_PROXIES = proxies(default=1 if HTTPS else 0)
# Whether staff log in with a code of an app beside their password; see advisor.accounts.second_factor.
SECOND_FACTOR = switch("SECOND_FACTOR", default=HTTPS)
# How apps name these codes.
OTP_TOTP_ISSUER = f"Advisor at {urlsplit(SITE_URL).hostname}"
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
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
if HTTPS:
    # Gunicorn speaks plain HTTP, so with https:// there is a proxy in front, which has to set this header itself on
    # every request. A client that reaches Gunicorn past the proxy could only spare itself the redirect with it.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
# Whether every host below this one speaks HTTPS is the operator's to know, and preloading cannot be taken back.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS and switch("HSTS_SUBDOMAINS", default=False)
SILENCED_SYSTEM_CHECKS = [] if SECURE_HSTS_INCLUDE_SUBDOMAINS else ["security.W005", "security.W021"]
# Staff alone have sessions. This long after its login each ends, and sooner where it is not used.
SESSION_ENGINE = "advisor.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    # By this prefix browsers refuse them from any other host, from below this one as well, and over plain HTTP.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
CSRF_COOKIE_HTTPONLY = True
# It is for the form that is open, and goes when the browser is closed.
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "advisor.posts.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "font-src": [CSP.SELF],
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
    "django_otp",
    "django_otp.plugins.otp_totp",
    "advisor.content",
    "advisor.limits",
    "advisor.funnel",
    "advisor.assessment",
    "advisor.feedback",
    "advisor.delivery",
    "advisor.accounts",
    "advisor.mailing",
    "advisor.leads",
    "advisor.booking",
    "advisor.operation",
    "advisor.insights",
]

# Lines of JSON in place of lines for a terminal; see advisor.logs.
JSON_LOGS = switch("JSON_LOGS", default=False)
if JSON_LOGS:
    log_what_nobody_caught()
# Who may ask for /metrics, by a header; nobody, and nothing is counted, where it is empty.
METRICS_TOKEN = token("METRICS_TOKEN")

MIDDLEWARE = [
    *(["advisor.observing.RequestLogMiddleware"] if JSON_LOGS else []),
    *(["advisor.observing.MetricsMiddleware"] if METRICS_TOKEN else []),
    "advisor.http.HeadMiddleware",
    "advisor.hosting.HealthMiddleware",
    "advisor.hosting.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "advisor.http.HeadersMiddleware",
    "advisor.funnel.visitors.NoPrefetchMiddleware",
    "advisor.compression.CompressionMiddleware",
    "advisor.staff_only.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "advisor.unreadable_posts.ReadablePostMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "advisor.staff_only.AuthenticationMiddleware",
    "advisor.staff_only.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "advisor.http.ErrorPageMiddleware",
    "advisor.staff_only.HistoryMiddleware",
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

# Where a login leads that came from no page.
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"

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

# A table of conditions is sent as a whole, one field for each of its cells: see content.editing.condition_table.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# What is kept about people, why, for how long, and how it is removed: one policy for each room that keeps something.
# /privacy/, retention, erasure and the data export read them. See advisor.data_policy.
DATA_POLICIES = [
    "advisor.limits.data_policy.data_policy",
    "advisor.funnel.data_policy.data_policy",
    "advisor.feedback.data_policy.data_policy",
    "advisor.delivery.data_policy.data_policy",
    "advisor.accounts.data_policy.data_policy",
    "advisor.mailing.data_policy.data_policy",
    "advisor.leads.data_policy.data_policy",
    "advisor.booking.data_policy.data_policy",
]
# What the workers of the outbox do once a day, in this order. See advisor.delivery.daily_jobs.
DAILY_JOBS = [
    # Before anything is removed.
    "advisor.operation.backups.daily_job",
    "advisor.delivery.retention.daily_job",
    "advisor.leads.lead_alerts.daily_job",
    "advisor.delivery.edition_check.daily_job",
]
# What the workers look for every few seconds. See advisor.delivery.job_runner.
FREQUENT_JOBS = ["advisor.booking.busy.reading.frequent_job", "advisor.operation.erased.frequent_job"]
# Who writes calls into calendars. See advisor.delivery.worker.
CALENDAR_WRITER = "advisor.booking.busy.writing.send"
# Who knows what past visitors answered. See advisor.content.past_answers.
PAST_ANSWERS = "advisor.leads.past_answers.past_answers"

# Whether public forms mind how fast they come back, and how many come from one place. On a trial without https:// all
# visitors come from one. See advisor.limits.
FORM_LIMITS = switch("FORM_LIMITS", default=HTTPS)

# For how many days records are kept. The data policies use these, and /privacy/ says so in words.
KEEP_LEADS_DAYS = days("KEEP_LEADS_DAYS", default=730)
KEEP_LOST_LEADS_DAYS = days("KEEP_LOST_LEADS_DAYS", default=365)
KEEP_SPAM_DAYS = days("KEEP_SPAM_DAYS", default=30)
KEEP_MESSAGES_DAYS = days("KEEP_MESSAGES_DAYS", default=90)
KEEP_RESULT_MAIL_DAYS = days("KEEP_RESULT_MAIL_DAYS", default=1)
KEEP_HISTORY_DAYS = days("KEEP_HISTORY_DAYS", default=730)
KEEP_SOURCES_DAYS = days("KEEP_SOURCES_DAYS", default=400)
KEEP_LOGINS_DAYS = days("KEEP_LOGINS_DAYS", default=180)
KEEP_LINES_DAYS = days("KEEP_LINES_DAYS", default=365)
# The bounds on votes are for a day: marks that are older serve nothing.
KEEP_VOTE_MARKS_DAYS = 1
# And so are those on public forms.
KEEP_USAGE_DAYS = 1
# A weekend passes, and staff can still see what came in.
KEEP_INTAKES_DAYS = 7

# Where the worker puts a backup every night, if anywhere; encrypted for a public key of age, if there is one.
BACKUP_FOLDER = env.str("BACKUP_FOLDER", default="").strip()
BACKUP_DAYS = days("BACKUP_DAYS", default=30)
BACKUP_RECIPIENT = env.str("BACKUP_RECIPIENT", default="").strip()

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

LOGGING = logging_config(as_json=JSON_LOGS)
