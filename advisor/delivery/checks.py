"""What `check --deploy` says about settings of this room."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.core.checks import Warning as Caution


def webhooks_stay_outside(**_: Any) -> list[CheckMessage]:
    """Warns of a setting that is for trying things out."""
    if not settings.WEBHOOKS_MAY_BE_LOCAL:
        return []
    return [
        Caution(
            "WEBHOOKS_MAY_BE_LOCAL is on: whoever may change endpoints can reach this machine and its network.",
            hint="Leave it off where others have a login.",
            id="delivery.W001",
        )
    ]
