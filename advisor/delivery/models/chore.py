"""What is done once a day, and how it went."""

from django.db import models
from django.db.models import Q


class Chore(models.Model):
    """One chore on one day: whoever makes the row does it, and no other worker does.

    A row that is not done by ``again_at`` is taken up again: its worker died, or it failed.
    """

    name = models.CharField(max_length=100)
    day = models.DateField()
    began_at = models.DateTimeField(help_text="The latest time that it was begun.")
    attempts = models.PositiveIntegerField(default=1)
    again_at = models.DateTimeField(null=True, blank=True, help_text="Not done by then, it is taken up again.")
    done_at = models.DateTimeField(null=True, blank=True)
    report = models.CharField(max_length=500, blank=True, help_text="What it did, in words.")
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-day", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "day"],
                name="chore_once_a_day",
                violation_error_message="This chore was taken up on this day already.",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, again_at__isnull=False)
                | Q(done_at__isnull=False, again_at__isnull=True),
                name="chore_done_or_again",
                violation_error_message="A chore is done, or has a time from which it is taken up again.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.day:%-d %B %Y}"
