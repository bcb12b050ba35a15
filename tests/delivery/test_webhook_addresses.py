"""Where webhooks do not go, however the address is written and whatever its name means from one moment to the next."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from advisor.delivery.models import Endpoint, Message, State
from advisor.delivery.webhooks.addresses import ForbiddenAddressError, is_public, read_address, resolve
from tests.content.admin_pages import beside, save_in_admin
from tests.delivery.receiver import Receiver, make_endpoint, resolve_to
from tests.delivery.test_webhooks import tell
from tests.delivery.writing import send_due

INSIDE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:8.8.8.8",
    "64:ff9b::10.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_a_network_is_of_the_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "193.0.0.1", "2606:4700::1111", "2a00:1450::5", "64:ff9b::8.8.8.8"])
def test_an_address_of_the_internet_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://crm.example.com/", "begins with https"),
        ("ftp://crm.example.com/", "begins with https"),
        ("file:///etc/passwd", "begins with https"),
        ("crm.example.com", "begins with https"),
        ("//crm.example.com/", "begins with https"),
        ("https://", "names no host"),
        ("https:///hooks", "names no host"),
        ("https://.", "names no host"),
        ("https://user:password@crm.example.com/", "no user and no password"),
        ("https://crm.example.com@127.0.0.1/", "no user and no password"),
        ("https://@127.0.0.1/", "no user and no password"),
        ("https://crm.example.com/#part", "Leave out the #"),
        ("https://crm.example.com:80/", "go to port 443 or 8443, and this is 80"),
        ("https://crm.example.com:22/", "this is 22"),
        ("https://crm.example.com:0/", "this is 0"),
        ("https://crm.example.com:99999/", "not an address"),
        ("https://crm.example.com:443x/", "not an address"),
        ("https://[::1/", "not an address"),
        ("https://[::1]x/", "not an address"),
        ("https://[fe80::1%25eth0]/", "no zone"),
        ("https://[fe80::1%eth0]/", "no zone"),
        ("https://crm.example.com\\@127.0.0.1/", "no backslashes"),
        ("https://crm.example.com /", "no spaces"),
        ("https://crm.example.com/\r\nHost: localhost", "no spaces"),
        ("https://crm.exa\tmple.com/", "no spaces"),
        (" https://crm.example.com/", "no spaces"),
        ("https://１２７.0.0.1/", "letters"),
        ("https://127。0。0。1/", "letters"),
        ("https://bērzs.example/", "letters"),
        ("https://crm%2eexample.com/", "names no host"),
        ("https://crm,example.com/", "names no host"),
        ("https://2130706433/", "in numbers"),
        ("https://017700000001/", "in numbers"),
        ("https://0x7f000001/", "in numbers"),
        ("https://0x7f.1/", "in numbers"),
        ("https://0X7F.0x0.0x0.0x1/", "in numbers"),
        ("https://127.1/", "in numbers"),
        ("https://0177.0.0.1/", "in numbers"),
        ("https://127.0.0.01/", "in numbers"),
        ("https://1.2.3.4.5/", "in numbers"),
        ("https://crm.example.0x1f/", "in numbers"),
    ],
)
def test_what_is_not_a_plain_address_is_refused_in_words(address: str, words: str) -> None:
    with pytest.raises(ForbiddenAddressError, match=words):
        read_address(address)


@pytest.mark.parametrize(
    ("address", "host", "header", "path"),
    [
        ("https://crm.example.com", "crm.example.com", "crm.example.com", "/"),
        ("https://CRM.example.com./a?b=c", "crm.example.com", "crm.example.com", "/a?b=c"),
        ("https://crm.example.com:443/", "crm.example.com", "crm.example.com", "/"),
        ("https://crm.example.com:8443/", "crm.example.com", "crm.example.com:8443", "/"),
        ("https://xn--brzs-cva.example/", "xn--brzs-cva.example", "xn--brzs-cva.example", "/"),
        ("https://8.8.8.8/", "8.8.8.8", "8.8.8.8", "/"),
        ("https://[2606:4700::1111]:8443/", "2606:4700::1111", "[2606:4700::1111]:8443", "/"),
    ],
)
def test_a_plain_address_is_taken_apart(address: str, host: str, header: str, path: str) -> None:
    target = read_address(address)

    assert (target.host, target.host_header, target.path) == (host, header, path)


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1", "169.254.169.254", "[::1]", "[::ffff:169.254.169.254]"])
def test_an_address_of_this_machine_or_its_network_is_refused(address: str) -> None:
    with pytest.raises(ForbiddenAddressError, match="which is not a public address of the internet"):
        resolve(read_address(f"https://{address}/"))


def test_of_several_addresses_behind_a_name_each_has_to_be_of_the_internet(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, {"crm.example.com": ["8.8.8.8", "10.0.0.1"]})

    with pytest.raises(ForbiddenAddressError, match="points to 10"):
        resolve(read_address("https://crm.example.com/"))


@pytest.mark.django_db
def test_what_comes_with_the_form_is_said_beside_the_field(superuser: Client) -> None:
    endpoint = make_endpoint()

    page = save_in_admin(superuser, endpoint, {"address": "https://169.254.169.254/latest/meta-data/"})

    assert "points to 169.254.169.254, which is not a public address of the internet." in beside(page, "address")
    assert Endpoint.objects.get().address == endpoint.address


@pytest.mark.django_db
def test_a_name_that_turns_inside_after_it_was_taken_is_refused_and_nobody_is_connected_to(
    superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolve_to(monkeypatch, {"crm.example.com": ["8.8.8.8"]}, {"crm.example.com": ["127.0.0.1"]})
    with Receiver() as receiver:
        endpoint = make_endpoint(name="Typed")
        save_in_admin(superuser, endpoint, {"address": "https://crm.example.com/"})
        tell()

        send_due()

    message = Message.objects.get()
    assert Endpoint.objects.get().address == "https://crm.example.com/"
    assert asked == ["crm.example.com"] * 2
    assert (message.state, receiver.requests) == (State.WAITING, [])
    assert message.last_error == "crm.example.com points to 127.0.0.1, which is not a public address of the internet."


@pytest.mark.django_db
def test_what_was_checked_is_what_is_connected_to_and_the_name_is_asked_for_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = resolve_to(monkeypatch, {"crm.example.com": ["8.8.8.8"]}, {"crm.example.com": ["127.0.0.1"]})
    make_endpoint(address="https://crm.example.com/")
    tell()

    send_due()

    assert asked == ["crm.example.com"]
    # Tests are kept from other machines, and told which one it was.
    assert "this one tried 8.8.8.8" in Message.objects.get().last_error


@pytest.mark.django_db
def test_a_name_that_nobody_knows_is_a_failure_that_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise OSError("Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    make_endpoint(address="https://crm.example.com/")
    tell()

    send_due()

    message = Message.objects.get()
    assert (message.state, message.last_error) == (
        State.WAITING,
        "crm.example.com was not found: the name does not exist, or the name servers did not answer.",
    )


def test_to_try_it_out_this_machine_can_be_let_in(settings: Settings) -> None:
    settings.WEBHOOKS_MAY_BE_LOCAL = True

    assert resolve(read_address("http://127.0.0.1:8080/")) == ["127.0.0.1"]
