"""What is to go out, and what came of every attempt."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from advisor.delivery.models.endpoint import Endpoint


class Channel(models.TextChoices):
    """By which way a message goes out."""

    MAIL = "mail", "Mail"
    WEBHOOK = "webhook", "Webhook"


class State(models.TextChoices):
    """Where a message is. What waits is sent; every other state is final until staff send it again."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired"


class Message(models.Model):
    """One message to one address, written in the same transaction as what it tells about.

    ``key`` says what it is, so that it is written once: ``call-12-confirmation-1``. ``about`` is shared by all that
    tell about the same thing: ``call 12``. A worker holds the lease of what it has in hand. A webhook has an
    ``endpoint`` instead of an address, its event as the subject, and its body as the text.
    """

    key = models.CharField(max_length=120)
    about = models.CharField(max_length=60, db_index=True)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.MAIL)

    to = models.EmailField(max_length=254, blank=True)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, null=True, blank=True)
    reply_to = models.EmailField(max_length=254, blank=True)
    subject = models.CharField(max_length=400)
    text = models.TextField()
    html = models.TextField("HTML", blank=True)
    attachments = models.JSONField(default=list, blank=True, help_text="Each as advisor.delivery.mail.Attachment.")
    message_id = models.CharField(
        "Message-ID", max_length=250, help_text="The same on every attempt; the webhook-id of a webhook."
    )

    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True, help_text="From then on it is not sent any more.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.IntegerField(
        default=0, help_text="Since it was written or sent again, with those that a worker did not live to the end of."
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=100, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="message_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], name="message_key_unique", violation_error_message="This message was written already."
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values),
                name="message_channel_known",
                violation_error_message="There is no such channel.",
            ),
            models.CheckConstraint(
                condition=Q(endpoint__isnull=True) & ~Q(channel=Channel.WEBHOOK) & ~Q(to="")
                | Q(channel=Channel.WEBHOOK, endpoint__isnull=False, to=""),
                name="message_has_one_recipient",
                violation_error_message="Mail goes to an address, a webhook to an endpoint.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values),
                name="message_state_known",
                violation_error_message="There is no such state.",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SENT, sent_at__isnull=False) | ~Q(state=State.SENT) & Q(sent_at__isnull=True),
                name="message_sent_has_a_time",
                violation_error_message="What is sent has a time when it was, and nothing else has.",
            ),
            models.CheckConstraint(
                condition=Q(attempts__gte=0),
                name="message_attempts_from_zero",
                violation_error_message="There are no fewer than no attempts.",
            ),
            models.CheckConstraint(
                condition=Q(leased_by="", lease_until__isnull=True) | ~Q(leased_by="") & Q(lease_until__isnull=False),
                name="message_lease_has_an_end",
                violation_error_message="A lease has someone who holds it and an end.",
            ),
        ]

    def __str__(self) -> str:
        # Neither address nor subject: Django's log of changes keeps this for ever.
        return self.key

    def clean(self) -> None:
        if self.channel == Channel.MAIL and not self.to:
            raise ValidationError({"to": "Mail goes to an address."})


class Attempt(models.Model):
    """One attempt to send a message. ``error`` is empty when it was accepted.

    Of a webhook it keeps the head of the request, whose body is the text of the message, and the answer: the headers
    that matter, an empty line, and the first of its body.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE)
    at = models.DateTimeField()
    error = models.CharField(max_length=500, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
    request = models.TextField(blank=True)
    status = models.PositiveIntegerField(default=0)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}: {self.error or 'accepted'}"
