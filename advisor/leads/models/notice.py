"""Which members of staff hear of new leads."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class How(models.TextChoices):
    """How someone hears of new leads."""

    AT_ONCE = "at-once", "At once: a mail for each"
    DAILY = "daily", "Once a day: one mail for all, if there are any"


class Notice(models.Model):
    """A member of staff who wants to hear of new leads; whoever has none hears of none.

    ``told_until`` is up to when a daily mail has told of them.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    how = models.CharField(max_length=10, choices=How, default=How.AT_ONCE)
    told_until = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "notice of new leads"
        verbose_name_plural = "notices of new leads"
        constraints = [
            models.CheckConstraint(
                condition=Q(how__in=How.values),
                name="notice_how_known",
                violation_error_message="There is no such way to hear of leads.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user.get_username()}: {self.get_how_display()}"
