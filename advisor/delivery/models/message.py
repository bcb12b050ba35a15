"""Messages, and the attempts to send them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from advisor.delivery.models.endpoint import Endpoint
from advisor.fields import one_of


class Channel(models.TextChoices):
    """How a message is sent."""

    MAIL = "mail", "Mail"
    WEBHOOK = "webhook", "Webhook"
    CALENDAR = "calendar", "Calendar"


class State(models.TextChoices):
    """The state of a message. Every state but waiting is final, unless staff send the message again."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired"


class Message(models.Model):
    """One message to one recipient, written in the same transaction as what it reports.

    ``key`` makes sure that a message is written once: ``call-12-confirmation-1``. All messages about the same thing
    share ``about``: ``call 12``. The worker that sends a message holds its lease. A webhook has an ``endpoint`` instead
    of an address; its subject is the event, and its text is the body. What is written into a calendar has neither: the
    room that wrote the message reads its text.
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

    rank = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="What is due goes out in this order: mail of a burst after all other mail."
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
        indexes = [models.Index(fields=["state", "rank", "due_at"], name="message_due_by_rank")]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], name="message_key_unique", violation_error_message="This message was written already."
            ),
            one_of("channel", Channel.values, "message_channel_known", "There is no such channel."),
            models.CheckConstraint(
                condition=Q(endpoint__isnull=True) & ~Q(channel__in=(Channel.WEBHOOK, Channel.CALENDAR)) & ~Q(to="")
                | Q(channel=Channel.WEBHOOK, endpoint__isnull=False, to="")
                | Q(channel=Channel.CALENDAR, endpoint__isnull=True, to=""),
                name="message_has_one_recipient",
                violation_error_message="Mail goes to an address, a webhook to an endpoint, and what is written into a "
                "calendar names that in its text.",
            ),
            one_of("state", State.values, "message_state_known", "There is no such state."),
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
        # Neither address nor subject, because Django's log of changes keeps this text for ever.
        return self.key

    def clean(self) -> None:
        if self.channel == Channel.MAIL and not self.to:
            raise ValidationError({"to": "Mail goes to an address."})


class Attempt(models.Model):
    """One attempt to send a message. ``error`` is empty if the message was accepted.

    For a webhook, ``request`` has the head of the request. ``answer`` has the main headers, an empty line, and the
    beginning of the body.
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
