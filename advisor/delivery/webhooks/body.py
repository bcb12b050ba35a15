"""The body of a webhook, as the Standard Webhooks specification recommends it."""

from datetime import UTC, datetime
from typing import Any

import msgspec


def body_of(event: str, data: Any, now: datetime) -> str:
    """Type, time and data as JSON. What is signed is this text, to the byte."""
    said = {"type": event, "timestamp": now.astimezone(UTC), "data": data}
    return msgspec.json.encode(said).decode()
