# Django takes every class that is named in this module for one of ours.
from django.contrib.admin import apps as admin

from advisor.insights.lookups import bound_integers


class StaffConfig(admin.AdminConfig):
    """Django's admin with the pages that ``site`` adds."""

    default = False
    default_site = "advisor.insights.site.StaffSite"

    def ready(self) -> None:
        bound_integers()
        super().ready()
