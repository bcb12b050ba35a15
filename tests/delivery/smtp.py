"""Real mail servers, each in a thread of the test that starts it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.server import free_port

Answer = Callable[[SMTP], Awaitable[str]]


async def accepts(connection: SMTP) -> str:
    return "250 OK"


async def refuses(connection: SMTP) -> str:
    return "550 5.1.1 There is nobody with this address"


async def is_busy(connection: SMTP) -> str:
    return "451 4.3.0 Try again later"


async def hangs(connection: SMTP) -> str:
    await asyncio.sleep(60)
    return "250 OK"


async def hangs_up(connection: SMTP) -> str:
    cast("asyncio.Transport", connection.transport).abort()
    return "250 OK"


class MailServer:
    """Asked for a recipient it ``answer``s, which can be changed while it runs. A context manager.

    ``asked`` holds every recipient it was asked for, ``received`` what it took. ``on_mail`` is called with each mail
    before the sender gets to know that it was taken. One that ``hangs_at_the_end`` does not answer a good-bye.
    """

    def __init__(self, answer: Answer = accepts, *, on_mail: Callable[[], None] = lambda: None) -> None:
        self.answer = answer
        self.hangs_at_the_end = False
        self.asked: list[str] = []
        self.received: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self._on_mail = on_mail
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        """What EMAIL_URL says to reach it, with a patience of one second."""
        return f"smtp://127.0.0.1:{self._controller.port}?timeout=1"

    @property
    def recipients(self) -> list[str]:
        """Whom it took mail for, in order."""
        return [str(mail["To"]) for mail in self.received]

    async def handle_RCPT(  # noqa: N802 (the name that aiosmtpd calls it by)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Iterable[Any]
    ) -> str:
        self.asked.append(address)
        answer = await self.answer(server)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (the same)
        await asyncio.sleep(60 if self.hangs_at_the_end else 0)
        return "221 Bye"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (the same)
        content = cast("bytes", envelope.original_content)
        self.raw.append(content)
        self.received.append(message_from_bytes(content, policy=default))
        self._on_mail()
        return "250 OK"
