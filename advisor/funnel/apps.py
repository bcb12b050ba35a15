from django.apps import AppConfig


class FunnelConfig(AppConfig):
    name = "advisor.funnel"
    verbose_name = "Funnel"
