"""What the checks of Django say about settings of this room, whenever a command starts and by `check --deploy`."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.core.checks import Warning as Caution


def somebody_is_responsible(**_: Any) -> list[CheckMessage]:
    """Warns where a site is open to others and its visitors are not told whose it is."""
    missing = [name for name in ("CONTROLLER_NAME", "CONTROLLER_ADDRESS") if not getattr(settings, name)]
    if not settings.HTTPS or not missing:
        return []
    return [
        Caution(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set: /privacy/ has to name who is "
            "responsible for what is kept about visitors, and calls this a trial installation until it does.",
            hint="Set the name and the postal address of whoever runs this site.",
            id="assessment.W001",
        )
    ]
