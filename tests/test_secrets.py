"""Secrets: out of files, and changed without anybody noticing."""

from pathlib import Path

import pytest
from django.core import signing
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from advisor.environment import SECRETS, env, read_files
from advisor.mailing.actions import stop
from advisor.mailing.addresses import hash_in, hash_of, stop_token
from advisor.mailing.models import ResultMail
from tests.clock import NOW
from tests.conftest import ANSWERS, GUIDE


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_read_from_the_file_that_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "secret").write_text("out of a file\n", encoding="utf-8")
    monkeypatch.setitem(env.ENVIRON, name, "")
    monkeypatch.setitem(env.ENVIRON, f"{name}_FILE", str(tmp_path / "secret"))

    read_files(SECRETS)

    assert env.str(name) == "out of a file"


def test_a_file_that_is_not_there_stops_the_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(env.ENVIRON, "SECRET_KEY", "")
    monkeypatch.setitem(env.ENVIRON, "SECRET_KEY_FILE", str(tmp_path / "nothing"))

    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE names a file that cannot be read"):
        read_files(["SECRET_KEY"])


def test_of_a_secret_and_a_file_for_it_neither_is_guessed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(env.ENVIRON, "SECRET_KEY", "one")
    monkeypatch.setitem(env.ENVIRON, "SECRET_KEY_FILE", str(tmp_path / "another"))

    with pytest.raises(ImproperlyConfigured, match="Set SECRET_KEY or SECRET_KEY_FILE, not both"):
        read_files(["SECRET_KEY"])


def change_key(settings: Settings) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the-key-that-comes-after-the-one-of-the-tests-only"


def test_what_was_signed_with_the_former_key_is_believed_until_that_goes(settings: Settings) -> None:
    signed = stop_token("abc")

    change_key(settings)
    with_both = hash_in(signed)
    settings.SECRET_KEY_FALLBACKS = []
    with_one = hash_in(signed)

    assert (with_both, with_one) == ("abc", "")
    assert signing.loads(signing.dumps("new")) == "new"


@pytest.mark.usefixtures("published")
def test_an_address_that_was_stopped_stays_so_when_the_key_changes(settings: Settings, visitor: Client) -> None:
    stop(address_hash=hash_of("founder@example.com"), now=NOW)
    change_key(settings)

    visitor.post(f"/{GUIDE}/result/mail/?{ANSWERS['not-yet']}&edition=1", {"email": "Founder@example.com"})

    assert not ResultMail.objects.exists()
