"""The settings of a site whose public forms mind where they come from, as a proxy in front says."""

from advisor.settings import *  # noqa: F403

FORM_LIMITS = True
TRUSTED_PROXIES = 1
