"""Refused forms of the admin: their page shows them again, and a login does not lose them.

If someone who is not logged in sends a form, the same address shows the login page, with the form in hidden fields.
After the login the page shows the form, filled in. Nothing is stored on the server, and nothing is saved before someone
sees the form and presses Save.
"""

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation, AdminSite
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache

from advisor.accounts.audit import account_of
from advisor.accounts.browsers import keep_cookie
from advisor.accounts.forms import LoginForm, begin_session
from advisor.accounts.second_factor import app_of, is_proved
from advisor.accounts.views import next_address, with_next
from advisor.http import HelpfulNotFound, sent_fields
from advisor.insights.confirming import asks_again
from advisor.insights.guarded_admin import GuardedAdmin
from advisor.posts import (
    CONFIRMED_FIRST,
    KEPT_THROUGH_LOGIN,
    LOGGED_OUT,
    as_opened,
    may_show_again,
    nothing_is_written,
    refusal_of,
    shows_again,
)
from advisor.text import parse_key

BoundView = partial[HttpResponse]
"""A view with its request and the arguments from its address."""

LOG_IN = "log-in"
"""The prefix of the login's own fields, which distinguishes them from the fields of the form."""
USERNAME, PASSWORD = f"{LOG_IN}-username", f"{LOG_IN}-password"
BACK, HAD_FILES, REFUSED = f"{LOG_IN}-back", f"{LOG_IN}-files", f"{LOG_IN}-refused"
CHOOSE_AGAIN = "Please choose your file again."
NOT_WITH_THIS_ACCOUNT = "The account {} may not do this. What you entered is still here: log in with another account."
LOGGED_OUT_MEANWHILE = "You were logged out while you worked. {}"
TRY_AGAIN = "You are not logged in yet: {} Please try again."
CONFIRM = (
    "Please confirm that it is you: you logged in more than half an hour ago, and what you are about to do cannot be "
    "taken back. Nothing is done yet, and nothing you entered is lost."
)
ACTION = f"{ActionLocation.CHANGE_FORM.value}-action"


