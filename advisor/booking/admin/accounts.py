"""Accounts. When one is closed, staff read what it leaves behind; when one is deleted, its leads record that."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from advisor.booking.handover import accounts_to_hand_over
from advisor.leads.actions.sales import release

HANDOVER_NOTICE = 'The account “{}” still has open leads, or calls ahead. <a href="{}">Hand them over</a>'

admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """The accounts of Django, with notices about open leads and calls ahead."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Say what an account leaves behind. Its groups, and with them its rights, are saved by then."""
        super().save_related(request, form, formsets, change)
        account = form.instance
        if change and any(one.user == account for one in accounts_to_hand_over(timezone.now())):
            words = format_html(HANDOVER_NOTICE, account, reverse("admin:hand_over", args=[account.pk]))
            self.message_user(request, words, messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Record in the history of each of their leads why it has no owner any more."""
        number = release(owner=obj, by=request.user.get_username(), now=timezone.now())
        if number:
            words = f"{number} {'lead has' if number == 1 else 'leads have'} no owner any more: see “Nobody’s”."
            self.message_user(request, words, messages.WARNING)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for account in queryset:
            self.delete_model(request, account)
