"""What the parts of a guide have in common: natural keys, order, and the refusal to vanish under a condition."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import ProtectedError

from advisor.content.models.texts import Written
from advisor.decision.unfinished import SLUG


def key_field(**options: Any) -> "models.CharField[str, str]":
    """A key that appears in addresses, fixtures, exports and tests."""
    pattern = RegexValidator(rf"\A{SLUG.pattern}\Z", "Use small letters, digits and single hyphens: messy-stack.")
    return models.CharField(max_length=40, validators=[pattern], **options)


class ContentQuerySet(models.QuerySet[Any]):
    """Finds parts by their natural key, and refuses to delete what a condition names."""

    def get_by_natural_key(self, *key: Any) -> Any:
        return self.get(**dict(zip(self.model.natural_key_fields, key, strict=True)))

    def delete(self) -> tuple[int, dict[str, int]]:
        for part in self:
            refuse_if_named(part)
        return super().delete()


class Part(Written):
    """A part of a guide. ``natural_key_fields`` are the look-ups that find it, the guide's key first."""

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

    def named_by(self) -> list[models.Model]:
        """The rules, remarks, follow-ups and outcomes that would lose their meaning without this part."""
        return []

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        refuse_if_named(self)
        return super().delete(*args, **kwargs)


class KeyedPart(Part):
    """A part with a key of its own and a place in the order."""

    guide = models.ForeignKey("content.Guide", on_delete=models.CASCADE, related_name="%(class)s_set")
    key = key_field()
    position = models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")

    class Meta:
        abstract = True
        ordering = ["guide", "position", "key"]


class OrderedPart(Part):
    """A part that is known by its place alone."""

    natural_key_fields = ("guide__key", "position")

    guide = models.ForeignKey("content.Guide", on_delete=models.CASCADE, related_name="%(class)s_set")
    position = models.PositiveSmallIntegerField(help_text="Smaller numbers come first.")

    class Meta:
        abstract = True
        ordering = ["guide", "position"]


def guide_of(part: Any) -> Any:
    """The guide that a part belongs to, which a guide itself is as well."""
    for owner in ("guide", "question", "dimension"):
        if isinstance(part, Part) and hasattr(part, f"{owner}_id"):
            return guide_of(getattr(part, owner))
    return part


def refuse_if_named(part: models.Model) -> None:
    """Raise ``ProtectedError`` when something still names this part; say what."""
    if isinstance(part, Part) and (naming := part.named_by()):
        names = "; ".join(str(other) for other in naming)
        raise ProtectedError(f"“{part}” is named by: {names}. Change or delete these first.", set(naming))


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
