"""How often something was done within a day or an hour."""

from django.db import models


class Usage(models.Model):
    """How often something was done since an instant. ``mark`` stands for by whom or from where: nobody can read either
    from it.
    """

    what = models.CharField(max_length=40)
    mark = models.CharField(max_length=64)
    since = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["what", "mark", "since"],
                name="usage_once",
                violation_error_message="This is counted in another row.",
            ),
        ]
        indexes = [models.Index(fields=["since"], name="usage_since")]

    def __str__(self) -> str:
        return f"{self.what}, since {self.since:%Y-%m-%d %H:%M}"
