from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "advisor.booking"
    verbose_name = "Calls"
