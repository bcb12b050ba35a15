"""Published guides, frozen."""

from collections.abc import Iterable
from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.db.models.base import ModelBase


class FrozenError(TypeError):
    """An edition never changes; publish a new one instead."""


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions are added and read, nothing else."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise FrozenError("An edition never changes; publish a new one instead.")

    def delete(self) -> NoReturn:
        raise FrozenError("An edition is kept for ever: results and leads refer to it.")


class Edition(models.Model):
    """A published guide: one immutable document. The highest number of a guide is the live one.

    The database refuses change and deletion as well, by triggers made in the second migration.
    """

    guide = models.ForeignKey("content.Guide", on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    document = models.TextField(help_text="The guide as canonical JSON, read by advisor.decision.guide.")
    checksum = models.CharField(max_length=64, help_text="SHA-256 of the document.")
    # An older release, which runs beside this one while machines are updated, stores none.
    seal = models.CharField(  # noqa: DJ001
        max_length=64,
        null=True,
        help_text="SHA-256 of everything that publishing wrote: a row without it, or with another's, is not live.",
    )
    published_at = models.DateTimeField()
    published_by = models.CharField(
        max_length=150, help_text="The user name as it was: an edition outlives the account of its publisher."
    )
    note = models.TextField()

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["guide", "-number"]
        permissions = [("publish_edition", "Can publish a guide, and an older edition again")]
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "number"],
                name="edition_number_unique",
                violation_error_message="This edition was published a moment ago by someone else.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="edition_number_from_one",
                violation_error_message="Editions are numbered from one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guide}, edition {self.number}"

    def save(
        self,
        *,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        if not self._state.adding:
            raise FrozenError("An edition never changes; publish a new one instead.")
        super().save(force_insert=True, using=using)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise FrozenError("An edition is kept for ever: results and leads refer to it.")


class EditionFault(models.Model):
    """What the nightly comparison found wrong with an edition that is kept; see ``advisor.content.edition_check``."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="fault")
    reason = models.TextField(help_text="In words, for staff.")
    found_at = models.DateTimeField(help_text="When it was found last.")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.reason


class EditionCases(models.Model):
    """The scenarios of a guide as they were when an edition was published; it goes on being tried by them."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="cases")
    document = models.TextField(help_text="A list of cases as JSON, read by advisor.content.scenarios.")

    def __str__(self) -> str:
        return f"scenarios of {self.edition}"
