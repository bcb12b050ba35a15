"""Links by which a colleague without an account walks a draft."""

import secrets
from datetime import datetime

from django.db import models


def new_token() -> str:
    """What nobody can guess: 144 bits."""
    return secrets.token_urlsafe(18)


class PreviewLink(models.Model):
    """Opens the draft of one guide to whoever has it, until it expires or is revoked."""

    guide = models.ForeignKey("content.Guide", on_delete=models.CASCADE)
    token = models.CharField(max_length=40, default=new_token, editable=False)
    purpose = models.CharField(max_length=120, blank=True, help_text="Whom it is for: our lawyer, until the review")
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["token"], name="preview_token_unique", violation_error_message="This link exists already."
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")),
                name="preview_expires_later",
                violation_error_message="A preview link expires after it was made.",
            ),
        ]

    def __str__(self) -> str:
        return f"preview of {self.guide}{f' for {self.purpose}' if self.purpose else ''}"

    def is_open(self, now: datetime) -> bool:
        """Whether it opens the draft at this moment."""
        return self.revoked_at is None and now < self.expires_at
