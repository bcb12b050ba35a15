"""Forms that Django cannot read: damaged or too large, they are read as far as possible and refused."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.datastructures import MultiValueDict

from advisor.http import Middleware
from advisor.posts import NOT_READABLE, TOO_LARGE, TOO_MANY_FIELDS, TOO_MANY_FILES, may_be_foreign, show_again


class Stream(Protocol):
    def read(self, size: int = ...) -> bytes: ...


MAX_BYTES_READ = 32 * 2**20
"""Bytes that are read of a form that is too large. If a form is larger still, the connection is closed while the
browser sends, and the browser may show nothing.
"""
MAX_PAIR_LENGTH = 100_000
"""Bytes that each field of such a form keeps."""
MAX_TOTAL_LENGTH = settings.DATA_UPLOAD_MAX_MEMORY_SIZE - 2**13
MAX_FIELDS = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS - 10
"""Bytes and fields of the whole form. The login form adds its own and still stays within Django's limits."""
CHUNK_SIZE = 2**16


class ReadablePostMiddleware(Middleware):
    """Shows a form again, as far as it can be read, if it is damaged or too large for Django."""

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if request.method != "POST":
            return None
        parts = _remember_parts(request)
        try:
            request.POST  # noqa: B018
        except RequestDataTooBig:
            refusal = TOO_LARGE
        except TooManyFieldsSent:
            refusal = TOO_MANY_FIELDS
        except TooManyFilesSent:
            refusal = TOO_MANY_FILES
        except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError, ValueError, LookupError):
            refusal = NOT_READABLE
        else:
            return None
        request.encoding = "utf-8"
        request.POST = parts[0] if parts else _read_pairs(request)  # type: ignore[assignment]
        request._files = MultiValueDict()  # type: ignore[attr-defined]
        return show_again(request, replace(refusal, is_foreign=may_be_foreign(request)))


def _remember_parts(request: HttpRequest) -> list[QueryDict]:
    """A list that gets the fields of a multipart form once they are parsed, even if parsing fails half-way."""
    parts: list[QueryDict] = []

    class RememberingParser(MultiPartParser):
        def _parse(self) -> Any:
            try:
                return super()._parse()  # type: ignore[misc]
            finally:
                parts.extend(filter(None, [getattr(self, "_post", None)]))

    request.multipart_parser_class = RememberingParser  # type: ignore[assignment]
    return parts


def _read_pairs(request: HttpRequest) -> QueryDict:
    """The fields of a URL-encoded form. Very long ones are cut."""
    stream: Stream = BytesIO(request.body) if hasattr(request, "_body") else request
    pairs: list[bytes] = []
    with suppress(UnreadablePostError):
        pairs.extend(_pairs(stream))
    text = b"&".join(pairs)[:MAX_TOTAL_LENGTH]
    return QueryDict(text.decode("utf-8", "replace") if request.content_type != "multipart/form-data" else "")


def _pairs(stream: Stream) -> Iterator[bytes]:
    """Each ``name=value``, cut to ``MAX_PAIR_LENGTH``, and at most ``MAX_FIELDS`` of them."""
    rest, size, count = b"", 0, 0
    while size < MAX_BYTES_READ and (chunk := stream.read(CHUNK_SIZE)):
        size += len(chunk)
        *whole, rest = (rest + chunk).split(b"&")
        rest = rest[:MAX_PAIR_LENGTH]
        for pair in whole:
            if count < MAX_FIELDS:
                count += 1
                yield pair[:MAX_PAIR_LENGTH]
    if count < MAX_FIELDS and rest:
        yield rest
