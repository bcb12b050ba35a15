"""Who is given new leads, who is mailed about them, and the words they are sorted by."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from advisor.content.models import Outcome
from advisor.fields import NamedModelForm
from advisor.leads.lead_alerts import DIGEST_HOUR, can_be_notified
from advisor.leads.models import Frequency, LeadAlert, Salesperson, Tag


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


class OutcomesField(forms.ModelMultipleChoiceField):
    """Outcomes, each with the guide it belongs to."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.guide.title})"


class StaffAccountField(forms.ModelChoiceField):
    """An account of staff. A list, and no search: searching accounts takes a right that sales have not."""

    def __init__(self, **options: Any) -> None:
        accounts = get_user_model().objects.filter(is_staff=True).order_by("username")
        super().__init__(queryset=accounts, **options)


class StaffAccountForm(NamedModelForm):
    """Offers the accounts of staff, and the present one: who left can still be made inactive."""

    user = StaffAccountField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever only reads sees no such field.
        if self.instance.pk and (field := self.fields.get("user")):
            present = get_user_model().objects.filter(pk=self.instance.user_id)
            field.queryset |= present  # type: ignore[attr-defined]


class SalespersonForm(StaffAccountForm):
    """Accounts are those of staff; outcomes are ticked."""

    outcomes = OutcomesField(
        queryset=Outcome.objects.select_related("guide").order_by("guide__number", "position"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=Salesperson._meta.get_field("outcomes").help_text,
    )

    class Meta:
        model = Salesperson
        fields = ("user", "is_active", "takes_every_outcome", "outcomes")


@admin.register(Salesperson)
class SalespersonAdmin(NamesAccounts, admin.ModelAdmin):
    form = SalespersonForm
    list_display = ("user", "is_active", "takes_every_outcome")
    list_select_related = ("user",)


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    form = NamedModelForm
    search_fields = ("name",)


@admin.register(LeadAlert)
class LeadAlertAdmin(admin.ModelAdmin):
    """Everyone chooses for themselves; a superuser for everyone."""

    form = NamedModelForm
    list_display = ("user", "frequency")
    list_select_related = ("user",)
    autocomplete_fields = ("user",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LeadAlert]:
        alerts = super().get_queryset(request)
        # Who has no right at all is refused, and not told that there is no such alert.
        if request.user.is_superuser or not self.has_view_permission(request):
            return alerts
        return alerts.filter(user__username=request.user.get_username())

    def get_fields(self, request: HttpRequest, obj: LeadAlert | None = None) -> list[Any]:
        return ["user", "frequency"] if request.user.is_superuser else ["frequency"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """One who has chosen changes that."""
        has_chosen = not request.user.is_superuser and self.get_queryset(request).exists()
        return super().has_add_permission(request) and not has_chosen

    def save_model(self, request: HttpRequest, obj: LeadAlert, form: Any, change: Any) -> None:
        if not request.user.is_superuser:
            obj.user = get_user_model().objects.get_by_natural_key(request.user.get_username())
        # What came before is not news; and a mail of the day may have been written since the page was opened.
        is_other = "frequency" in form.changed_data
        obj.notified_until = timezone.now()
        obj.save(update_fields=["user", "frequency", *(["notified_until"] if is_other else [])] if change else None)
        if not can_be_notified(obj):
            words = "No mail goes there yet: it takes an e-mail address in the account, and the right to read leads."
            self.message_user(request, words, messages.WARNING)
        elif obj.frequency == Frequency.DAILY:
            zone = timezone.get_default_timezone_name()
            self.message_user(request, f"The mail of the day goes out at {DIGEST_HOUR}:00 ({zone}).")
