"""The sessions of staff, Django's ``SESSION_ENGINE``: each belongs to an account, and ends by itself.

It ends ``IDLE`` after the last page that was opened with it, and ``settings.SESSION_COOKIE_AGE`` after its login
however much it is used. What ends is not there any more at the next request, on whichever machine.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from advisor.accounts.models import StaffSession

IDLE = timedelta(hours=2)

SEEN_EVERY = timedelta(minutes=1)
"""So exact is what is known of the last page, for a write a minute instead of one for each page."""

FRESH = timedelta(minutes=30)
"""For so long after a login no other is asked for before what cannot be taken back."""

PROVED_AT = "proved-at"
"""In a session: when whoever uses it last proved who they are."""


class SessionStore(DatabaseStore):
    """Sessions in the database, each with its account."""

    @classmethod
    def get_model_class(cls) -> type[StaffSession]:
        return StaffSession

    @classmethod
    def clear_expired(cls) -> None:
        super().clear_expired()
        StaffSession.objects.filter(last_seen_at__lt=timezone.now() - IDLE).delete()

    def create_model_instance(self, data: dict[str, Any]) -> StaffSession:
        session = cast(StaffSession, super().create_model_instance(data))
        session.account_pk = data.get(SESSION_KEY)
        session.last_seen_at = timezone.now()
        return session

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002
        if SESSION_KEY in self and PROVED_AT not in self:
            # The login itself.
            self.prove(timezone.now())
        super().save(must_create)

    def prove(self, now: datetime) -> None:
        """Note that whoever uses this session has proved who they are; the time until it ends begins anew."""
        self[PROVED_AT] = now.isoformat()
        self.set_expiry(now + timedelta(seconds=settings.SESSION_COOKIE_AGE))

    def _get_session_from_db(self) -> StaffSession | None:
        session: StaffSession | None = super()._get_session_from_db()  # type: ignore[misc]
        if session is None:
            return None
        now = timezone.now()
        if session.last_seen_at < now - IDLE:
            self._session_key = None
            return None
        if session.last_seen_at < now - SEEN_EVERY:
            # A page is not lost over it.
            with suppress(DatabaseError), transaction.atomic():
                StaffSession.objects.filter(pk=session.pk).update(last_seen_at=now)
        return session


def is_fresh(session: SessionBase) -> bool:
    """Whether whoever uses a session proved a short while ago who they are."""
    proved_at = parse_datetime(session.get(PROVED_AT, ""))
    return proved_at is not None and timezone.now() - FRESH <= proved_at <= timezone.now()
