"""What happened at the door: logins and attempts at one, and the browsers in which each account has logged in."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q


class Kind(models.TextChoices):
    """What happened."""

    LOGGED_IN = "logged-in", "Logged in"
    FAILED = "failed", "Failed to log in"
    LOCKED = "locked", "Locked for a while"
    REFUSED = "refused", "Refused unheard"
    LOGGED_OUT = "logged-out", "Logged out"
    SECOND_FACTOR = "second-factor", "Second factor changed"
    ENDED = "ended", "Ended other sessions"


class KnownBrowser(models.Model):
    """A browser in which an account has logged in, by a random cookie of which only a hash is kept here."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64)
    first_login_at = models.DateTimeField()
    last_login_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "token_hash"],
                name="knownbrowser_once_of_account",
                violation_error_message="This account is known in this browser already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Browser {self.pk}"


class RecoveryCode(models.Model):
    """Logs an account in once, without its app. Only a hash is kept."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Recovery code {self.pk}"


class Passkey(models.Model):
    """A key pair on a device of an account, of which the public key is here; see ``advisor.accounts.passkeys``."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=60)
    credential_id = models.CharField(max_length=1400, help_text="What the device knows it by, in base64url.")
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0, help_text="How often the device has signed with it, if it counts.")
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(help_text="When the last challenge was made that it answered.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["credential_id"],
                name="passkey_once",
                violation_error_message="This passkey is known already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Passkey {self.pk}"


class StaffSession(AbstractBaseSession):
    """A session with the account that it belongs to; see ``advisor.accounts.sessions``."""

    # No foreign key: who deletes their own account is answered with a session of it.
    account_pk = models.BigIntegerField(null=True, db_index=True)
    last_seen_at = models.DateTimeField(help_text="To the minute.")

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "session"


class LoginEvent(models.Model):
    """A line of the audit trail. The throttle counts the failures in it, so both say the same.

    What was typed is kept by name only where an account has that name: people type passwords into the wrong field.
    ``times`` is more than one for refusals alone, which a program can cause by the thousand.
    """

    at = models.DateTimeField(help_text="Of several refusals, the first.")
    kind = models.CharField(max_length=20, choices=Kind)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    name = models.CharField("account", max_length=150, blank=True, help_text="The user name as it was.")
    name_hash = models.CharField(
        max_length=64, blank=True, help_text="Of the name that was typed; empty for a network that is locked."
    )
    network = models.CharField(
        max_length=64,
        blank=True,
        help_text="Stands for the address it came from, which is not kept; empty for a name that is locked.",
    )
    browser = models.ForeignKey(
        KnownBrowser,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        help_text="The browser, if this account had logged in there before.",
    )
    times = models.PositiveIntegerField(default=1)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "login or attempt"
        verbose_name_plural = "logins and attempts"
        indexes = [
            models.Index(fields=["name_hash", "at"], condition=Q(kind="failed"), name="loginevent_of_name"),
            models.Index(fields=["network", "at"], condition=Q(kind="failed"), name="loginevent_of_network"),
            models.Index(fields=["at"], name="loginevent_at"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at:%-d %B %Y, %H:%M} UTC"
