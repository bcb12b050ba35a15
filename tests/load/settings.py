"""The site's settings with other addresses: URLS names what is served behind the very same middlewares."""

import os
from pathlib import Path

from advisor.settings import *  # noqa: F403
from advisor.settings import TEMPLATES

ROOT_URLCONF = os.environ["URLS"]
TEMPLATES[0]["DIRS"] = [Path(__file__).parent / "templates"]
