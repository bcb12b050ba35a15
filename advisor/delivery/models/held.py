"""Removals that wait until a person has looked at them."""

from django.db import models
from django.db.models import Q


class HeldRemoval(models.Model):
    """What a job would have removed, and why it did not; see ``advisor.delivery.brake``.

    It is open until ``ended_at``: it waits for a person, or is confirmed and about to be done.
    """

    job = models.CharField(max_length=100, help_text="Which job it was.")
    held_at = models.DateTimeField(help_text="By the clock of the process that held it.")
    reason = models.TextField(help_text="Why it waits, in words.")
    kinds = models.JSONField(default=list, help_text="Each kind of record: of, number, total.")
    number = models.PositiveIntegerField("records", help_text="How many records would go in all.")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=150, blank=True, help_text="The user name as it was.")
    ended_at = models.DateTimeField(null=True, blank=True)
    report = models.CharField(max_length=500, blank=True, help_text="What became of it, in words.")

    class Meta:
        ordering = ["-pk"]
        verbose_name = "held removal"
        permissions = [("confirm_heldremoval", "Can let held removals go on")]
        constraints = [
            models.UniqueConstraint(
                fields=["job"],
                condition=Q(ended_at__isnull=True),
                name="heldremoval_one_open_for_a_job",
                violation_error_message="A removal of this job is held already.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by="")
                | Q(confirmed_at__isnull=False) & ~Q(confirmed_by=""),
                name="heldremoval_confirmed_by_someone",
                violation_error_message="What is confirmed has someone who did it and a time, and nothing else has.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job}, {self.held_at:%-d %B %Y}"

    @property
    def lines(self) -> list[str]:
        """Each kind with how many would go: "12 of 200: Requests that came to nothing"."""
        return [f"{kind['number']:,} of {kind['total']:,}: {kind['of']}" for kind in self.kinds]

    @property
    def state(self) -> str:
        """Where it is, in words."""
        if self.ended_at:
            return f"Ended on {self.ended_at:%-d %B %Y, %H:%M} UTC: {self.report}"
        if self.confirmed_at:
            return f"Confirmed by {self.confirmed_by} on {self.confirmed_at:%-d %B %Y, %H:%M} UTC; about to be removed"
        return "Waits until someone decides"
