"""The second factor: codes of an app (TOTP, by django-otp), recovery codes for when the app is lost, and passkeys
beside them (``advisor.accounts.passkeys``).

Where SECOND_FACTOR is on, a password alone opens one page: the one on which an account without a second factor sets it
up. What a session has proved is written into it by the login.
"""

from base64 import b32encode
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_bytes

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django_otp.plugins.otp_totp.models import TOTPDevice
from qrcode import QRCode
from qrcode.image.svg import SvgPathImage

from advisor.accounts.models import Passkey, RecoveryCode, StaffSession

PROVED = "second-factor"
"""In a session: how its second factor was proved."""

BEING_SET_UP = "second-factor-being-set-up"
"""In a session: the app that is set up in it, by its number."""

BY_APP, BY_RECOVERY_CODE, BY_PASSKEY = "the app", "a recovery code", "a passkey"

NUMBER_OF_CODES = 10

CODE_BYTES = 10
"""80 random bits, written as sixteen letters and digits."""


def is_proved(request: HttpRequest) -> bool:
    """Whether this session may go on, as far as the second factor is asked for."""
    return not settings.SECOND_FACTOR or PROVED in request.session


def app_of(account: User) -> TOTPDevice | None:
    """The app that an account has set up."""
    return TOTPDevice.objects.filter(user=account, confirmed=True).first()


def check(account: User, code: str, *, now: datetime) -> str:
    """How a code proves the second factor of an account, ``BY_APP`` or ``BY_RECOVERY_CODE``; "" if it does not.

    A code works once.
    """
    code = "".join(code.split()).replace("-", "")
    with transaction.atomic():
        app = TOTPDevice.objects.select_for_update().filter(user=account, confirmed=True).first()
        if app and code.isascii() and code.isdecimal():
            return BY_APP if app.verify_token(code) else ""
    unused = RecoveryCode.objects.filter(account=account, code_hash=code_hash(code), used_at=None)
    return BY_RECOVERY_CODE if unused.update(used_at=now) else ""


def code_hash(code: str) -> str:
    """What is kept of a recovery code. It has too many random bits to be tried out, so no slow hash is needed."""
    return sha256(code.lower().encode(errors="replace")).hexdigest()


def begin_setup(request: HttpRequest, account: User, *, now: datetime) -> TOTPDevice:
    """The key that an app is to be set up with: the same in one session until it is confirmed, however often the page
    is opened. No other session sees it: whoever got as far as this page before its owner would know their codes.
    """
    app = _being_set_up(request, account).first()
    if app is None:
        sessions_that_ended = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
        TOTPDevice.objects.filter(user=account, confirmed=False, created_at__lt=sessions_that_ended).delete()
        app = TOTPDevice.objects.create(user=account, name="app", confirmed=False)
        request.session[BEING_SET_UP] = app.pk
    return app


def _being_set_up(request: HttpRequest, account: User) -> QuerySet[TOTPDevice]:
    apps: QuerySet[TOTPDevice] = TOTPDevice.objects.filter(
        user=account, confirmed=False, pk=request.session.get(BEING_SET_UP)
    )
    return apps


@transaction.atomic
def confirm_setup(request: HttpRequest, account: User, code: str) -> list[str] | None:
    """Make the app that was set up in this session the second factor, in place of any other, if its code is right.

    Returns new recovery codes; None if the code is wrong.
    """
    app = _being_set_up(request, account).select_for_update().first()
    code = "".join(code.split())
    if app is None or not (code.isascii() and code.isdecimal()) or not app.verify_token(code):
        return None
    TOTPDevice.objects.filter(user=account).exclude(pk=app.pk).delete()
    app.confirmed = True
    app.save(update_fields=["confirmed"])
    return new_recovery_codes(account)


@transaction.atomic
def new_recovery_codes(account: User) -> list[str]:
    """Codes in place of those there were. Nobody can read them again: hashes are kept."""
    RecoveryCode.objects.filter(account=account).delete()
    codes = [b32encode(token_bytes(CODE_BYTES)).decode().lower() for _ in range(NUMBER_OF_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account, code_hash=code_hash(code)) for code in codes)
    return [f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}" for code in codes]


def codes_left(account: User) -> int:
    """How many recovery codes were not used yet."""
    return RecoveryCode.objects.filter(account=account, used_at=None).count()


@transaction.atomic
def remove(account: User) -> bool:
    """Take the second factor away and end all sessions, so that the next login sets up a new one. Returns whether there
    was one.
    """
    StaffSession.objects.filter(account_pk=account.pk).delete()
    RecoveryCode.objects.filter(account=account).delete()
    Passkey.objects.filter(account=account).delete()
    had_one = app_of(account) is not None
    TOTPDevice.objects.filter(user=account).delete()
    return had_one


def drawing(app: TOTPDevice) -> str:
    """The QR code that an app is set up with, as SVG for the page itself."""
    code = QRCode(image_factory=SvgPathImage, border=4)
    code.add_data(app.config_url)
    drawn: str = code.make_image().to_string(encoding="unicode")
    return drawn


def key_in_words(app: TOTPDevice) -> str:
    """The same to be typed, in groups of four."""
    key = b32encode(app.bin_key).decode()
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))
