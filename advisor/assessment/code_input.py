"""What people enter where a result code is asked for: the code, or a whole link that they were sent."""

import re
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, resolve

MAX_CODE_INPUT = 2000
"""Characters that are read where a code is asked for; a link to a result has some hundreds."""

NO_CODE = "Please enter the result code."
MISTYPED_CODE = "This result code was mistyped. Please compare it symbol by symbol."

LINK_TO_CODE = re.compile(r"/(?:r|together)/(?:\?code=)?([^/?#&]+)")


def extract_code(text: str) -> str:
    """The code in a link, or the text as it is."""
    found = LINK_TO_CODE.search(text)
    return unquote(found[1]) if found else text


def result_address(text: str) -> str:
    """The address of the result that a link leads to, on this site whatever host it names; "" for anything else."""
    try:
        parts = urlsplit(text.strip())
        match = resolve(parts.path)
    except (ValueError, Resolver404):
        return ""
    return f"{parts.path}?{parts.query}" if match.url_name == "result" and parts.query else ""
