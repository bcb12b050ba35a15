"""What a developer's shell has set changes no test, and neither does how the tests are started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environment import READ_BY_THE_SITE, ROOT, STATED, for_a_process

HOSTILE = {
    "ALLOWED_HOSTS": "elsewhere.example.com",
    "BACKUP_DAYS": "3",
    "BACKUP_FOLDER": "/elsewhere",
    "BACKUP_RECIPIENT": "age1elsewhere",
    "CONTACT_EMAIL": "someone@elsewhere.example.com",
    "CONTROLLER_ADDRESS": "Elsewhere",
    "CONTROLLER_NAME": "Somebody else",
    "DEBUG": "on",
    "DJANGO_SETTINGS_MODULE": "advisor.settings",
    "EMAIL_URL": "smtp://mail.elsewhere.example.com",
    "FORM_LIMITS": "on",
    "GUNICORN_CMD_ARGS": "--bind=127.0.0.1:1",
    "HOST": "192.0.2.1",
    "HSTS_SUBDOMAINS": "on",
    "JSON_LOGS": "on",
    "KEEP_HISTORY_DAYS": "3",
    "KEEP_LEADS_DAYS": "3",
    "KEEP_LINES_DAYS": "3",
    "KEEP_LOGINS_DAYS": "3",
    "KEEP_LOST_LEADS_DAYS": "3",
    "KEEP_MESSAGES_DAYS": "3",
    "KEEP_RESULT_MAIL_DAYS": "3",
    "KEEP_SOURCES_DAYS": "3",
    "KEEP_SPAM_DAYS": "3",
    "MAIL_FROM": "Someone <someone@elsewhere.example.com>",
    "METRICS_TOKEN": "a-token-of-somebody-else",
    "PORT": "1",
    "SECOND_FACTOR": "on",
    "SECRET_KEY": "another",
    "SECRET_KEY_FALLBACKS": "a former one",
    "SITE_URL": "https://elsewhere.example.com",
    "SUPERVISORY_AUTHORITY": "Another one",
    "TRUSTED_PROXIES": "3",
    "TZ": "Asia/Tokyo",
    "WEBHOOKS_MAY_BE_LOCAL": "on",
    "WEB_CONCURRENCY": "none",
}

TOUCHED = [
    "tests/booking/test_announcements.py",
    "tests/delivery/test_mail.py",
    "tests/delivery/test_settings.py",
    "tests/site/test_clock.py",
    "tests/test_http.py",
]
"""Tests that rest on what is set, in this process and in a served site."""


@pytest.mark.slow
def test_what_is_set_in_the_environment_changes_no_test(tmp_path: Path) -> None:
    inherited = os.environ.keys() - READ_BY_THE_SITE - {"DJANGO_SETTINGS_MODULE"}
    environment = {name: os.environ[name] for name in inherited if not name.startswith(("PYTEST_", "COV"))} | HOSTILE
    pytest_itself = str(Path(sys.executable).with_name("pytest"))

    finished = subprocess.run(
        [pytest_itself, "-q", "-p", "no:cacheprovider", f"--basetemp={tmp_path}/inside", *TOUCHED],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_whatever_the_site_reads_is_tried_and_stated() -> None:
    read = READ_BY_THE_SITE - {"DATABASE_URL", "POSTGRES_PASSWORD", "SITE_HOST"}

    inside = for_a_process()

    assert read == HOSTILE.keys() & READ_BY_THE_SITE
    assert {name: value for name, value in inside.items() if name in READ_BY_THE_SITE} == STATED
