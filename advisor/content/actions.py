"""Publishing: the one write in this room that has an effect on visitors."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from advisor.content.drafts import read_draft
from advisor.content.models import Edition, Guide
from advisor.decision.guide import encode
from advisor.decision.unfinished import Gap, unfinished


class UnfinishedError(ValueError):
    """The draft cannot be published; ``gaps`` says why, each with its place."""

    def __init__(self, gaps: list[Gap]) -> None:
        super().__init__("; ".join(f"{gap.place}: {gap.message}" for gap in gaps))
        self.gaps = gaps


@transaction.atomic
def publish(*, guide: Guide, by: str, note: str, now: datetime) -> Edition:
    """Freeze the draft of a guide as its next edition, which is live from then on.

    Raises ``UnfinishedError`` while anything is missing. Two publishers at the same time wait for each other.
    """
    Guide.objects.select_for_update().get(pk=guide.pk)
    draft = read_draft(guide)
    if gaps := unfinished(draft):
        raise UnfinishedError(gaps)
    document = encode(draft)
    newest = Edition.objects.filter(guide=guide).order_by("-number").values_list("number", flat=True).first()
    return Edition.objects.create(
        guide=guide,
        number=(newest or 0) + 1,
        document=document,
        checksum=sha256(document.encode()).hexdigest(),
        published_at=now,
        published_by=by,
        note=note,
    )
