from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializedObject
from django.db import IntegrityError

from advisor.content.guide_parts import record_initial_state
from advisor.content.models import Edition, Guide
from advisor.content.models.parts import Part
from advisor.content.models.references import draft_problems


class Command(loaddata.Command):
    """Django's ``loaddata``, with two promises for guides.

    A fixture is the seed and the admin is the truth: a guide that exists is left as it is, with all its parts. And a
    condition is refused that names what does not exist: nothing of the fixture is loaded then.
    """

    def loaddata(self, fixture_labels: Any) -> None:
        self.present = set(Guide.objects.values_list("key", flat=True))
        try:
            super().loaddata(fixture_labels)
        except IntegrityError as error:
            raise CommandError(f"The fixture is refused as a whole: {error}") from error
        problems = [
            f"{guide.key}, {problem}"
            for guide in Guide.objects.exclude(key__in=self.present)
            for problem in draft_problems(guide)
        ]
        if problems:
            raise CommandError("The fixture is refused as a whole:\n  " + "\n  ".join(problems))
        for guide in Guide.objects.exclude(key__in=self.present):
            record_initial_state(guide=guide)

    def save_obj(self, obj: DeserializedObject) -> bool:
        if self._belongs_to_present_guide(obj):
            return False
        return super().save_obj(obj)

    def _belongs_to_present_guide(self, obj: DeserializedObject) -> bool:
        content = obj.object
        if isinstance(content, Edition):
            return Edition.objects.filter(guide=content.guide, number=content.number).exists()
        try:
            return isinstance(content, (Guide, Part)) and content.natural_key()[0] in self.present
        except ObjectDoesNotExist:
            # It refers to something further down in the fixture, so its guide is not one that was there before.
            return False
