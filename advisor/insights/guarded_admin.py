"""What the admin's addresses and forms may carry: lists, choices and lines within forms bear whatever is sent to them.

Django's own pages take keys, numbers and dates as they come, and fail over those that no column can hold.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Model, QuerySet
from django.forms import CharField, Textarea
from django.http import HttpRequest, HttpResponse

from advisor.fields import refuse_control_characters
from advisor.text import parse_key

MAX_NEW_LINES = 50
"""Lines that one form may add. Each is checked like a form of its own, so that a thousand take seconds."""

DATE_PARTS = ("year", "month", "day")

LAST_YEAR = 9998
"""The year after it begins within what a date can be."""

OF_VALUES = ("", "__exact", "__isnull", "__gte", "__lt")
OF_OBJECTS = ("__id__exact", "__isnull")
"""How Django's filters ask for the value of a field, and for an object by its key."""


class GuardedChangeList(ChangeList):
    """A list that answers what it cannot use as Django answers an unknown field: it shows everything."""

    def get_filters(self, request: HttpRequest) -> Any:
        if any("\0" in value for values in self.filter_params.values() for value in values):
            raise IncorrectLookupParameters("No text in the database has a null character.")
        if self.date_hierarchy:
            self._check_dates(str(self.date_hierarchy))
        return super().get_filters(request)

    def _check_dates(self, field: str) -> None:
        """Raise ``IncorrectLookupParameters`` unless they are a year, a month of a year, or a day of both."""
        sent = [self.params.get(f"{field}__{part}") for part in DATE_PARTS]
        given = [value for value in sent if value is not None]
        if sent[: len(given)] != given:
            raise IncorrectLookupParameters("A month belongs to a year, and a day to a month.")
        numbers = [parse_key(value) or 0 for value in given]
        try:
            year, month, day = [*numbers, *[1] * (len(DATE_PARTS) - len(given))]
            found = date(year, month, day)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error
        if found.year > LAST_YEAR:
            raise IncorrectLookupParameters("No date is so late.")


class GuardedAutocomplete(AutocompleteSelect):
    """Shows what was chosen, and passes over what is no key."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, [key for key in value if parse_key(str(key)) is not None], attr)


class GuardedAdmin(admin.ModelAdmin):
    """Every admin class is given this when it is registered, Django's own included."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return GuardedChangeList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what a filter of the list asks for: any other look-up could be used to guess at what is not shown."""
        return lookup in self._lookups(request)

    def _lookups(self, request: HttpRequest) -> set[str]:
        found = {f"{self.date_hierarchy}__{part}" for part in DATE_PARTS if self.date_hierarchy}
        for given in self.get_list_filter(request):
            one = given[0] if isinstance(given, list | tuple) else given
            if isinstance(one, type):
                found.add(one.parameter_name)  # type: ignore[attr-defined]
            else:
                is_relation = get_fields_from_path(self.model, str(one))[-1].is_relation
                found |= {f"{one}{comparison}" for comparison in (OF_OBJECTS if is_relation else OF_VALUES)}
        return found

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """The row with a key; Django looks for the field with the name "" where ``_to_field`` is empty."""
        return super().get_object(request, object_id, from_field or None)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if ACTION_CHECKBOX_NAME in request.POST:
            fields = request.POST.copy()
            ticked = [key for key in fields.getlist(ACTION_CHECKBOX_NAME) if parse_key(key) is not None]
            fields.setlist(ACTION_CHECKBOX_NAME, ticked)
            request.POST = fields  # type: ignore[assignment]
        return super().changelist_view(request, extra_context)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Names of Django's own models, of groups and people, have no control characters either."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, CharField) and not isinstance(field.widget, Textarea):
            field.validators.append(refuse_control_characters)
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", GuardedAutocomplete(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_formsets_with_inlines(self, request: HttpRequest, obj: Model | None = None) -> Iterator[Any]:
        """A form that was sent has the lines that there are, and as many new ones as anyone adds at once."""
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            if request.method == "POST":
                there = inline.get_queryset(request).filter(**{formset.fk.name: obj}).count() if obj else 0
                formset.absolute_max = there + MAX_NEW_LINES
            yield formset, inline
