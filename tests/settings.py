"""The settings of the test process: those of the site, in the environment that tests state."""

from tests import environment

environment.state()

from advisor.settings import *  # noqa: E402, F403
