"""One's own sessions: what is shown of them, and ending them."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from advisor.accounts.models import StaffSession
from advisor.accounts.sessions import IDLE, SessionStore

BEGAN_AT, DEVICE = "began-at", "device"
"""In a session: when and in what it was begun."""

PROGRAMS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Windows", "Windows")),
    *(("Mac OS", "a Mac"), ("Linux", "Linux")),
)
"""The first whose word is found in what a browser calls itself. That itself is not kept."""


@dataclass(frozen=True)
class OwnSession:
    """A session as its owner sees it. ``name`` stands for its key, which nobody is shown."""

    name: str
    device: str
    began_at: datetime | None
    last_seen_at: datetime
    is_this: bool


def device_of(request: HttpRequest) -> str:
    """What somebody logs in with, in a few words: "Firefox on Windows"."""
    said = request.META.get("HTTP_USER_AGENT", "")
    program, system = (next((name for word, name in known if word in said), "") for known in (PROGRAMS, SYSTEMS))
    return f"{program or 'A browser'} on {system}" if system else program or "An unknown browser"


def begin_own_session(request: HttpRequest, *, now: datetime) -> None:
    """Write into the session that a login began, or proved anew, when that was and in what browser."""
    cast(SessionStore, request.session).prove(now)
    request.session[BEGAN_AT], request.session[DEVICE] = now.isoformat(), device_of(request)
    # Nobody waits for what has ended already; a login is as good a time as any.
    SessionStore.clear_expired()


def own_sessions(request: HttpRequest, account: User) -> list[OwnSession]:
    """Those that have not ended, this one first, then the one that was used last."""
    now = timezone.now()
    found = StaffSession.objects.filter(account_pk=account.pk, expire_date__gt=now, last_seen_at__gte=now - IDLE)
    shown = [_shown(session, request.session.session_key or "") for session in found.order_by("-last_seen_at")]
    return sorted(shown, key=lambda one: not one.is_this)


def end_sessions(request: HttpRequest, account: User, *, only: str | None) -> int:
    """End the other sessions of an account, or one of them by its name. Returns how many ended."""
    ended = 0
    for session in StaffSession.objects.filter(account_pk=account.pk).exclude(pk=request.session.session_key):
        if only in {None, name_of(session.pk)}:
            number, _ = session.delete()
            ended += number
    return ended


def name_of(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:16]


def _shown(session: StaffSession, this: str) -> OwnSession:
    data: dict[str, Any] = SessionStore().decode(session.session_data)
    began_at = data.get(BEGAN_AT)
    return OwnSession(
        name=name_of(session.pk),
        device=data.get(DEVICE, "An unknown browser"),
        began_at=datetime.fromisoformat(began_at) if began_at else None,
        last_seen_at=session.last_seen_at,
        is_this=session.pk == this,
    )
