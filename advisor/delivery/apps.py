from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "advisor.delivery"
    verbose_name = "Delivery"
