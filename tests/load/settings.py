"""The site's settings with other addresses, which URLS names, and with the nine middlewares that people usually have:
those of a new project of Django, a policy for content, and static files.
"""

import os
from pathlib import Path

from advisor.settings import *  # noqa: F403
from advisor.settings import TEMPLATES

ROOT_URLCONF = os.environ["URLS"]
TEMPLATES[0]["DIRS"] = [Path(__file__).parent / "templates"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
