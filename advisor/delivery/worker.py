"""The worker: sends the messages that are due, one after the other."""

import logging
import os
import time
from collections.abc import Callable, Collection
from datetime import datetime
from random import Random
from secrets import token_hex
from socket import gethostname

from django.conf import settings
from django.db import Error, close_old_connections
from django.utils import timezone
from django.utils.module_loading import import_string

from advisor.delivery import mail
from advisor.delivery.attempt_result import AttemptResult
from advisor.delivery.clock import CHECK_INTERVAL, check_clock
from advisor.delivery.models import Channel, Message
from advisor.delivery.outbox import claim, record_attempt
from advisor.delivery.webhooks import attempt as webhooks

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
"""Seconds between two checks for messages while nothing is due or the database cannot be reached."""


def rest(seconds: float) -> None:
    """Sleep, after closing database connections that are broken or too old."""
    close_old_connections()
    time.sleep(seconds)


class Worker:
    """Sends the messages of the outbox, or of some channels. Several workers can run at once, on one machine or on many
    whose clocks agree within minutes.

    ``failed`` counts the messages that failed for good.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = timezone.now,
        rest: Callable[[float], None] = rest,
        dice: Random | None = None,
        channels: Collection[Channel] = tuple(Channel),
    ) -> None:
        self.name = f"{gethostname()[:60]}-{os.getpid()}-{token_hex(4)}"
        self.failed = 0
        self._clock = clock
        self._rest = rest
        self._channels = channels
        self._dice = dice or Random()  # noqa: S311 (it spreads retries, without security)
        self._attempted: tuple[Message, AttemptResult] | None = None
        self._checked_at: datetime | None = None
        self._is_clock_doubtful = False
        self._stopping = False

    def stop(self) -> None:
        """Finish the current message, and start no other."""
        self._stopping = True

    def run(self) -> None:
        """Send messages as they become due until ``stop`` is called. Waits for the database while it is down."""
        logger.info("%s sends the messages of the outbox", self.name)
        reachable = True
        while not self._stopping:
            try:
                self.check_clock_now()
                self.send_due()
            except Error as error:
                if reachable:
                    logger.error("The outbox waits for the database: %s", type(error).__name__)
                reachable = False
            else:
                if not reachable:
                    logger.info("The database is back")
                reachable = True
            if not self._stopping:
                self._rest(IDLE_SECONDS)
        if self._attempted:
            logger.error("%s was attempted, and the database is down, so this is not recorded", self._attempted[0].key)
        logger.info("%s has stopped", self.name)

    def send_due(self) -> None:
        """Send all messages that are due. Raises database errors; the next call then records the last result."""
        self._record()
        while not self._stopping and (message := self._claim()):
            self._attempted = message, self._send(message)
            self._record()

    def check_clock_now(self) -> None:
        """Check the clock, unless the last check was less than a minute ago by this clock."""
        now = self._clock()
        if self._checked_at and abs(now - self._checked_at) < CHECK_INTERVAL:
            return
        doubt, was_doubtful = check_clock(now), self._is_clock_doubtful
        self._checked_at, self._is_clock_doubtful = now, bool(doubt)
        if doubt and not was_doubtful:
            logger.error("%s Reminders and retries wait until it is right, or confirmed in the admin.", doubt)
        elif was_doubtful and not doubt:
            logger.info("The clock is trusted again")

    def _claim(self) -> Message | None:
        return claim(
            worker=self.name, now=self._clock(), channels=self._channels, is_clock_doubtful=self._is_clock_doubtful
        )

    def _send(self, message: Message) -> AttemptResult:
        if message.channel == Channel.WEBHOOK:
            return webhooks.send(message, self._clock())
        if message.channel == Channel.CALENDAR:
            write: Callable[[Message], AttemptResult] = import_string(settings.CALENDAR_WRITER)
            return write(message)
        return mail.send(message)

    def _record(self) -> None:
        if self._attempted is None:
            return
        message, result = self._attempted
        has_failed = record_attempt(
            message=message, worker=self.name, result=result, now=self._clock(), dice=self._dice
        )
        self._attempted = None
        self.failed += has_failed
        # Without the error, which may contain the address; staff read it in the admin.
        news = "failed for good" if has_failed else "will be tried again" if result.error else "was sent"
        logger.info("%s %s at attempt %d", message.key, news, message.attempts)
