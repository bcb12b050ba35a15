"""A person, and each time they asked for a call."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from advisor.assessment.visit import result_path
from advisor.decision.recommendation import Certainty


class Status(models.TextChoices):
    """How far a lead has come."""

    NEW = "new", "New"
    CONTACTED = "contacted", "Contacted"
    QUALIFIED = "qualified", "Qualified"
    WON = "won", "Won"
    LOST = "lost", "Lost"
    SPAM = "spam", "Spam"


class Employees(models.TextChoices):
    """Company size in bands; most companies that profit have 20 to 500."""

    UNDER_20 = "1-19", "Fewer than 20"
    TO_50 = "20-50", "20 to 50"
    TO_200 = "51-200", "51 to 200"
    TO_500 = "201-500", "201 to 500"
    OVER_500 = "501+", "More than 500"


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


class Lead(models.Model):
    """One request for a call, with the recommendation as the visitor saw it.

    ``answers`` is the canonical query string; ``seen`` is what the result said, in words, so that it can be read
    without the edition. ``first_touch`` and ``last_touch`` hold the ``utm_*``, ``ref`` and referrer that rode along.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    requested_at = models.DateTimeField()
    status = models.CharField(max_length=20, choices=Status, default=Status.NEW)

    name = models.CharField(max_length=120)
    email = models.EmailField("e-mail address", help_text="As it was typed.")
    company = models.CharField(max_length=120)
    job_title = models.CharField("role in the company", max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    employees = models.CharField("number of employees", max_length=10, choices=Employees, blank=True)
    message = models.TextField("what they would like to talk about", max_length=4000, blank=True)
    availability = models.CharField("when it suits them", max_length=500, blank=True)

    consent = models.TextField(help_text="The text that was agreed to, word for word.")
    consented_at = models.DateTimeField()

    edition = models.ForeignKey("content.Edition", on_delete=models.PROTECT)
    answers = models.TextField()
    outcome = models.CharField(max_length=40)
    certainty = models.CharField(max_length=10, choices=[(level.value, level.value) for level in Certainty])
    seen = models.JSONField(help_text="Outcome, answers, reasons and remarks in words.")
    result_code = models.CharField(max_length=64)
    first_touch = models.JSONField(default=dict, blank=True)
    last_touch = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-requested_at"]
        indexes = [
            models.Index(fields=["-requested_at"], name="lead_newest"),
            models.Index(fields=["status", "-requested_at"], name="lead_status_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(consent="") & Q(consented_at__lte=F("requested_at")),
                name="lead_has_consent",
                violation_error_message="A lead needs the consent that was given, and when.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="lead_status_known",
                violation_error_message="There is no such status.",
            ),
            models.CheckConstraint(
                condition=Q(certainty__in=[level.value for level in Certainty]),
                name="lead_certainty_known",
                violation_error_message="There is no such certainty.",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(email="") & ~Q(company=""),
                name="lead_can_be_reached",
                violation_error_message="A lead needs a name, an e-mail address and a company.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.company}"

    @property
    def topic(self) -> str:
        """What all messages about this request, and the call that comes of it, are filed under."""
        return f"lead {self.pk}"

    @property
    def result_address(self) -> str:
        """The result page as it was seen."""
        return f"{result_path(self.edition.guide.key)}?{self.answers}&edition={self.edition.number}"


class Submission(models.Model):
    """A form that was sent: its one-time key, written before anything else, and a digest of what it held.

    The same form sent twice meets its own key here and gets the first answer again.
    """

    key = models.CharField(
        max_length=64, validators=[RegexValidator(r"\A[A-Za-z0-9_-]{8,64}\Z", "This is not the key of a form.")]
    )
    digest = models.CharField(max_length=64)
    lead = models.OneToOneField(Lead, on_delete=models.CASCADE, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], name="submission_key_once", violation_error_message="This form was sent already."
            )
        ]

    def __str__(self) -> str:
        return self.key
