from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "advisor.leads"
    verbose_name = "Leads"
