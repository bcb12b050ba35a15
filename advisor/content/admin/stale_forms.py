"""Two editors at the form of one part of a guide: the second is warned instead of overwriting what the first saved."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Model
from django.http import HttpRequest

from advisor.content.models import Guide
from advisor.content.models.parts import guide_of
from advisor.stale import FINGERPRINTS


class FingerprintAdmin(BaseModelAdmin):
    """Hides the field of fingerprints from accounts that may only view: Django would print its value."""

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        names = super().get_fields(request, obj)
        return names if self.has_change_permission(request, obj) else [name for name in names if name != FINGERPRINTS]


class StaleCheckAdmin(FingerprintAdmin, admin.ModelAdmin):
    """Compares with what is there at the moment of saving."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST":
            return found
        # Whoever saves waits for whoever is saving, and then compares with what they wrote.
        Guide.objects.select_for_update().get(pk=guide_of(found).pk)
        return super().get_object(request, object_id, from_field)
