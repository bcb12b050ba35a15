"""What the parts of a guide have in common: natural keys, order, and the refusal to vanish under a condition."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import ProtectedError

from advisor.content.models.declarations import PartKind, deciding_field, declare, declared_fields
from advisor.content.models.texts import Written
from advisor.decision.guide_checks import SLUG

KEY_PURPOSE = "In links, conditions and exports; it cannot be changed later."


def key_field(*, example: str = "", purpose: str = "", **options: Any) -> "models.CharField[str, str]":
    """A key that appears in addresses, fixtures, exports and tests."""
    pattern = RegexValidator(rf"\A{SLUG.pattern}\Z", "Use small letters, digits and single hyphens: messy-stack.")
    return declare(models.CharField(max_length=40, validators=[pattern], **options), example=example, purpose=purpose)


def guide_field() -> Any:
    """The guide that a part belongs to."""
    return declare(
        models.ForeignKey("content.Guide", on_delete=models.CASCADE, related_name="%(class)s_set"),
        example="“Fractional CTO or fractional Head of AI: which do you need?”",
        purpose="The lists on this page are what this guide has.",
    )


class ContentQuerySet(models.QuerySet[Any]):
    """Finds parts by their natural key, and refuses to delete what a condition names."""

    def get_by_natural_key(self, *key: Any) -> Any:
        return self.get(**dict(zip(self.model.natural_key_fields, key, strict=True)))

    def delete(self) -> tuple[int, dict[str, int]]:
        parts = [*self]
        for part in parts:
            refuse_if_referenced(part, parts)
        return super().delete()


class Part(Written):
    """A part of a guide. ``natural_key_fields`` are the look-ups that find it, the guide's key first."""

    part: ClassVar[PartKind]
    owner: ClassVar[str] = "guide"
    """The field with what it belongs to: the guide, or a part of it."""
    natural_key_fields: tuple[str, ...] = ("guide__key", "key")

    objects = ContentQuerySet.as_manager()

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[Any, ...]:
        values = []
        for path in self.natural_key_fields:
            value: Any = self
            for name in path.split("__"):
                value = getattr(value, name)
            values.append(value)
        return tuple(values)

    @property
    def conditions(self) -> list[Any]:
        """The conditions that say for whom it is chosen; none for a part that is there for everyone."""
        if not (name := deciding_field(type(self))):
            return []
        stored, (_, declaration) = getattr(self, name), declared_fields(type(self))[name]
        if not declaration.is_list:
            return [stored]
        # From a fixture it may be anything; what is no list counts as a condition that is none.
        return stored if isinstance(stored, list) else [None]

    def references(self) -> list[models.Model]:
        """The rules, remarks, follow-ups and outcomes that would lose their meaning without this part."""
        return []

    def references_without(self, deleted: Collection[models.Model]) -> list[models.Model]:
        """The same once these parts are gone as well."""
        return self.references()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        refuse_if_referenced(self)
        return super().delete(*args, **kwargs)


class KeyedPart(Part):
    """A part with a key of its own and a place in the order."""

    guide = guide_field()
    key = key_field(purpose=KEY_PURPOSE)
    position = models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")

    class Meta:
        abstract = True
        ordering = ["guide", "position", "key"]


class OrderedPart(Part):
    """A part that is known by its place alone."""

    natural_key_fields = ("guide__key", "position")

    guide = guide_field()
    position = models.PositiveSmallIntegerField(help_text="Smaller numbers come first.")

    class Meta:
        abstract = True
        ordering = ["guide", "position"]


def guide_path(model: Any) -> str:
    """The look-up that leads from a kind of part to its guide."""
    return "guide" if model.owner == "guide" else f"{model.owner}__guide"


def guide_of(part: Any) -> Any:
    """The guide that a part belongs to, which a guide itself is as well."""
    return guide_of(getattr(part, part.owner)) if isinstance(part, Part) else part


def refuse_if_referenced(part: models.Model, deleted: Collection[models.Model] = ()) -> None:
    """Raise ``ProtectedError`` when something still names this part; say what. ``deleted`` are all that go with it."""
    if isinstance(part, Part) and (references := part.references_without(deleted)):
        names = "; ".join(str(other) for other in references)
        raise ProtectedError(f"“{part}” is named by: {names}. Change or delete these first.", set(references))


def same_guide(part: Any, **others: Any) -> None:
    """Raise ``ValidationError`` beside each field that holds a part of another guide."""
    errors = {
        name: "This belongs to another guide."
        for name, other in others.items()
        if other is not None and other.guide_id != part.guide_id
    }
    if errors:
        raise ValidationError(errors)


def lines(text: str) -> tuple[str, ...]:
    """The lines of a list that is edited one entry a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
