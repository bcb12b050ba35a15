"""Who asks: a person is an address."""

from django.db import models
from django.db.models.functions import Lower


class Person(models.Model):
    """Someone with an address; their history is all their leads, which go with them when they are erased."""

    email = models.EmailField("e-mail address")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="person_email_unique",
                violation_error_message="Someone with this e-mail address is here already.",
            )
        ]

    def __str__(self) -> str:
        return self.email
