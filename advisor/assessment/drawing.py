"""Documents and pictures that the server draws: the memo as PDF, the pictures beside links.

Each is drawn by ``drawing_process`` and kept. Nothing of it may slow the walk down: in a worker, one thread draws and
one waits for it, and whoever comes beside these is asked to come again.
"""

import json
import logging
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from django.conf import settings

from advisor.http import DependencyDownError

logger = logging.getLogger(__name__)

TEMPLATES = settings.BASE_DIR / "templates" / "assessment"
PROCESS = Path(__file__).with_name("drawing_process.py")

FONTS = Path("/usr/share/fonts")
"""Faces of type of this machine, for letters that those of the library lack. A box stands for what neither has."""

MAX_WAIT = 15.0
"""Seconds until a drawing counts as lost; it has 10 of a processor."""

MAX_AT_ONCE = 2
"""Requests of one worker, which has four threads, that draw or wait to."""

MAX_KEPT = 128
"""Drawings that a worker keeps; a memo has some 50 KB."""

type Format = Literal["pdf", "png"]


class NotDrawnError(DependencyDownError):
    """It cannot be drawn now: too many others are, or the process failed, which the log says more about."""


class Drawings:
    """Draws, and keeps what was drawn last. Safe to share between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()
        self._turn = Lock()
        self._waiting = 0

    def draw(self, template: str, file_format: Format, data: Mapping[str, Any]) -> bytes:
        """The document that a template makes of these data. Raises ``NotDrawnError``."""
        wanted = order(template, file_format, data)
        if kept := self._find(wanted):
            return kept
        with self._lock:
            if self.is_full:
                raise NotDrawnError(f"{MAX_AT_ONCE} others are being drawn")
            self._waiting += 1
        try:
            with self._turn:
                # It may be what was waited for.
                drawn = self._find(wanted) or run(wanted)
                self._keep(wanted, drawn)
        finally:
            with self._lock:
                self._waiting -= 1
        return drawn

    @property
    def is_full(self) -> bool:
        """Whether whoever asks now is sent away."""
        return self._waiting >= MAX_AT_ONCE

    def _keep(self, wanted: str, drawn: bytes) -> None:
        with self._lock:
            self._kept[wanted] = drawn
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)

    def _find(self, wanted: str) -> bytes | None:
        with self._lock:
            if wanted in self._kept:
                self._kept.move_to_end(wanted)
            return self._kept.get(wanted)

    def clear(self) -> None:
        """Forget what was drawn."""
        with self._lock:
            self._kept.clear()


def order(template: str, file_format: Format, data: Mapping[str, Any]) -> str:
    """What is given to the process; the same order makes the same document."""
    fonts = str(FONTS)
    return json.dumps({"template": str(TEMPLATES / template), "format": file_format, "fonts": fonts, "data": data})


def run(wanted: str) -> bytes:
    """The document of an order. Raises ``NotDrawnError``."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and what visitors said is only its input
            [sys.executable, "-I", PROCESS],
            input=wanted.encode(),
            capture_output=True,
            timeout=MAX_WAIT,
            check=True,
            # Neither keys nor addresses of this process are its business.
            env={"RAYON_NUM_THREADS": "1"},
        )
    except subprocess.CalledProcessError as error:
        # The last line names the error; what is above it may repeat what somebody wrote.
        logger.error("Drawing failed with %s: %s", error.returncode, error.stderr.decode(errors="replace")[-500:])
        raise NotDrawnError("The drawing failed") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        logger.error("Drawing failed: %s", type(error).__name__)
        raise NotDrawnError("The drawing failed") from error
    return done.stdout


drawings = Drawings()
