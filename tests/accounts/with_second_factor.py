"""Settings of a site that asks staff for a second factor, although it is served without HTTPS."""

import os

os.environ["SECOND_FACTOR"] = "on"

from advisor.settings import *  # noqa: F403
