"""What Gunicorn serves."""

import os
import re
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application
from django.http.response import HttpResponseBase

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "advisor.settings")

django = get_wsgi_application()

UTF8 = re.compile(r"""charset="?utf-?8"?\s*(;|$)""", re.IGNORECASE)


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> HttpResponseBase:
    """Django, with every request read as UTF-8.

    Django takes the name of any codec for that of a charset and raises while it makes the request, before any
    middleware could answer. Without its parameters the type is as good as none, and a form in it is answered calmly.
    """
    content_type = environ.get("CONTENT_TYPE", "")
    if "charset" in content_type.lower() and not UTF8.search(content_type):
        environ["CONTENT_TYPE"] = content_type.partition(";")[0]
    return django(environ, start_response)
