"""Settings of a site for which nobody has run ``manage.py collectstatic``."""

from advisor.settings import *  # noqa: F403
from advisor.settings import BASE_DIR

STATIC_ROOT = BASE_DIR / "nothing-is-here"
