from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.module_loading import autodiscover_modules

from advisor.delivery.checks import webhooks_stay_outside


class DeliveryConfig(AppConfig):
    name = "advisor.delivery"
    verbose_name = "Delivery"

    def ready(self) -> None:
        """Let retention and every room register their chores; by now there are all models."""
        register(webhooks_stay_outside, Tags.security, deploy=True)
        autodiscover_modules("retention", "chores")
