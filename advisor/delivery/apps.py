from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks


class DeliveryConfig(AppConfig):
    name = "advisor.delivery"

    def ready(self) -> None:
        checks.register(webhooks_stay_outside, checks.Tags.security, deploy=True)


def webhooks_stay_outside(**_: Any) -> list[checks.CheckMessage]:
    """Warn ``check --deploy`` of a setting that is meant for development."""
    if not settings.WEBHOOKS_MAY_BE_LOCAL:
        return []
    words = "WEBHOOKS_MAY_BE_LOCAL is on: whoever may change endpoints can reach this machine and its network."
    return [checks.Warning(words, hint="Leave it off where others have a login.", id="delivery.W001")]
