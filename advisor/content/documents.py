"""Editions as guides: the one way from the row in the database to the value that decides."""

from hashlib import sha256

import msgspec

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


def read_edition(edition: Edition) -> Guide:
    """The guide that an edition froze. The checksum is that of the bytes that were published, in their own format.

    Raises ``UnreadableError``.
    """
    if checksum(edition.document) != edition.checksum:
        raise UnreadableError(edition, "its document does not have the checksum it was published with")
    try:
        return decode(edition.document)
    except NewerFormatError as error:
        raise UnreadableError(edition, str(error), is_newer=True) from error
    except (msgspec.DecodeError, FormatError) as error:
        raise UnreadableError(edition, f"its document is none that this release can read ({error})") from error


def says_the_same(edition: Edition, draft: Guide) -> bool:
    """Whether a draft is what an edition froze, in whatever format it did so; what cannot be read is something else."""
    try:
        return encode(read_edition(edition)) == encode(draft)
    except UnreadableError:
        return False
