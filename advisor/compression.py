"""Pages are sent compressed; static files are compressed beforehand, when they are collected."""

import gzip
import re
import sys

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from advisor.http import Middleware

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def zstd_of(content: bytes) -> bytes:
    """Level 3, its default: as small as brotli, for little more than half of the time."""
    return zstd.compress(content, 3)


def brotli_of(content: bytes) -> bytes:
    """Of 11 qualities the third: above it the time doubles for a few per cent of the bytes. A window of 64 KB holds a
    page; to set up the usual one of 4 MB takes as long as to compress.
    """
    return bytes(brotli.compress(content, mode=brotli.MODE_TEXT, quality=3, lgwin=16))


def gzip_of(content: bytes) -> bytes:
    """Of 9 levels the fourth, which is as small as brotli within a few per cent."""
    return gzip.compress(content, 4, mtime=0)


COMPRESSORS = {
    encoding: (re.compile(rf"(^|,)\s*{encoding}\s*(;\s*q=(0\.0*[1-9]|1)|,|$)"), compress)
    for encoding, compress in (("zstd", zstd_of), ("br", brotli_of), ("gzip", gzip_of))
}
"""Ways to compress, the best first, each with what says in ``Accept-Encoding`` that it is taken."""


class CompressionMiddleware(Middleware):
    """Compresses HTML with zstd for browsers that take it, with brotli for all others over HTTPS, and with gzip over
    plain HTTP.

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
