"""Accounts on the pages of what belongs to them."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.http import HttpRequest


class NamesAccounts(BaseModelAdmin):
    """Names the account to whoever only reads. Django would make a link of it, which hardly anyone may follow."""

    @admin.display(description="User")
    def account(self, obj: Any) -> str:
        return str(obj.user)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (title, options | {"fields": ["account" if name == "user" else name for name in options["fields"]]})
            for title, options in fieldsets
        ]
