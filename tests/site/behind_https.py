"""Settings of a site whose visitors use HTTPS, which a proxy in front takes off."""

import os

os.environ["SITE_URL"] = "https://advisor.example.com"

from advisor.settings import *  # noqa: F403
