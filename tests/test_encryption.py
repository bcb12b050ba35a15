"""Texts that the database keeps encrypted."""

import pytest
from pytest_django import Settings

from advisor.encryption import UnreadableSecretError, decrypted, encrypted, renewed

ADDRESS = "https://calendar.example.com/private-é/basic.ics"


def test_what_is_encrypted_is_read_again_and_does_not_show() -> None:
    token = encrypted(ADDRESS)

    assert decrypted(token) == ADDRESS
    assert "calendar" not in token
    assert encrypted(ADDRESS) != token


def test_after_the_key_was_changed_the_former_one_reads_it_and_it_is_stored_anew(settings: Settings) -> None:
    token = encrypted(ADDRESS)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key, as long as one has to be", [settings.SECRET_KEY]

    anew = renewed(token)
    settings.SECRET_KEY_FALLBACKS = []

    assert decrypted(anew) == ADDRESS
    with pytest.raises(UnreadableSecretError):
        decrypted(token)
    with pytest.raises(UnreadableSecretError):
        renewed(token)


@pytest.mark.parametrize("token", ["", "nonsense", "gAAAAAB" + "A" * 80, "é"])
def test_what_nobody_encrypted_is_not_readable(token: str) -> None:
    with pytest.raises(UnreadableSecretError):
        decrypted(token)
