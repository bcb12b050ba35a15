"""The worker: sends what is due, one message after the other, as long as it lives."""

import logging
import os
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from random import Random
from secrets import token_hex
from socket import gethostname

from django.db import Error, close_old_connections
from django.utils import timezone

from advisor.delivery import mail
from advisor.delivery.clock import doubt
from advisor.delivery.models import Channel, Message
from advisor.delivery.outbox import claim, record
from advisor.delivery.outcome import Outcome
from advisor.delivery.webhooks import sending as webhooks

logger = logging.getLogger(__name__)

REST = 1.0
"""Seconds between two looks into an outbox in which nothing is due, or which cannot be reached."""

ASK_AGAIN = timedelta(minutes=1)
"""After so long it is asked again whether the clock can be right; also when it jumps by more."""


def rest(seconds: float) -> None:
    """Sleep; a connection that is broken by then, or to a file that was moved, is not used again."""
    close_old_connections()
    time.sleep(seconds)


class Worker:
    """Works the outbox off, or some channels of it. Several may do so at once, on one machine or on many whose clocks
    agree within minutes.

    ``failed`` counts the messages that it gave up.
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
        self._dice = dice or Random()  # noqa: S311 (it spreads attempts and guards nothing)
        self._in_hand: tuple[Message, Outcome] | None = None
        self._asked_at: datetime | None = None
        self._is_clock_doubtful = False
        self._stopping = False

    def stop(self) -> None:
        """Finish the message in hand, and take up no other."""
        self._stopping = True

    def run(self) -> None:
        """Send what is due whenever it is, until told to stop; wait where the database is gone."""
        logger.info("%s works the outbox off", self.name)
        reachable = True
        while not self._stopping:
            try:
                self.mind_the_clock()
                self.work_off()
            except Error as error:
                if reachable:
                    logger.error("The outbox waits for the database: %s", type(error).__name__)
                reachable = False
            else:
                if not reachable:
                    logger.info("The database is back")
                reachable = True
            if not self._stopping:
                self._rest(REST)
        if self._in_hand:
            logger.error("%s was attempted, and the database is not there to write it down", self._in_hand[0].key)
        logger.info("%s has stopped", self.name)

    def work_off(self) -> None:
        """Send all that is due by now. Raises what the database raises; what was in hand is written down next time."""
        self._write_down()
        while not self._stopping and (message := self._next()):
            self._in_hand = message, self._send(message)
            self._write_down()

    def mind_the_clock(self) -> None:
        """Find out whether the clock can be right, where it was not asked within a minute of what it says now."""
        now = self._clock()
        if self._asked_at and abs(now - self._asked_at) < ASK_AGAIN:
            return
        trouble, was_doubtful = doubt(now), self._is_clock_doubtful
        self._asked_at, self._is_clock_doubtful = now, bool(trouble)
        if trouble and not was_doubtful:
            logger.error("%s Reminders and further attempts wait until it can be right.", trouble)
        elif was_doubtful and not trouble:
            logger.info("The clock can be right again")

    def _next(self) -> Message | None:
        return claim(
            worker=self.name,
            now=self._clock(),
            channels=self._channels,
            is_clock_doubtful=self._is_clock_doubtful,
        )

    def _send(self, message: Message) -> Outcome:
        if message.channel == Channel.WEBHOOK:
            return webhooks.send(message, self._clock())
        return mail.send(message)

    def _write_down(self) -> None:
        if self._in_hand is None:
            return
        message, outcome = self._in_hand
        has_failed = record(message=message, worker=self.name, outcome=outcome, now=self._clock(), dice=self._dice)
        self._in_hand = None
        self.failed += has_failed
        # What the server said may hold the address; it stands in the ledger.
        result = "failed for good" if has_failed else "is to be tried again" if outcome.error else "was sent"
        logger.info("%s %s at attempt %d", message.key, result, message.attempts)
