"""Pages about one's own account: the second factor, and sessions."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods

from advisor.accounts import passkeys as keys
from advisor.accounts import second_factor
from advisor.accounts.audit import account_of, record
from advisor.accounts.models import Kind, Passkey
from advisor.accounts.notices import tell
from advisor.accounts.own_sessions import end_sessions, own_sessions
from advisor.accounts.sessions import IDLE, is_fresh
from advisor.decision.plurals import pluralize
from advisor.http import HelpfulNotFound

NEXT = "next"


class CodeForm(forms.Form):
    """The code that an app shows after it was set up."""

    code = forms.CharField(
        label="Code that the app shows",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasskeyForm(forms.Form):
    """A passkey that a browser has made, and what its owner calls it."""

    name = forms.CharField(
        label="Name",
        max_length=60,
        initial="My passkey",
        help_text="By which you know it again: the device or the security key that it is on.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    answer = forms.CharField(
        widget=forms.HiddenInput, error_messages={"required": "Your browser has made no passkey. Please try again."}
    )


def next_address(request: HttpRequest) -> str:
    """Where a page leads on to: an address of this site, the front page of the admin otherwise."""
    address = request.GET.get(NEXT, "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_ours else reverse("admin:index")


def with_next(name: str, address: str) -> str:
    """The address of a page that leads on to another."""
    return f"{reverse(f'admin:{name}')}?{urlencode({NEXT: address})}"


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is logged in; sent, one other session is ended, or all others."""
    account = account_of(request)
    if request.method == "POST":
        one = None if "others" in request.POST else request.POST.get("session", "")
        ended = end_sessions(request, account, only=one)
        if ended:
            words = f"{pluralize(ended, 'session')} ended."
            record(request, Kind.ENDED, account, now=timezone.now(), detail=words)
            messages.success(request, words)
        else:
            messages.warning(request, "No other session was there any more.")
        return redirect("admin:sessions")
    context = {
        "title": "Your sessions",
        "sessions": own_sessions(request, account),
        "idle": pluralize(IDLE // timedelta(hours=1), "hour"),
        "lifetime": pluralize(settings.SESSION_COOKIE_AGE // 3600, "hour"),
    }
    return _page(request, "accounts/sessions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Setting up an app, the first or another one: a key as a picture and as text, then a code that shows it works."""
    _only_where_asked_for()
    account = account_of(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = second_factor.confirm_setup(request, account, form.cleaned_data["code"])
        if codes is not None:
            request.session[second_factor.PROVED] = second_factor.BY_APP
            request.session.cycle_key()
            _changed(request, account, "an app was set up")
            return _codes_page(request, codes)
        form.add_error("code", "This is not the code of this key. Please wait until the app shows the next one.")
    app = second_factor.begin_setup(request, account, now=timezone.now())
    context = {
        "title": f"{'Error: ' if form.errors else ''}Set up your second factor",
        "form": form,
        "drawing": SafeString(second_factor.drawing(app)),
        "key": second_factor.key_in_words(app),
        "is_first": second_factor.app_of(account) is None,
    }
    return _page(request, "accounts/set_up.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """What one's second factor is; sent, there are new recovery codes."""
    _only_where_asked_for()
    account = account_of(request)
    app = second_factor.app_of(account)
    if app is None:
        return redirect("admin:set_up_second_factor")
    if request.method == "POST":
        codes = second_factor.new_recovery_codes(account)
        _changed(request, account, "new recovery codes were made")
        return _codes_page(request, codes)
    context = {
        "title": "Your second factor",
        "app": app,
        "codes_left": second_factor.codes_left(account),
        "passkeys": Passkey.objects.filter(account=account).count(),
        "takes_passkeys": keys.are_offered(request),
    }
    return _page(request, "accounts/second_factor.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def passkeys(request: HttpRequest) -> HttpResponse:
    """One's passkeys; sent, one is added or removed."""
    account, now = account_of(request), timezone.now()
    if not keys.are_offered(request):
        raise HelpfulNotFound("This site takes no passkeys at this address.")
    form = PasskeyForm(request.POST if "answer" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            keys.add(account, form.cleaned_data["answer"], name=form.cleaned_data["name"], now=now)
        except keys.NotTakenError:
            form.add_error("answer", "This passkey could not be taken. Please try again.")
        else:
            _changed(request, account, "a passkey was added")
            messages.success(request, "The passkey was added. At your next login use it in place of the code.")
            return redirect("admin:passkeys")
    if request.method == "POST" and not form.is_bound:
        if keys.remove(account, request.POST.get("remove", "")):
            _changed(request, account, "a passkey was removed")
            messages.success(request, "The passkey was removed. Delete it on its device as well.")
        return redirect("admin:passkeys")
    owned = Passkey.objects.filter(account=account).order_by("pk")
    context = {
        "title": f"{'Error: ' if form.errors else ''}Your passkeys",
        "form": form,
        "passkeys": owned,
        "is_fresh": is_fresh(request.session),
        "options": keys.options_to_add(account, now=now) if len(owned) < keys.MAX_OF_ACCOUNT else "",
    }
    return _page(request, "accounts/passkeys.html", context)


def _changed(request: HttpRequest, account: User, what: str) -> None:
    """Write down a change of the second factor, and tell its owner."""
    now = timezone.now()
    event = record(request, Kind.SECOND_FACTOR, account, now=now, detail=f"{capfirst(what)}.")
    tell(account, what, key=f"second-factor-{event.pk}", now=now)


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The recovery codes, shown once."""
    return _page(
        request, "accounts/codes.html", {"title": "Your recovery codes", "codes": codes, "next": next_address(request)}
    )


def _only_where_asked_for() -> None:
    if not settings.SECOND_FACTOR:
        raise HelpfulNotFound("This site asks for no second factor.")


def _page(request: HttpRequest, template: str, context: Mapping[str, object]) -> TemplateResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context})
