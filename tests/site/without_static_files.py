"""Settings of a site for which nobody has run ``manage.py collectstatic``."""

from advisor.environment import BASE_DIR
from advisor.settings import *  # noqa: F403

STATIC_ROOT = BASE_DIR / "nothing-is-here"
