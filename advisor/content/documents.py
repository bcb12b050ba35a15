"""Editions as guides: the one way from the row in the database to the value that decides."""

import json
from datetime import UTC, datetime
from hashlib import sha256

import msgspec

from advisor.content import models
from advisor.content.models import Edition
from advisor.decision.formats import FormatError, NewerFormatError
from advisor.decision.guide import Guide, decode, encode


class UnreadableError(ValueError):
    """An edition that this release cannot use; says which and why."""

    def __init__(self, edition: Edition, reason: str, *, is_newer: bool = False) -> None:
        super().__init__(f"Edition {edition.number} of {edition.guide.key} cannot be read: {reason}.")
        self.guide, self.is_newer = edition.guide, is_newer


def checksum(document: str) -> str:
    """SHA-256 of a document, as its edition keeps it."""
    return sha256(document.encode()).hexdigest()


def seal_of(edition: Edition) -> str:
    """SHA-256 of everything that publishing writes, of which ``checksum`` stands for the document.

    It is no secret, and keeps nobody out who may write into the database. It tells what was published from what came
    there by accident: a row that was copied, renumbered or made by hand.
    """
    published_at = edition.published_at.astimezone(UTC).isoformat(timespec="microseconds")
    written = [edition.guide.key, edition.number, edition.checksum, published_at, edition.published_by, edition.note]
    return checksum(json.dumps(written))


def sealed_edition(
    *, guide: models.Guide, number: int, document: str, published_at: datetime, published_by: str, note: str
) -> Edition:
    """A document as an edition that is not stored yet, with all by which it is recognised afterwards."""
    edition = Edition(
        guide=guide,
        number=number,
        document=document,
        checksum=checksum(document),
        published_at=published_at,
        published_by=published_by,
        note=note,
    )
    edition.seal = seal_of(edition)
    return edition


def read_edition(edition: Edition) -> Guide:
    """The guide that an edition froze. The checksum is that of the bytes that were published, in their own format.

    Raises ``UnreadableError``.
    """
    check_edition(edition)
    try:
        return decode(edition.document)
    except NewerFormatError as error:
        raise UnreadableError(edition, str(error), is_newer=True) from error
    except (msgspec.DecodeError, FormatError) as error:
        raise UnreadableError(edition, f"its document is none that this release can read ({error})") from error


def check_edition(edition: Edition) -> None:
    """Raise ``UnreadableError`` for an edition that is not as it was published, or never was."""
    if checksum(edition.document) != edition.checksum:
        raise UnreadableError(edition, "its document does not have the checksum it was published with")
    if edition.seal != seal_of(edition):
        raise UnreadableError(edition, "it was not published, but came into the database in another way")


def says_the_same(edition: Edition, draft: Guide) -> bool:
    """Whether a draft is what an edition froze, in whatever format it did so; what cannot be read is something else."""
    try:
        return encode(read_edition(edition)) == encode(draft)
    except UnreadableError:
        return False
