"""Compares what is stored of every edition with what was published: by the worker each night, and for the front page of
the admin.
"""

from datetime import datetime

from django.db import transaction

from advisor.content.documents import UnreadableError, read_edition
from advisor.content.models import Edition, EditionFault, Guide
from advisor.content.publishing import newest_edition
from advisor.decision.plurals import pluralize


def check_every_edition(now: datetime) -> str:
    """Note each edition that cannot be read any more, and report in one line."""
    number, found = 0, dict[int, str]()
    for edition in Edition.objects.select_related("guide").iterator(chunk_size=10):
        number += 1
        try:
            read_edition(edition)
        except UnreadableError as error:
            found[edition.pk] = str(error)
    with transaction.atomic():
        EditionFault.objects.exclude(edition__in=found).delete()
        for edition_id, reason in found.items():
            EditionFault.objects.update_or_create(edition_id=edition_id, defaults={"reason": reason, "found_at": now})
    if not found:
        return f"{pluralize(number, 'edition is as it was', 'editions are as they were')} published."
    return f"{len(found)} of {number} editions cannot be read: {' '.join(found.values())}"


def unreadable_editions() -> tuple[list[UnreadableError], list[EditionFault]]:
    """Why the newest edition of a guide cannot be read, for each of which that is so; and what the latest comparison
    found wrong with any other edition.
    """
    errors = []
    newest = [edition for guide in Guide.objects.all() if (edition := newest_edition(guide))]
    for edition in newest:
        try:
            read_edition(edition)
        except UnreadableError as error:
            errors.append(error)
    return errors, list(EditionFault.objects.exclude(edition__in=newest).select_related("edition__guide"))
