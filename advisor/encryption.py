"""Texts that the database keeps encrypted: whoever reads a copy of it should not hold the keys to other systems.

The key is made of SECRET_KEY. What was encrypted with one of SECRET_KEY_FALLBACKS can still be read, and whoever reads
it regularly stores it anew with ``renewed``.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UnreadableSecretError(Exception):
    """A text was encrypted with a key that this site does not have any more."""


def encrypted(text: str) -> str:
    """The text in a form that only this site can read."""
    return _box().encrypt(text.encode()).decode()


def decrypted(token: str) -> str:
    """What ``encrypted`` was given. Raises ``UnreadableSecretError``."""
    try:
        return _box().decrypt(token.encode()).decode()
    except InvalidToken:
        raise UnreadableSecretError from None


def renewed(token: str) -> str:
    """The same text, encrypted with the present key. Raises ``UnreadableSecretError``."""
    try:
        return _box().rotate(token.encode()).decode()
    except InvalidToken:
        raise UnreadableSecretError from None


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> bytes:
    """SECRET_KEY is long and random, so a plain hash is enough. The prefix keeps it apart from Django's signatures."""
    return urlsafe_b64encode(sha256(b"advisor.encryption:" + secret.encode()).digest())
