"""Passkeys: a second factor that no other site can ask for, in place of the code of the app (WebAuthn, by webauthn).

A browser proves that it holds one by signing a challenge. Ours is signed by us and says what it is for and when it was
made, so nothing about it is stored before somebody is known. A passkey takes only challenges that are newer than the
last one it answered: none is good twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from secrets import token_hex
from urllib.parse import urlsplit

import msgspec
import webauthn
from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.db import DataError, IntegrityError, transaction
from django.http import HttpRequest
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from advisor.accounts.models import Passkey
from advisor.text import parse_key

CHALLENGE_AGE = timedelta(minutes=15)
"""For so long a page can be open before its challenge is answered."""

MAX_OF_ACCOUNT = 10

MAX_ANSWER = 8000
"""Characters of what a browser answers."""

SALT = "advisor.accounts.passkeys"

TO_LOG_IN = "log in"


class NotTakenError(Exception):
    """What a browser sent is no passkey that this account may have."""


def site() -> str:
    """The name that passkeys are bound to."""
    return urlsplit(settings.SITE_URL).hostname or ""


def are_offered(request: HttpRequest) -> bool:
    """Whether a browser can use one here: by the name of the site, not by the number of a machine, and over HTTPS or on
    this machine alone.
    """
    name = site()
    try:
        ip_address(name)
    except ValueError:
        is_reached = request.get_host() == urlsplit(settings.SITE_URL).netloc
        return bool(settings.SECOND_FACTOR and is_reached and (settings.HTTPS or name == "localhost"))
    return False


def to_add(account: User) -> str:
    """What a challenge is for that adds a passkey to an account."""
    return f"add to {account.pk}"


def options_to_log_in(*, now: datetime) -> str:
    """What a browser needs to use a passkey, as JSON. It does not say who has one."""
    options = webauthn.generate_authentication_options(
        rp_id=site(), challenge=_challenge(TO_LOG_IN, now), user_verification=UserVerificationRequirement.PREFERRED
    )
    return webauthn.options_to_json(options)


def options_to_add(account: User, *, now: datetime) -> str:
    """What a browser needs to make one, as JSON."""
    known = Passkey.objects.filter(account=account).values_list("credential_id", flat=True)
    options = webauthn.generate_registration_options(
        rp_id=site(),
        rp_name=settings.OTP_TOTP_ISSUER,
        user_name=account.get_username(),
        user_id=str(account.pk).encode(),
        challenge=_challenge(to_add(account), now),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            # Without it a browser would have to be told whose it is, and so would everybody who types a name.
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return webauthn.options_to_json(options)


def add(account: User, answer: str, *, name: str, now: datetime) -> Passkey:
    """Keep the passkey that a browser has made for this account. Raises ``NotTakenError``."""
    if Passkey.objects.filter(account=account).count() >= MAX_OF_ACCOUNT:
        raise NotTakenError
    with _not_taken_on_error():
        sent = parse_registration_credential_json(answer[:MAX_ANSWER])
        challenge, made_at = _answered(sent.response.client_data_json, to_add(account), now)
        verified = webauthn.verify_registration_response(
            credential=sent, expected_challenge=challenge, expected_rp_id=site(), expected_origin=settings.SITE_URL
        )
        with transaction.atomic():
            return Passkey.objects.create(
                account=account,
                name=name,
                credential_id=bytes_to_base64url(verified.credential_id),
                public_key=verified.credential_public_key,
                sign_count=verified.sign_count,
                added_at=now,
                answered_at=made_at,
            )


def is_too_late(answer: str, *, now: datetime) -> bool:
    """Whether an answer is to a question of ours that was on a page for too long."""
    try:
        with _not_taken_on_error():
            sent = parse_authentication_credential_json(answer[:MAX_ANSWER])
            _, made_for, made = _read_challenge(sent.response.client_data_json)
    except NotTakenError:
        return False
    return made_for == TO_LOG_IN and made <= now - CHALLENGE_AGE


def remove(account: User, key: str) -> bool:
    """Remove the passkey with this primary key, if the account has it. Returns whether it had."""
    removed, _ = Passkey.objects.filter(account=account, pk=parse_key(key) or 0).delete()
    return bool(removed)


def proves(account: User, answer: str, *, now: datetime) -> bool:
    """Whether a browser holds a passkey of this account. Each answer is good once."""
    try:
        with _not_taken_on_error(), transaction.atomic():
            sent = parse_authentication_credential_json(answer[:MAX_ANSWER])
            challenge, made_at = _answered(sent.response.client_data_json, TO_LOG_IN, now)
            passkey = Passkey.objects.select_for_update().get(
                account=account, credential_id=sent.id, answered_at__lt=made_at
            )
            verified = webauthn.verify_authentication_response(
                credential=sent,
                expected_challenge=challenge,
                expected_rp_id=site(),
                expected_origin=settings.SITE_URL,
                credential_public_key=bytes(passkey.public_key),
                credential_current_sign_count=passkey.sign_count,
            )
            passkey.sign_count, passkey.answered_at, passkey.used_at = verified.new_sign_count, made_at, now
            passkey.save(update_fields=["sign_count", "answered_at", "used_at"])
    except NotTakenError:
        return False
    return True


@contextmanager
def _not_taken_on_error() -> Iterator[None]:
    """Whatever is wrong with an answer, there is one thing to say of it."""
    try:
        yield
    except (
        *(WebAuthnException, Passkey.DoesNotExist, IntegrityError, signing.BadSignature, msgspec.MsgspecError),
        # What is no JSON of the kind, in as many ways as there are.
        *(ValueError, TypeError, LookupError, AttributeError, RecursionError, DataError),
    ) as error:
        raise NotTakenError from error


class _ClientData(msgspec.Struct):
    challenge: str


def _challenge(purpose: str, now: datetime) -> bytes:
    return signing.dumps([purpose, now.timestamp(), token_hex(16)], salt=SALT).encode()


def _answered(client_data: bytes, purpose: str, now: datetime) -> tuple[bytes, datetime]:
    """The challenge that was answered, and when it was made. Raises errors for one that is not ours, is for something
    else or is too old.
    """
    challenge, made_for, made = _read_challenge(client_data)
    if made_for != purpose or not now - CHALLENGE_AGE < made <= now + timedelta(minutes=1):
        raise NotTakenError
    return challenge, made


def _read_challenge(client_data: bytes) -> tuple[bytes, str, datetime]:
    """A challenge of ours, what it is for, and when it was made. Raises errors for another one."""
    challenge = base64url_to_bytes(msgspec.json.decode(client_data, type=_ClientData).challenge)
    made_for, made_at, _ = signing.loads(challenge.decode(), salt=SALT)
    return challenge, made_for, datetime.fromtimestamp(made_at, UTC)
