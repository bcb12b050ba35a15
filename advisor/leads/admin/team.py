"""Who is given new leads, and the words they are sorted by."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model

from advisor.content.models import Outcome
from advisor.fields import NamedModelForm
from advisor.leads.admin.accounts import NamesAccounts
from advisor.leads.models import Salesperson, Tag


class OutcomesField(forms.ModelMultipleChoiceField):
    """Outcomes, each with the guide it belongs to."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.guide.title})"


class SalespersonForm(NamedModelForm):
    """Accounts are those of staff; outcomes are ticked."""

    user = forms.ModelChoiceField(queryset=get_user_model().objects.filter(is_staff=True).order_by("username"))
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
