"""EMAIL_URL and MAIL_FROM: what they may say, and that everything else stops the process with a sentence."""

import pytest
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import mailers
from django.core.mail.backends import filebased, smtp
from pytest_django import Settings

from advisor import settings as ours
from advisor.delivery.apps import webhooks_stay_outside
from advisor.environment import mail_from, mailer
from tests.server import empty_database, manage

SMTP = {"host": "mail.example.com", "port": None, "username": "", "password": "", "timeout": 20}


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("smtp://mail.example.com", SMTP),
        ("smtp://mail.example.com:2525/", SMTP | {"port": 2525}),
        ("smtp+tls://mail.example.com", SMTP | {"use_tls": True}),
        ("smtp+ssl://mail.example.com?timeout=5", SMTP | {"use_ssl": True, "timeout": 5}),
        ("smtp://me%40example.com:p%2F+@mail.example.com", SMTP | {"username": "me@example.com", "password": "p/+"}),
    ],
)
def test_a_mail_server_is_an_address(settings: Settings, url: str, options: dict[str, object]) -> None:
    found = mailer(url)

    assert found == {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}
    settings.MAILERS = {"default": found}
    assert isinstance(mailers.default, smtp.EmailBackend)


def test_a_folder_is_an_absolute_path(settings: Settings, tmp_path: object) -> None:
    found = mailer(f"filemail://{tmp_path}/mail%20box")

    assert found["OPTIONS"] == {"file_path": f"{tmp_path}/mail box"}
    settings.MAILERS = {"default": found}
    assert isinstance(mailers.default, filebased.EmailBackend)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.com",
        "smtp://",
        "smtp://user:kept-secret@",
        "smtps://mail.example.com",
        "smtp://mail.example.com:many",
        "smtp://mail.example.com:99999",
        "smtp://mail.example.com/folder",
        "smtp://mail.example.com?timeout=0",
        "smtp://mail.example.com?timeout=21",
        "smtp://mail.example.com?tiemout=5",
        "smtp://[mail.example.com",
        "filemail://mail",
        "filemail:mail",
        "filemail:///mail?timeout=5",
        "consolemail://",
        "dummymail://",
        "memorymail://",
        "http://mail.example.com",
    ],
)
def test_anything_else_is_refused_without_telling_a_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^EMAIL_URL is smtp://host:port, .*\.$") as refusal:
        mailer(url)

    assert "kept-secret" not in str(refusal.value)


def test_mail_comes_from_the_contact_address_unless_another_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    without = mail_from("hello@example.com")
    monkeypatch.setenv("MAIL_FROM", "Advisor <calls@example.com>")

    named = mail_from("hello@example.com")

    assert (without, named) == ("hello@example.com", "Advisor <calls@example.com>")


@pytest.mark.parametrize("sender", ["Advisor", "Advisor <>", "one@example.com, two@example.com"])
def test_a_sender_that_is_no_address_is_refused(monkeypatch: pytest.MonkeyPatch, sender: str) -> None:
    monkeypatch.setenv("MAIL_FROM", sender)

    with pytest.raises(ImproperlyConfigured, match="MAIL_FROM is “"):
        mail_from("hello@example.com")


def test_a_process_without_an_address_for_mail_does_not_start() -> None:
    database = empty_database()

    with pytest.raises(RuntimeError, match="Set EMAIL_URL: where mail goes"):
        manage("check", database=database, EMAIL_URL="")
    database.drop()


def test_the_settings_of_mail_that_django_gives_up_are_not_used() -> None:
    set_here = {name for name in vars(ours) if name.startswith("EMAIL_")}

    assert set_here == set()


def test_a_setting_that_opens_the_network_to_webhooks_is_off_and_warned_of(settings: Settings) -> None:
    off, without = settings.WEBHOOKS_MAY_BE_LOCAL, webhooks_stay_outside()
    settings.WEBHOOKS_MAY_BE_LOCAL = True

    found = [warning.id for warning in run_checks(tags=[Tags.security], include_deployment_checks=True)]

    assert (off, without) == (False, [])
    assert "delivery.W001" in found
