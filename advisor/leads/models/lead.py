"""Each time someone asked for a call, and how far that has come."""

from datetime import timedelta
from functools import cached_property
from urllib.parse import parse_qsl

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.urls import reverse

from advisor.assessment.others import OTHERS
from advisor.assessment.visit import call_path, result_path, short_path, together_address
from advisor.content.editions import edition_cache
from advisor.decision.answers import read
from advisor.decision.recommendation import Certainty, Recommendation, recommend
from advisor.fields import AddressField, CompanyOrRoleField, ManyLinesField, NameField, PhoneField, one_of
from advisor.leads.models.details import ABOUT_THE_CALL, declare, details_of
from advisor.leads.models.person import Person
from advisor.text import dialled


class Status(models.TextChoices):
    """How far a lead has come."""

    NEW = "new", "New"
    CONTACTED = "contacted", "Contacted"
    QUALIFIED = "qualified", "Qualified"
    WON = "won", "Won"
    LOST = "lost", "Lost"
    SPAM = "spam", "Spam"


OPEN = (Status.NEW, Status.CONTACTED, Status.QUALIFIED)
"""Where something is still to be done."""


class Employees(models.TextChoices):
    """Company size in bands; most companies that profit have 20 to 500."""

    UNDER_20 = "1-19", "Fewer than 20"
    TO_50 = "20-50", "20 to 50"
    TO_200 = "51-200", "51 to 200"
    TO_500 = "201-500", "201 to 500"
    OVER_500 = "501+", "More than 500"


CERTAINTIES = [level.value for level in Certainty]


