"""What leads answered. The content room reads it by the setting ``PAST_ANSWERS``, as it must not import this room."""

from advisor.leads.models import Lead, Status


def past_answers(guide_key: str, limit: int) -> list[str]:
    """The query strings of the newest leads of a guide: their answers, and nothing about who they are."""
    leads = Lead.objects.filter(edition__guide__key=guide_key).exclude(status=Status.SPAM)
    return list(leads.order_by("-requested_at").values_list("answers", flat=True)[:limit])
