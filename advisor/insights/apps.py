from django.apps import AppConfig

# Django takes every class that is named in this module for one of ours.
from django.contrib.admin import apps as admin


class InsightsConfig(AppConfig):
    name = "advisor.insights"
    verbose_name = "Insights"
    default = True


class StaffConfig(admin.AdminConfig):
    """Django's admin with the page of this room in it."""

    default = False
    default_site = "advisor.insights.site.StaffSite"