class Lead(models.Model):
    """One request for a call, with the recommendation as the visitor saw it.

    ``answers`` is the canonical query string; ``seen`` is what the result said, in words, so that it can be read
    without the edition. ``first_touch`` and ``last_touch`` hold the ``utm_*``, ``ref`` and referrer that rode along.

    A lead that was merged stays as it is; ``merged_into`` names the one that is worked on, which is itself not merged.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    requested_at = models.DateTimeField()

    status = models.CharField(max_length=20, choices=Status, default=Status.NEW)
    lost_reason = models.CharField("why it was lost", max_length=300, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="leads", db_index=False
    )
    next_step = models.CharField(max_length=200, blank=True)
    next_step_on = models.DateField("due on", null=True, blank=True)
    tags = models.ManyToManyField("leads.Tag", blank=True)
    responded_at = models.DateTimeField("first response", null=True, blank=True, editable=False)
    call_at = models.DateTimeField(
        "call", null=True, blank=True, editable=False, help_text="Kept by the room of calls."
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged", editable=False, db_index=False
    )
    is_open = models.GeneratedField(
        expression=ExpressionWrapper(Q(status__in=OPEN, merged_into__isnull=True), models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    name = declare(
        models.CharField(max_length=120),
        search="identity",
        form_class=NameField,
        label="Your name",
        error_messages={"required": "Please tell us your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = declare(
        models.EmailField("e-mail address", help_text="As it was typed."),
        heading="E-mail",
        search="identity",
        form_class=AddressField,
        help_text="We reply to this address and use it for nothing else.",
        error_messages={"required": "Please give an e-mail address, so that we can answer."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    company = declare(
        models.CharField(max_length=120),
        search="identity",
        form_class=CompanyOrRoleField,
        error_messages={"required": "Please tell us the name of your company."},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    job_title = declare(
        models.CharField("role in the company", max_length=120, blank=True),
        policy="role",
        search="identity",
        form_class=CompanyOrRoleField,
        label="Your role in the company",
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    phone = declare(
        models.CharField(max_length=40, blank=True),
        policy="phone number",
        search="number",
        form_class=PhoneField,
        widget=forms.TelInput(attrs={"autocomplete": "tel"}),
    )
    employees = declare(
        models.CharField("number of employees", max_length=10, choices=Employees, blank=True),
        heading="Employees",
        policy="company size",
        choices=[("", "Prefer not to say"), *Employees.choices],
    )
    message = declare(
        models.TextField("what they would like to talk about", max_length=4000, blank=True),
        heading="Message",
        policy="message",
        section=ABOUT_THE_CALL,
        search="written",
        form_class=ManyLinesField,
        label="What would you like to talk about?",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    availability = declare(
        models.CharField("when it suits them", max_length=500, blank=True),
        policy="preferred times",
        section=ABOUT_THE_CALL,
        label="When does it suit you?",
        help_text="Days or times that are good, and your time zone: Tuesday and Thursday mornings, Riga.",
    )

    consent = models.TextField(help_text="The text that was agreed to, word for word.")
    consented_at = models.DateTimeField()

    edition = models.ForeignKey("content.Edition", on_delete=models.PROTECT)
    answers = models.TextField()
    outcome = models.CharField(max_length=40)
    certainty = models.CharField(max_length=10, choices=[(level, level) for level in CERTAINTIES])
    seen = models.JSONField(help_text="Outcome, answers, reasons and remarks in words.")
    roles = models.PositiveSmallIntegerField(default=0, help_text="How many roles the recommendation names.")
    priority = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="As advisor.leads.priority counts."
    )
    result_code = models.CharField(max_length=64)
    first_touch = models.JSONField(default=dict, blank=True)
    last_touch = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-requested_at"]
        permissions = [("export_lead", "Can take leads out as a file")]
        indexes = [
            models.Index(fields=["-requested_at", "-id"], name="lead_newest"),
            models.Index(fields=["-priority", "-id"], name="lead_priority"),
            models.Index(fields=["status", "-requested_at", "-id"], name="lead_status_newest"),
            models.Index(fields=["status", "-priority", "-id"], name="lead_status_priority"),
            models.Index(fields=["-requested_at", "-id"], name="lead_open", condition=Q(is_open=True)),
            models.Index(fields=["owner", "-requested_at", "-id"], name="lead_owner", condition=Q(is_open=True)),
            models.Index(fields=["next_step_on", "id"], name="lead_step", condition=Q(next_step_on__isnull=False)),
            # One of all rows would be nearly all NULL, which SQLite takes for the usual value and does not use.
            models.Index(fields=["merged_into"], name="lead_merged", condition=Q(merged_into__isnull=False)),
            models.Index(fields=["call_at", "id"], name="lead_call", condition=Q(call_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(consent="") & Q(consented_at__lte=F("requested_at")),
                name="lead_has_consent",
                violation_error_message="A lead needs the consent that was given, and when.",
            ),
            one_of("status", Status.values, "lead_status_known", "There is no such status."),
            one_of("certainty", CERTAINTIES, "lead_certainty_known", "There is no such certainty."),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(email="") & ~Q(company=""),
                name="lead_can_be_reached",
                violation_error_message="A lead needs a name, an e-mail address and a company.",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.LOST) & ~Q(lost_reason="") | ~Q(status=Status.LOST) & Q(lost_reason=""),
                name="lead_lost_has_a_reason",
                violation_error_message="A lead that is lost has a reason, and no other has one.",
            ),
            models.CheckConstraint(
                condition=Q(next_step="", next_step_on__isnull=True)
                | ~Q(next_step="") & Q(next_step_on__isnull=False, status__in=OPEN),
                name="lead_next_step_has_a_day",
                violation_error_message="A next step has a day, and only an open lead has one.",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True)
                | Q(merged_into__isnull=False, next_step="") & ~Q(merged_into=F("id")),
                name="lead_not_merged_with_itself",
                violation_error_message="A lead is merged into another one, and has no next step of its own then.",
            ),
            models.CheckConstraint(
                condition=Q(priority__lte=100),
                name="lead_priority_to_100",
                violation_error_message="A priority is 100 at most.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.company}"

    @property
    def topic(self) -> str:
        """What all messages about this request, and the call that comes of it, are filed under."""
        return f"lead {self.pk}"

    @property
    def dialled(self) -> str:
        """The phone number as a link holds it; "" for what is none."""
        return dialled(self.phone)

    @property
    def response_time(self) -> timedelta | None:
        """How long they waited for a first response; None while they still do."""
        return self.responded_at - self.requested_at if self.responded_at else None

    @cached_property
    def recommendation(self) -> Recommendation:
        """What the edition of this lead recommends for its answers, computed once.

        Raises as ``edition_cache.edition`` does.
        """
        guide = edition_cache.edition(self.edition.guide.key, self.edition.number).guide
        answers, _ = read(guide, parse_qsl(self.answers))
        return recommend(guide, answers)

    @property
    def result_address(self) -> str:
        """The result page as it was seen."""
        return f"{result_path(self.edition.guide.key)}?{self._query}"

    @property
    def short_address(self) -> str:
        """The result page, as it is passed on."""
        return short_path(self.result_code)

    @property
    def comparison_address(self) -> str:
        """Their answers beside those of others that they came from; "" where there were none."""
        others = [code for code in self.last_touch.get(OTHERS, "").split(".") if code not in ("", self.result_code)]
        codes = [*others, self.result_code]
        return together_address(self.edition.guide.key, codes) if others else ""

    @property
    def call_address(self) -> str:
        """Where to ask for another call with this result."""
        return f"{call_path(self.edition.guide.key)}?{self._query}"

    @property
    def _query(self) -> str:
        return f"{self.answers}&edition={self.edition.number}"

    @property
    def staff_address(self) -> str:
        """The page of the lead in the admin, for a mail or another system."""
        return settings.SITE_URL + reverse("admin:leads_lead_change", args=[self.pk])


DETAILS = details_of(Lead)
"""What the visitor gives, by the name of its field."""


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
        verbose_name = "key of a form"
        verbose_name_plural = "keys of forms"
        constraints = [
            models.UniqueConstraint(
                fields=["key"], name="submission_key_once", violation_error_message="This form was sent already."
            )
        ]

    def __str__(self) -> str:
        return self.key
