from django import template

from advisor.content.documents import UnreadableError, read_edition
from advisor.content.models import Guide
from advisor.content.publishing import newest_edition

register = template.Library()


@register.simple_tag
def unreadable_editions() -> list[UnreadableError]:
    """For each guide whose newest edition this release cannot read, why."""
    return [found for guide in Guide.objects.all() if (found := _problem(guide))]


def _problem(guide: Guide) -> UnreadableError | None:
    try:
        if edition := newest_edition(guide):
            read_edition(edition)
    except UnreadableError as error:
        return error
    return None
