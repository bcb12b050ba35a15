"""Where a request comes from, as a proxy in front says, and as nobody else can say."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from pytest_django import Settings

from advisor.environment import proxies
from advisor.hosting import network_of, warn_of_private_addresses


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("", ""),
    ],
)
def test_without_a_proxy_in_front_there_is_none_to_believe(
    rf: RequestFactory, settings: Settings, address: str, network: str
) -> None:
    settings.TRUSTED_PROXIES = 0

    assert network_of(rf.get("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR="8.8.8.8")) == network


@pytest.mark.parametrize(
    ("proxies", "forwarded", "network"),
    [
        (1, "8.8.8.8", "8.8.8.8"),
        (1, "1.1.1.1, 8.8.8.8", "8.8.8.8"),
        (1, "1.1.1.1, 8.8.8.8:4711", "8.8.8.8"),
        (1, "1.1.1.1, 8.8.8.8, 10.0.0.5", "10.0.0.5"),
        (2, "1.1.1.1, 8.8.8.8, 10.0.0.5", "8.8.8.8"),
        (3, "9.9.9.9, 8.8.8.8, 10.0.0.5, 10.0.0.6", "8.8.8.8"),
        (1, "10.0.0.7", "10.0.0.7"),
        (1, "[2a00:1450:4001:82a::200e]:443", "2a00:1450:4001:82a::/64"),
        (1, "made up, 8.8.8.8", "8.8.8.8"),
        (1, "8.8.8.8, made up", ""),
        (2, "8.8.8.8, made up", "8.8.8.8"),
        (1, "made up", ""),
        (1, "1.1.1.1, " * 200 + "8.8.8.8", "8.8.8.8"),
        (5, "1.1.1.1, " * 200 + "8.8.8.8", "1.1.1.1"),
        # Past a proxy of ours there are fewer addresses.
        (3, "8.8.8.8, 10.0.0.5", "8.8.8.8"),
        (1, "", "127.0.0.1"),
        (1, " ", "127.0.0.1"),
    ],
)
def test_behind_proxies_the_outermost_of_ours_says_it(
    rf: RequestFactory, settings: Settings, proxies: int, forwarded: str, network: str
) -> None:
    settings.TRUSTED_PROXIES = proxies

    assert network_of(rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)) == network


@pytest.mark.parametrize("private", ["10.0.0.1", "192.168.1.1", "127.0.0.1", "fc00::1"])
def test_what_was_sent_is_not_believed_because_the_proxy_saw_an_address_of_our_own_network(
    rf: RequestFactory, settings: Settings, private: str
) -> None:
    settings.TRUSTED_PROXIES = 1
    forged = [network_of(rf.get("/", HTTP_X_FORWARDED_FOR=f"{sent}, {private}")) for sent in ("8.8.8.8", "1.1.1.1")]

    assert forged[0] == forged[1]


@pytest.mark.parametrize(("said", "number"), [("", 1), ("0", 0), (" 2 ", 2), ("5", 5)])
def test_the_number_of_proxies_is_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, said: str, number: int
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", said)

    assert proxies(default=1) == number


@pytest.mark.parametrize("said", ["6", "-1", "one", "1.0", "¹"])
def test_a_number_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", said)

    with pytest.raises(ImproperlyConfigured, match="how many proxies stand in front"):
        proxies(default=1)


def test_a_private_address_in_public_is_said_once_in_the_log(
    rf: RequestFactory, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TRUSTED_PROXIES, settings.SECURE_SSL_REDIRECT = 1, True
    warn_of_private_addresses.cache_clear()

    for forwarded in ("8.8.8.8", "8.8.8.8, 10.0.0.5", "8.8.8.8, 10.0.0.6"):
        network_of(rf.get("/", HTTP_X_FORWARDED_FOR=forwarded))

    (line,) = caplog.messages
    assert "TRUSTED_PROXIES=1 is too few, and all visitors count as one network" in line
    assert "10.0.0" not in line
