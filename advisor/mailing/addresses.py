"""Addresses that are not kept: what is compared in their place, and the key to a page of theirs."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

HASH_SALT = "advisor.mailing.address"
STOP_SALT = "advisor.mailing.stop"


def hash_of(address: str, key: str | None = None) -> str:
    """The same for the same address, in large or small letters. Without the key nobody can try out addresses; it is
    SECRET_KEY where none is given.
    """
    return salted_hmac(HASH_SALT, address.casefold(), secret=key, algorithm="sha256").hexdigest()


def hashes_of(address: str) -> list[str]:
    """By which an address may be known: with the key of today, and with those that it took over from."""
    return [hash_of(address, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def stop_token(address_hash: str) -> str:
    """The key to the page that stops mail to an address: it never ends, and does not say which address it is."""
    return Signer(salt=STOP_SALT).sign(address_hash)


def hash_in(token: str) -> str:
    """The hash of the address that such a key is about; "" for anything else."""
    try:
        return Signer(salt=STOP_SALT).unsign(token)
    except BadSignature:
        return ""
