"""Data policy of accounts: who logged in or tried to, and in which browsers."""

from datetime import datetime

from django.db.models import QuerySet

from advisor.accounts.models import KnownBrowser, LoginEvent, Passkey, RecoveryCode, StaffSession
from advisor.data_policy import DataPolicy, RecordKind, RetentionRule


def old_events(before: datetime) -> QuerySet[LoginEvent]:
    return LoginEvent.objects.filter(at__lt=before)


def old_browsers(before: datetime) -> QuerySet[KnownBrowser]:
    return KnownBrowser.objects.filter(last_login_at__lt=before)


def remove(records: QuerySet[LoginEvent] | QuerySet[KnownBrowser]) -> int:
    _, removed = records.delete()
    return removed.get(records.model._meta.label, 0)


LOGINS = RecordKind(
    order=70,
    title="Logins and attempts",
    what="When somebody logged in or tried to, with which account, whether it worked, and in which browser the account "
    "is known, by a random cookie. While a session lasts, what kind of browser it is in. In place of the address it "
    "came from we keep a number made of it, from which nobody can read the address.",
    why="So that nobody guesses a password, and so that it can be seen who came in.",
    who="The owner of this site, and those who run it.",
    rules=(
        RetentionRule(
            records="Logins and attempts to log in",
            setting="KEEP_LOGINS_DAYS",
            since="they happened",
            due=old_events,
            remove=remove,
        ),
        RetentionRule(
            records="Browsers that an account is known in",
            setting="KEEP_LOGINS_DAYS",
            since="its last login there",
            due=old_browsers,
            remove=remove,
        ),
    ),
    models=(LoginEvent, KnownBrowser),
    timestamps=((LoginEvent, "at"),),
    is_of_staff=True,
)

data_policy = DataPolicy(kinds=(LOGINS,), not_about_visitors=(Passkey, RecoveryCode, StaffSession))
