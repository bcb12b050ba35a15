from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from advisor.delivery import chores, retention


class DeliveryConfig(AppConfig):
    name = "advisor.delivery"
    verbose_name = "Delivery"

    def ready(self) -> None:
        """Let every room register its chores; by now there are all models."""
        chores.register("Retention", retention.daily)
        autodiscover_modules("chores")
