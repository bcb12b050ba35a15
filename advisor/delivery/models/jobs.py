"""What is stored about the worker's jobs: each run, removals that wait for a person, and the check of the clock."""

from django.db import models
from django.db.models import Q


class Chore(models.Model):
    """One run of a daily job on one day. The worker that creates the row runs the job, and no other worker does.

    A run that is not done by ``again_at`` is repeated: its worker died, or it failed. The model is called ``Chore``
    because permissions and admin addresses of running installations carry that name.
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
        verbose_name = "daily job"
        constraints = [
            models.UniqueConstraint(
                fields=["name", "day"],
                name="chore_once_a_day",
                violation_error_message="This job was started on this day already.",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, again_at__isnull=False)
                | Q(done_at__isnull=False, again_at__isnull=True),
                name="chore_done_or_again",
                violation_error_message="A job is done, or has a time from which it is started again.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.day:%-d %B %Y}"


class HeldRemoval(models.Model):
    """Records that a job did not remove, and the reason; see ``advisor.delivery.removal_guard``.

    Until ``ended_at`` it is open: it waits for a person, or is confirmed and about to run.
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
        """Each kind with its numbers: "12 of 200: Requests that came to nothing"."""
        return [f"{kind['number']:,} of {kind['total']:,}: {kind['of']}" for kind in self.kinds]

    @property
    def state(self) -> str:
        """The state in words."""
        if self.ended_at:
            return f"Ended on {self.ended_at:%-d %B %Y, %H:%M} UTC: {self.report}"
        if self.confirmed_at:
            return f"Confirmed by {self.confirmed_by} on {self.confirmed_at:%-d %B %Y, %H:%M} UTC; about to be removed"
        return "Waits until someone decides"


class ClockCheck(models.Model):
    """One row: when a clock was last trusted, and the doubt since then, if any; see ``advisor.delivery.clock``."""

    trusted_at = models.DateTimeField(help_text="The last time that a worker's clock was trusted.")
    doubt = models.TextField(blank=True, help_text="What speaks against a worker's clock since then, in words.")
    doubted_at = models.DateTimeField(null=True, blank=True, help_text="What the clock in doubt said.")
    noted_at = models.DateTimeField(null=True, blank=True, help_text="The last trusted time when it was in doubt.")
    is_gap = models.BooleanField(
        default=False, help_text="Whether no worker ran for so long that a person must decide."
    )
    confirmed_by = models.CharField(max_length=150, blank=True, help_text="Who last said that the clock is right.")

    class Meta:
        verbose_name = "clock check"
        permissions = [("confirm_clockcheck", "Can say that the clock is right")]
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="clockcheck_one_row",
                violation_error_message="There is one row about the clock.",
            ),
            models.CheckConstraint(
                condition=Q(doubt="", doubted_at=None, noted_at=None, is_gap=False)
                | ~Q(doubt="") & Q(doubted_at__isnull=False, noted_at__isnull=False),
                name="clockcheck_doubt_has_times",
                violation_error_message="What is in doubt has the times of it, and nothing else has.",
            ),
        ]

    def __str__(self) -> str:
        return self.doubt or f"Right on {self.trusted_at:%-d %B %Y}"
