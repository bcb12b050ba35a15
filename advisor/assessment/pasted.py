"""What people paste where a result code is asked for: the code, or a whole link that they were sent."""

import re
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, resolve

LINK_TO_CODE = re.compile(r"/r/(?:\?code=)?([^/?#&]+)")


def code_in(typed: str) -> str:
    """The code in a link to it, or what was typed as it stands."""
    found = LINK_TO_CODE.search(typed)
    return unquote(found[1]) if found else typed


def result_in(typed: str) -> str:
    """The address of the result that a link leads to, on this site whatever host it names; "" for anything else."""
    try:
        parts = urlsplit(typed.strip())
        match = resolve(parts.path)
    except (ValueError, Resolver404):
        return ""
    return f"{parts.path}?{parts.query}" if match.url_name == "result" and parts.query else ""
