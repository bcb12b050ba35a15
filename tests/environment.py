"""What the site reads from the environment, as tests state it: what a developer's shell has set changes no test.

The database alone is named from outside, by DATABASE_URL.
"""

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SECRET_KEY = "known-to-everyone-and-good-for-tests-and-checks-only"
CONTACT_EMAIL = "hello@example.com"
NO_MAIL = "filemail:///dev/null"
"""Whoever sends mail with it gets an error, as this is no folder."""

READ_BY_THE_SITE = frozenset(re.findall("^#?([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))
READ_BESIDE = frozenset({"DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "GUNICORN_CMD_ARGS", "PYTHONPATH"})
"""By Django, Gunicorn and Python."""

STATED = {
    "SECRET_KEY": SECRET_KEY,
    "CONTACT_EMAIL": CONTACT_EMAIL,
    "EMAIL_URL": NO_MAIL,
    "SITE_URL": "http://testserver",
    "DEBUG": "off",
    # Many forms come from this machine within a moment. Tests of the limits switch them on.
    "FORM_LIMITS": "off",
}


def for_a_process(**settings: str) -> dict[str, str]:
    """The environment of a process that a test starts."""
    inherited = {name: os.environ[name] for name in os.environ.keys() - READ_BY_THE_SITE - READ_BESIDE}
    return inherited | STATED | settings


def state() -> None:
    """Make this process read what is stated here. Before Django's settings are imported."""
    for name in READ_BY_THE_SITE - {"DATABASE_URL"}:
        os.environ.pop(name, None)
    os.environ.update(STATED)
