"""Who works on leads or is mailed about them, the tags they are sorted by, and everything that happened to one."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from advisor.fields import Texts, one_of


class Salesperson(models.Model):
    """A member of staff who is given new leads, of every outcome or of some. The one with the least to do is next."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    is_active = models.BooleanField(
        "active",
        default=True,
        help_text="Whether they work on leads. The open leads of those who do not are listed as nobody’s.",
    )
    takes_every_outcome = models.BooleanField(default=True, help_text="Or only the outcomes chosen below.")
    outcomes = models.ManyToManyField("content.Outcome", blank=True, help_text="What they take leads about.")

    class Meta:
        verbose_name_plural = "salespeople"
        ordering = ["user__username"]

    def __str__(self) -> str:
        return str(self.user)


class Frequency(models.TextChoices):
    """How often someone is mailed about new leads."""

    AT_ONCE = "at-once", "At once: a mail for each"
    DAILY = "daily", "Once a day: one mail for all, if there are any"


class LeadAlert(models.Model):
    """A member of staff who is mailed about new leads; whoever has none is mailed about none.

    ``notified_until`` is up to when a daily mail has named them.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    frequency = models.CharField(max_length=10, choices=Frequency, default=Frequency.AT_ONCE)
    notified_until = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            one_of("frequency", Frequency.values, "leadalert_frequency_known", "There is no such frequency.")
        ]

    def __str__(self) -> str:
        return f"{self.user.get_username()}: {self.get_frequency_display()}"


class Tag(Texts):
    """A word that sales sorts leads by."""

    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), name="tag_name_unique", violation_error_message="There is a tag of this name already."
            )
        ]

    def __str__(self) -> str:
        return self.name


class EventKind(models.TextChoices):
    """What can happen to a lead. The request itself and the mail about it are kept elsewhere already."""

    NOTE = "note", "Note"
    SPOKE = "spoke", "Spoke to them"
    WROTE = "wrote", "Wrote to them"
    TRIED = "tried", "Could not reach them"
    STATUS = "status", "Status"
    OWNER = "owner", "Owner"
    NEXT_STEP = "next-step", "Next step"
    TAGS = "tags", "Tags"
    BOOKED = "booked", "Call booked"
    MOVED = "moved", "Call changed"
    CANCELLED = "cancelled", "Call cancelled"
    HELD = "held", "Call held"
    NO_SHOW = "no-show", "Nobody came to the call"
    EXPORTED = "exported", "Exported"
    WEBHOOK = "webhook", "Webhook"
    MERGED = "merged", "Merged"
    CORRECTED = "corrected", "Details corrected"


BY_HAND = (EventKind.NOTE, EventKind.SPOKE, EventKind.WROTE, EventKind.TRIED)
"""What staff write down."""

BY_VISITORS = (EventKind.BOOKED, EventKind.MOVED, EventKind.CANCELLED)
"""What visitors do themselves, unless the event names somebody of staff."""

VISITOR, AUTOMATIC = "the visitor", "automatic"
"""Who did what no user name stands for."""

RESPONSE_KINDS = (EventKind.SPOKE, EventKind.WROTE, EventKind.HELD)
"""What counts as the response that the person was waiting for."""


class Event(models.Model):
    """Something that happened to a lead. It is erased with the lead, and names no other one."""

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="events", db_index=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=EventKind)
    words = models.TextField(max_length=4000, blank=True)
    by = models.CharField(
        max_length=150, blank=True, help_text="The user name as it was; empty for visitors and for what is automatic."
    )

    class Meta:
        verbose_name = "entry of the history"
        verbose_name_plural = "entries of the history"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["lead", "-at"], name="event_newest")]
        constraints = [
            one_of("kind", EventKind.values, "event_kind_known", "There is no such kind of event."),
            models.CheckConstraint(
                condition=~Q(kind__in=BY_HAND) | (~Q(words="") & ~Q(by="")),
                name="event_note_has_words",
                violation_error_message="A note says something, and by whom.",
            ),
        ]

    def __str__(self) -> str:
        # Not its words: Django's log of changes keeps this for ever.
        return f"{self.get_kind_display()}, {self.at:%Y-%m-%d %H:%M}"

    @property
    def actor(self) -> str:
        """Who did it, in words."""
        return self.by or (VISITOR if self.kind in BY_VISITORS else AUTOMATIC)


class WordField(models.CharField):  # type: ignore[type-arg]
    """Ordered by bytes on both databases, so that words that begin alike stand together whatever the language."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        collation = {"collation": "C"} if connection.vendor == "postgresql" else {}
        return dict(super().db_parameters(connection)) | collation


class LeadWord(models.Model):
    """A word by which a lead is found, as ``advisor.leads.search.words`` makes them."""

    word = WordField(max_length=254)
    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="words")

    class Meta:
        verbose_name = "word of the search"
        verbose_name_plural = "words of the search"
        indexes = [models.Index(fields=["word", "-lead"], name="leadword_newest")]

    def __str__(self) -> str:
        return f"a word of lead {self.lead_id}"
