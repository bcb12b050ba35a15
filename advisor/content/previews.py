"""Drafts that are walked by a link before they are published."""

from datetime import datetime, timedelta
from functools import lru_cache

from django.db import transaction

from advisor.content.drafts import read_draft
from advisor.content.editions import LoadedEdition
from advisor.content.models import Guide, PreviewLink
from advisor.decision.guide import decode, encode
from advisor.decision.publish_checks import Blocker, publish_blockers


class ClosedLinkError(LookupError):
    """This link opens nothing; the message says why, to whoever followed it."""


class UnwalkableError(ValueError):
    """The draft is in pieces; ``blockers`` says what has to be there before anyone can walk it."""

    def __init__(self, blockers: list[Blocker]) -> None:
        super().__init__("This draft cannot be walked yet.")
        self.blockers = blockers


@transaction.atomic
def make_link(
    *, guide: Guide, by: str, purpose: str, days: int, now: datetime, after: int | None = None
) -> PreviewLink:
    """A new link, open for so many days.

    ``after`` is the key of the newest link that was shown: a form that is sent twice makes one.
    """
    if after is not None:
        Guide.objects.select_for_update().get(pk=guide.pk)
        for link in PreviewLink.objects.filter(guide=guide, made_by=by, purpose=purpose, pk__gt=after):
            if link.expires_at - link.made_at == timedelta(days=days):
                return link
    return PreviewLink.objects.create(
        guide=guide, purpose=purpose, made_by=by, made_at=now, expires_at=now + timedelta(days=days)
    )


def revoke(*, link: PreviewLink, now: datetime) -> None:
    """Close a link for good; one that is closed stays as it is."""
    PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now)


def open_preview(token: str, now: datetime) -> LoadedEdition:
    """The draft that a link opens, as it stands. Raises ``ClosedLinkError`` or ``UnwalkableError``.

    Texts may be missing, as it is a draft; what decides and the table may not.
    """
    link = PreviewLink.objects.select_related("guide").filter(token=token).first()
    if link is None:
        raise ClosedLinkError("There is no such preview. The link may have been cut off when it was copied.")
    if link.revoked_at:
        raise ClosedLinkError("This preview was revoked. Ask whoever sent you the link for a new one.")
    if not link.is_open(now):
        raise ClosedLinkError("This preview has expired. Ask whoever sent you the link for a new one.")
    draft = read_draft(link.guide)
    if blockers := [blocker for blocker in publish_blockers(draft) if not blocker.is_text]:
        raise UnwalkableError(blockers)
    return _published(encode(draft), token, link.made_at)


@lru_cache(maxsize=8)
def _published(document: str, token: str, made_at: datetime) -> LoadedEdition:
    """One object for as long as the draft stays the same, so that what is rendered for it is kept."""
    return LoadedEdition(decode(document), 0, made_at, live=False, token=token)