class FormKeepingSite(AdminSite):
    """An admin that loses no form when it refuses it."""

    login_form = LoginForm

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002
        checked = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            kept = self._keep_form(request, partial(view, request, *args, **kwargs))
            if kept is None:
                answer: HttpResponse = checked(request, *args, **kwargs)
                return answer
            add_never_cache_headers(kept)
            keep_cookie(request, kept)
            return kept

        return update_wrapper(guarded, view)

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and is_proved(request)

    def password_view(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """A page of the second factor: for whom the password was enough until now, unless they have one already."""

        protected = self.admin_view(view)

        def guarded(request: HttpRequest) -> HttpResponse:
            if self.has_permission(request) or not self._may_set_up(request):
                answer: HttpResponse = protected(request)
                return answer
            if refusal := refusal_of(request):
                messages.error(request, refusal.of_an_action)
                as_opened(request)
            return view(request)

        return never_cache(update_wrapper(guarded, view))

    def _may_set_up(self, request: HttpRequest) -> bool:
        """Whether nothing but the first second factor is missing."""
        return super().has_permission(request) and app_of(account_of(request)) is None

    def _keep_form(self, request: HttpRequest, page: BoundView) -> HttpResponse | None:
        """A page with the form that was sent; None if the view may have the request."""
        if request.method != "POST":
            return None
        refusal = refusal_of(request)
        if not self.has_permission(request):
            is_logout = request.path == reverse("admin:logout", current_app=self.name)
            return None if is_logout or (refusal and refusal.is_foreign) else self._log_in(request, page)
        if USERNAME in request.POST:
            # As another account, or meanwhile in another tab, whose login is enough.
            logs_in = request.POST.get(PASSWORD) and not refusal
            return self._log_in(request, page) if logs_in else self._resume(request, page)
        if refusal:
            return self._show(request, page, back_of(request))
        return self._ask_to_confirm(request) if asks_again(request) else None

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the login form again, with the user name, if its token is no longer valid."""
        refusal = refusal_of(request)
        if not refusal:
            if request.method == "GET" and not self.has_permission(request) and self._may_set_up(request):
                return redirect(with_next("set_up_second_factor", next_address(request)))
            answer = super().login(request, extra_context)
            begin_session(request)
            keep_cookie(request, answer)
            return answer
        username = request.POST.get("username", "")
        as_opened(request)
        response = super().login(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data:
            messages.error(request, TRY_AGAIN.format(refusal.reason))
            response.context_data["form"].initial["username"] = username
        return response

    def _log_in(self, request: HttpRequest, page: BoundView) -> HttpResponse:
        """Show the login form with the refused form in it. After the login, go on to the refused form."""
        refusal, back = refusal_of(request), back_of(request)
        if USERNAME not in request.POST:
            message = NOT_WITH_THIS_ACCOUNT.format(request.user) if request.user.is_authenticated else ""
            if refusal and refusal.key in KEPT_THROUGH_LOGIN:
                message = f"{message} {refusal.to_staff}" if message else LOGGED_OUT_MEANWHILE.format(refusal.to_staff)
            return self._ask_to_log_in(request, LoginForm(request, prefix=LOG_IN), back, message)
        if refusal:
            form = LoginForm(request, prefix=LOG_IN, initial={"username": request.POST[USERNAME]})
            return self._ask_to_log_in(request, form, back, TRY_AGAIN.format(refusal.reason))
        form = LoginForm(request, request.POST, prefix=LOG_IN, may_set_up=False)
        if not form.is_valid():
            return self._ask_to_log_in(request, form, back)
        login(request, form.get_user())
        begin_session(request)
        return self._resume(request, page)

    def _ask_to_confirm(self, request: HttpRequest) -> HttpResponse:
        """Show the login form with the form in it although somebody is logged in: it is too long ago."""
        request.refusal = CONFIRMED_FIRST  # type: ignore[attr-defined]
        form = LoginForm(request, prefix=LOG_IN, initial={"username": request.user.get_username()})
        return self._ask_to_log_in(request, form, back_of(request), CONFIRM)

    def _resume(self, request: HttpRequest, page: BoundView) -> HttpResponse:
        """Show the refused form again after a login, without the login's own fields; it is not saved until it is sent
        once more.
        """
        if request.POST.get(HAD_FILES):
            messages.warning(request, CHOOSE_AGAIN)
        request.refusal = KEPT_THROUGH_LOGIN.get(request.POST.get(REFUSED, ""), LOGGED_OUT)  # type: ignore[attr-defined]
        back, fields = back_of(request), request.POST.copy()
        for name in [name for name in fields if name.startswith(f"{LOG_IN}-")]:
            del fields[name]
        request.POST = fields  # type: ignore[assignment]
        return self._show(request, page, back)

    def _show(self, request: HttpRequest, page: BoundView, back: str) -> HttpResponse:
        """Show the page with what was sent, or as it opens if it has no form to fill in."""
        refusal = refusal_of(request) or LOGGED_OUT
        with nothing_is_written():
            if not may_show_again(page.func):
                return self._as_opened(request, back)
            try:
                response = page()
            except PermissionDenied:
                form = LoginForm(request, prefix=LOG_IN)
                return self._ask_to_log_in(request, form, back, NOT_WITH_THIS_ACCOUNT.format(request.user))
        # The page is rendered later, with these messages.
        messages.error(request, refusal.to_staff if request.method == "POST" else refusal.of_an_action)
        if request.FILES:
            messages.warning(request, CHOOSE_AGAIN)
        return response

    def _as_opened(self, request: HttpRequest, back: str) -> HttpResponse:
        """Show the page as it opens, with the reason why nothing was done."""
        refusal, match = refusal_of(request) or LOGGED_OUT, request.resolver_match
        messages.error(request, refusal.of_an_action)
        as_opened(request)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs) if match else redirect("admin:index")
        if isinstance(response, HttpResponseNotAllowed):
            return redirect(back or "admin:index")
        return response

    def _ask_to_log_in(self, request: HttpRequest, form: forms.Form, back: str, message: str = "") -> TemplateResponse:
        fields = [pair for pair in sent_fields(request) if not pair[0].startswith(f"{LOG_IN}-")]
        refusal = refusal_of(request)
        refused = refusal.key if refusal else request.POST.get(REFUSED, "")
        context = {
            **self.each_context(request),
            "title": "Log in again",
            "subtitle": None,
            "form": form,
            "message": message,
            "app_path": request.get_full_path(),
            "fields": fields,
            "extra": [
                (BACK, back),
                (HAD_FILES, "yes" if request.POST.get(HAD_FILES) or request.FILES else ""),
                (REFUSED, refused if refused in KEPT_THROUGH_LOGIN else ""),
            ],
        }
        return TemplateResponse(request, "admin/log_in_again.html", context)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Let the forms and lists of every admin class show refused forms again, and bear whatever is sent to them.
        Django's own classes are included.
        """
        base = admin_class or admin.ModelAdmin
        extended = type(base.__name__, (ShowsRefusedForms, GuardedAdmin, base), {"__module__": base.__module__})
        super().register(model_or_iterable, extended, **options)


class ShowsRefusedForms(admin.ModelAdmin):
    """Shows a refused form with what was sent, and a refused list with its ticks."""

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = refusal_of(request)
        return refused_form_class(form, is_partial=refusal.is_partial) if refusal else form

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        if request.method == "POST":
            # Our page for a missing object shows what was typed; Django would redirect and lose it.
            raise HelpfulNotFound("This was deleted while you worked on it, so there is nothing to save it to.")
        response: HttpResponse = super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        return response

    @shows_again
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().add_view(request, form_url, extra_context)

    @shows_again
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if refusal_of(request) and ACTION in request.POST:
            # A button beside the form was pressed: show what was typed, and do nothing.
            fields = request.POST.copy()
            del fields[ACTION]
            request.POST = fields  # type: ignore[assignment]
        return super().change_view(request, object_id, form_url, extra_context)

    @shows_again
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not refusal_of(request):
            return super().changelist_view(request, extra_context)
        ticked = {parse_key(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)}
        choice = request.POST.get("action", "")
        as_opened(request)
        response = super().changelist_view(request, {**(extra_context or {}), "ticked": ticked, "choice": choice})
        changelist = (getattr(response, "context_data", None) or {}).get("cl")
        if changelist:
            for one in changelist.result_list:
                one.is_ticked = one.pk in ticked
            if response.context_data["action_form"]:  # type: ignore[attr-defined]
                response.context_data["action_form"].initial["action"] = choice  # type: ignore[attr-defined]
        return response

    def action_checkbox(self, obj: Any) -> SafeString:
        box = super().action_checkbox(obj)
        return SafeString(box.replace("<input ", "<input checked ", 1)) if getattr(obj, "is_ticked", False) else box


def refused_form_class(form: type[forms.ModelForm], *, is_partial: bool) -> type[forms.ModelForm]:
    """The same form, which is never valid. If it is partial, missing fields show their saved values."""

    class RefusedForm(form):  # type: ignore[valid-type,misc]
        def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
            super().__init__(data, *args, **kwargs)
            if data is None or not is_partial:
                return
            self.data = data.copy()
            for name, field in self.fields.items():
                widget, prefixed = field.widget, self.add_prefix(name)
                if widget.value_omitted_from_data(data, self.files, prefixed):
                    self._put(prefixed, field.prepare_value(self.get_initial_for_field(field, name)))

        def _put(self, name: str, value: Any) -> None:
            if isinstance(value, list | tuple):
                self.data.setlist(name, value)
            elif value is not None:
                self.data[name] = value

        def is_valid(self) -> bool:
            return False

    return RefusedForm


def back_of(request: HttpRequest) -> str:
    """The page that the form was on, as the login form or the browser says; "" for a page of another site."""
    address = request.POST.get(BACK, request.META.get("HTTP_REFERER", ""))
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_ours else ""
