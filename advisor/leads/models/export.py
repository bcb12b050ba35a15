"""Leads that were taken out as a file."""

from datetime import datetime, timedelta

from django.db import models

from advisor.decision.plurals import pluralize
from advisor.fields import one_of

STALLED_AFTER = timedelta(minutes=2)
"""An export of which nothing was heard for so long is not going on any more; a piece of one takes a second."""


class Format(models.TextChoices):
    """What kind of file."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"


class Export(models.Model):
    """One file that was made: by whom, when, of which leads, and how far it has come. It names nobody but staff."""

    by = models.CharField(max_length=150, help_text="The user name as it was.")
    format = models.CharField(max_length=10, choices=Format)
    which = models.CharField(max_length=500, help_text="What the list was narrowed down to; not what was searched for.")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="When the last piece of it was read.")
    done_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(help_text="How many leads there were when it began.")
    rows_done = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        constraints = [one_of("format", Format.values, "export_format_known", "There is no such kind of file.")]

    def __str__(self) -> str:
        return f"{pluralize(self.rows, 'lead')} as {self.get_format_display()}, {self.began_at:%Y-%m-%d %H:%M}"

    def state(self, now: datetime) -> str:
        """How far it is, in words."""
        if self.done_at:
            return f"Done: {pluralize(self.rows_done, 'lead')}"
        percent = min(self.rows_done * 100 // max(self.rows, 1), 100)
        share = f"{self.rows_done:,} of {pluralize(self.rows, 'lead')} ({percent} %)"
        return f"Broken off after {share}" if now - self.seen_at > STALLED_AFTER else f"Going on: {share}"
