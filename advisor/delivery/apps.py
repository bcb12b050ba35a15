from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.module_loading import autodiscover_modules

from advisor.delivery import chores, retention
from advisor.delivery.checks import webhooks_stay_outside


class DeliveryConfig(AppConfig):
    name = "advisor.delivery"
    verbose_name = "Delivery"

    def ready(self) -> None:
        """Let every room register its chores; by now there are all models."""
        chores.register("Retention", retention.daily)
        register(webhooks_stay_outside, Tags.security, deploy=True)
        autodiscover_modules("chores")
