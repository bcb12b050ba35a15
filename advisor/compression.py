"""Pages are sent compressed; static files are compressed beforehand, when they are collected."""

import gzip
import re

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from advisor.http import Middleware


def brotli_of(content: bytes) -> bytes:
    """Of 11 qualities the third: above it the time doubles for a few per cent of the bytes."""
    return bytes(brotli.compress(content, mode=brotli.MODE_TEXT, quality=3))


def gzip_of(content: bytes) -> bytes:
    """Of 9 levels the fourth, which costs as much as brotli and is as small within a few per cent."""
    return gzip.compress(content, 4, mtime=0)


COMPRESSORS = {
    encoding: (re.compile(rf"(^|,)\s*{encoding}\s*(;\s*q=(0\.0*[1-9]|1)|,|$)"), compress)
    for encoding, compress in (("br", brotli_of), ("gzip", gzip_of))
}
"""Ways to compress, the best first, each with what says in ``Accept-Encoding`` that it is taken."""


class CompressionMiddleware(Middleware):
    """Compresses HTML with brotli, which all browsers take over HTTPS, or with gzip for others and over plain HTTP.

    A third of the bytes for a few hundredths of a request's time, which no proxy in front needs to be set up for. What
    an attacker could guess by the length of a page (BREACH) is the token of a form, which Django masks with a new value
    each time.
    """

    shortest = 500
    """Bytes below which nothing is won."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if len(response.content) < self.shortest or "Content-Encoding" in response:
            return response
        accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
        for encoding, (is_taken, compress) in COMPRESSORS.items():
            if is_taken.search(accepted):
                response.content = compress(response.content)
                response["Content-Encoding"] = encoding
                response["Content-Length"] = str(len(response.content))
                break
        return response
