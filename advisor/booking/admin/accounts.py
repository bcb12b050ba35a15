"""Accounts: what they leave behind is said when they are closed, and written down when they are deleted."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from advisor.booking.left import left_behind
from advisor.leads.actions import release

LEFT = 'The account “{}” still has open leads, or calls ahead. <a href="{}">Hand them over</a>'

admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """As Django has it, and nothing that an account had goes unnoticed."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Groups are saved by then, and with them the rights."""
        super().save_related(request, form, formsets, change)
        account = form.instance
        if change and any(one.user == account for one in left_behind(timezone.now())):
            words = format_html(LEFT, account, reverse("admin:hand_over", args=[account.pk]))
            self.message_user(request, words, messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Each lead that they owned says in its history why it has no owner any more."""
        number = release(owner=obj, by=request.user.get_username(), now=timezone.now())
        if number:
            words = f"{number} {'lead has' if number == 1 else 'leads have'} no owner any more: see “Nobody’s”."
            self.message_user(request, words, messages.WARNING)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for account in queryset:
            self.delete_model(request, account)
