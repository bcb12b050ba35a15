"""Known browsers: a random cookie of staff, and which accounts have logged in where it is."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from advisor.accounts.models import KnownBrowser

COOKIE = "browser"

MAX_TOKEN_LENGTH = 100


def token_of(request: HttpRequest) -> str:
    """What the browser sends; "" for one in which nobody of staff has logged in."""
    return request.COOKIES.get(COOKIE, "")[:MAX_TOKEN_LENGTH]


def token_hash(token: str) -> str:
    """What the database keeps in its place: who reads it there cannot pose as this browser."""
    return sha256(token.encode(errors="replace")).hexdigest()


def known_browser(request: HttpRequest, account: User | None) -> KnownBrowser | None:
    """This browser, if the account has logged in here before."""
    token = token_of(request)
    if not (account and token):
        return None
    return KnownBrowser.objects.filter(account=account, token_hash=token_hash(token)).first()


def know_browser(request: HttpRequest, account: User, *, now: datetime) -> tuple[KnownBrowser, bool]:
    """Remember that an account has logged in here, and whether it was the first time."""
    token = token_of(request)
    # What a browser sends was made by us if any account is known by it; anything else is replaced.
    if not token or not KnownBrowser.objects.filter(token_hash=token_hash(token)).exists():
        token = token_urlsafe(32)
    request.browser_token = token  # type: ignore[attr-defined]
    return KnownBrowser.objects.update_or_create(
        account=account,
        token_hash=token_hash(token),
        defaults={"last_login_at": now},
        create_defaults={"first_login_at": now, "last_login_at": now},
    )


def keep_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Send the cookie with the answer to a login. It goes to the pages of staff alone."""
    token = getattr(request, "browser_token", "")
    if token:
        response.set_cookie(
            COOKIE,
            token,
            max_age=timedelta(days=settings.KEEP_LOGINS_DAYS),
            path=reverse("admin:index"),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
