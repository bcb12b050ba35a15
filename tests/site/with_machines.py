"""The settings of one of several machines behind the shipped proxy. Passwords are hashed as fast as can be: how often
they are looked at is what the test is about.
"""

from tests.site.behind_https import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
FORM_LIMITS = True
SECOND_FACTOR = False
