"""A mail server for each test that wants one, and databases for real workers."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from advisor.environment import mailer
from tests.delivery.smtp import MailServer


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """The server that mail of this process goes to. It accepts what comes, unless its ``answer`` is changed."""
    with MailServer() as server:
        settings.MAILERS = {"default": mailer(server.url)}
        yield server
