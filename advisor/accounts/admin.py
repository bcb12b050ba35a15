"""The audit trail, to be read. Nobody changes or deletes a line; retention removes old ones."""

from django.contrib import admin
from django_otp.plugins.otp_totp.models import TOTPDevice

from advisor.accounts.audit import where
from advisor.accounts.models import LoginEvent
from advisor.delivery.admin.base import ReadOnlyAdmin

# Its pages show keys, with which anyone could pose as their owner.
admin.site.unregister(TOTPDevice)


@admin.register(LoginEvent)
class LoginEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "who", "came_from", "times", "detail")
    list_filter = ("kind",)
    search_fields = ("name",)
    search_help_text = "By the name of an account."
    fields = ("at", "kind", "who", "came_from", "times", "detail")
    readonly_fields = fields

    @admin.display(description="Account")
    def who(self, event: LoginEvent) -> str:
        return event.name or ("No such account" if event.name_hash else "Any account")

    @admin.display(description="From")
    def came_from(self, event: LoginEvent) -> str:
        return where(event)
