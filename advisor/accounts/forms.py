"""The form by which staff log in, on the login page and where a login is asked for again."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from advisor.accounts import passkeys, second_factor
from advisor.accounts.audit import log
from advisor.accounts.browsers import know_browser
from advisor.accounts.models import Kind, KnownBrowser
from advisor.accounts.notices import tell
from advisor.accounts.own_sessions import begin_own_session, device_of
from advisor.accounts.throttle import TooManyAttemptsError, begin_attempt
from advisor.decision.plurals import pluralize

TOO_MANY = (
    "There were too many attempts to log in, so this one was not looked at. Please try again after {until} UTC, in "
    "{minutes}. In a browser in which you have logged in before you need not wait for what others did."
)
NOT_RIGHT = (
    "The username, the password, or the code or passkey is not right. Both of the first may be case-sensitive. A code "
    "of the app works once. After several wrong ones none is taken for some minutes; a recovery code or passkey is."
)
OPEN_TOO_LONG = "This page was open for too long for a passkey. Press the button once more: it is new now."
SET_UP_FIRST = (
    "This account has no second factor yet. Set it up first: log in at the start page of the admin in another tab. "
    "Then come back to this page, which keeps what you entered, and log in here."
)


class LoginForm(AdminAuthenticationForm):
    """Counts an attempt before the password is looked at, and writes down what came of it.

    The code is asked for beside the password: the answer does not say which of the two was wrong. Unless
    ``may_set_up``, an account without a second factor is not let in where one is asked for.
    """

    code = forms.CharField(
        label="Code",
        required=False,
        max_length=40,
        help_text="The six digits that your app shows, or a recovery code. Empty if you have not set it up yet.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )
    passkey = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, may_set_up: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_set_up = may_set_up
        if settings.SECOND_FACTOR:
            self.error_messages = {**self.error_messages, "invalid_login": NOT_RIGHT}
        else:
            del self.fields["code"]
        if self.request is None or not passkeys.are_offered(self.request):
            del self.fields["passkey"]

    @property
    def passkey_options(self) -> str:
        """What a browser needs to use a passkey in place of the code; "" where none is taken."""
        return passkeys.options_to_log_in(now=timezone.now()) if "passkey" in self.fields else ""

    def clean(self) -> dict[str, Any]:
        if self.errors:
            # Nothing is judged by half a form.
            return self.cleaned_data
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if self.request is None or not username or not password:
            return super().clean()
        now = timezone.now()
        try:
            attempt = begin_attempt(self.request, username, now=now)
        except TooManyAttemptsError as error:
            minutes = pluralize(int((error.until - now).total_seconds() // 60) + 1, "minute", "minutes")
            # The minute that begins next, as this one may not be over.
            until = timezone.localtime(error.until + timedelta(minutes=1))
            raise ValidationError(TOO_MANY.format(until=f"{until:%H:%M}", minutes=minutes), code="throttled") from error
        try:
            cleaned = super().clean()
            proof = self._proof(self.get_user())
        except ValidationError:
            log(attempt)
            raise
        attempt.browser, is_new = know_browser(self.request, self.get_user(), now=now)
        attempt.kind, attempt.detail = Kind.LOGGED_IN, f"With {proof}." if proof else ""
        attempt.save(update_fields=["kind", "browser", "detail"])
        log(attempt)
        if is_new and KnownBrowser.objects.filter(account=self.get_user()).count() > 1:
            words = f"somebody logged in from a browser that was not known, {device_of(self.request)}"
            tell(self.get_user(), words, key=f"login-{attempt.pk}", now=now)
        if proof == second_factor.BY_RECOVERY_CODE:
            tell(self.get_user(), "a recovery code was used", key=f"recovery-code-{attempt.pk}", now=now)
        self.request.login_event = attempt  # type: ignore[attr-defined]
        self.request.second_factor = proof  # type: ignore[attr-defined]
        return cleaned

    def _proof(self, account: User) -> str:
        """How the second factor was proved; "" where none is asked for, or it is set up next."""
        if not settings.SECOND_FACTOR:
            return ""
        if second_factor.app_of(account) is None:
            if not self.may_set_up:
                raise ValidationError(SET_UP_FIRST, code="set-up-first")
            return ""
        now, proof = timezone.now(), ""
        code, answer = self.cleaned_data.get("code", ""), self.cleaned_data.get("passkey", "")
        # A browser may give back what it sent before; what was typed is meant.
        if answer and not code:
            if passkeys.is_too_late(answer, now=now):
                raise ValidationError(OPEN_TOO_LONG, code="open-too-long")
            proof = second_factor.BY_PASSKEY if passkeys.proves(account, answer, now=now) else ""
        else:
            proof = second_factor.check(account, code, now=now)
        if not proof:
            raise self.get_invalid_login_error()
        return proof


def begin_session(request: HttpRequest) -> None:
    """Write into a session what the login that began it proved, and when; nothing if there was no login."""
    if not hasattr(request, "login_event"):
        return
    begin_own_session(request, now=request.login_event.at)
    proof = request.second_factor  # type: ignore[attr-defined]
    if proof:
        request.session[second_factor.PROVED] = proof
    if proof == second_factor.BY_RECOVERY_CODE:
        left = pluralize(second_factor.codes_left(request.user), "recovery code")  # type: ignore[arg-type]
        messages.warning(request, f"This recovery code will not work again. You have {left} left.")
