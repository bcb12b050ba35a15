"""Forms of the admin that are refused: shown again by their page, and kept through a login.

Whoever sends a form without being logged in is asked to log in by a page at the same address, which holds what was
sent in hidden fields. With the login they come back, and the form is shown with them. Nothing of it is stored, and
nothing is saved before someone has seen the form and presses Save.
"""

from collections.abc import Callable, Sequence
from functools import update_wrapper
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation, AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
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

from advisor.http import HelpfulNotFound, sent_fields
from advisor.posts import LOGGED_OUT, may_show_again, nothing_is_written, refusal_of, shows_again

View = Callable[..., HttpResponse]

LOG_IN = "log-in"
"""What stands before the names of the login's own fields, to tell them from those of the form that is kept."""
USERNAME, BACK, HAD_FILES = f"{LOG_IN}-username", f"{LOG_IN}-back", f"{LOG_IN}-files"
CHOOSE_AGAIN = "A file that you chose has to be chosen again."
NOT_WITH_THIS_ACCOUNT = "With the account {} you may not do this. What you entered is kept: log in with another one."
TRY_AGAIN = "You are not logged in yet: {} Please try again."
ACTION = f"{ActionLocation.CHANGE_FORM.value}-action"


class KeepingSite(AdminSite):
    """An admin in which no form is lost by being refused."""

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002
        page: View = super().admin_view(view, cacheable)

        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != "POST":
                return page(request, *args, **kwargs)
            refusal = refusal_of(request)
            if not self.has_permission(request):
                is_logout = request.path == reverse("admin:logout", current_app=self.name)
                if is_logout or (refusal and refusal.is_foreign):
                    return page(request, *args, **kwargs)
                return never_cached(self._log_in(request, view, args, kwargs))
            if USERNAME in request.POST:
                # Logged in meanwhile, in another tab.
                return never_cached(self._take_up(request, view, args, kwargs))
            if refusal:
                return never_cached(self._show(request, view, args, kwargs, back_of(request)))
            return page(request, *args, **kwargs)

        return update_wrapper(answered, view)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sent with a token that is not valid any more, the form comes back with the name in it."""
        refusal = refusal_of(request)
        if not refusal:
            return super().login(request, extra_context)
        username = request.POST.get("username", "")
        as_opened(request)
        response = super().login(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data:
            messages.error(request, TRY_AGAIN.format(refusal.because))
            response.context_data["form"].initial["username"] = username
        return response

    def _log_in(self, request: HttpRequest, view: View, args: Sequence[Any], kwargs: dict[str, Any]) -> HttpResponse:
        """The form to log in, and with it what was sent; sent in its turn, on to the form that was kept."""
        if USERNAME not in request.POST:
            told = NOT_WITH_THIS_ACCOUNT.format(request.user) if request.user.is_authenticated else ""
            form = AdminAuthenticationForm(request, prefix=LOG_IN)
            return self._ask(request, form, told=told, back=back_of(request))
        back, had_files = request.POST.get(BACK, ""), bool(request.POST.get(HAD_FILES))
        if refusal := refusal_of(request):
            typed = {"username": request.POST[USERNAME]}
            form = AdminAuthenticationForm(request, prefix=LOG_IN, initial=typed)
            told = TRY_AGAIN.format(refusal.because)
            return self._ask(request, form, told=told, back=back, had_files=had_files)
        form = AdminAuthenticationForm(request, request.POST, prefix=LOG_IN)
        if not form.is_valid():
            return self._ask(request, form, back=back, had_files=had_files)
        login(request, form.get_user())
        return self._take_up(request, view, args, kwargs)

    def _take_up(self, request: HttpRequest, view: View, args: Sequence[Any], kwargs: dict[str, Any]) -> HttpResponse:
        """The form that was kept through a login, without the fields of the login itself."""
        back, had_files = request.POST.get(BACK, ""), bool(request.POST.get(HAD_FILES))
        kept = request.POST.copy()
        for name in [name for name in kept if name.startswith(f"{LOG_IN}-")]:
            del kept[name]
        request.POST = kept  # type: ignore[assignment]
        request.refusal = LOGGED_OUT  # type: ignore[attr-defined]
        if had_files:
            messages.warning(request, CHOOSE_AGAIN)
        return self._show(request, view, args, kwargs, back)

    def _show(
        self, request: HttpRequest, view: View, args: Sequence[Any], kwargs: dict[str, Any], back: str
    ) -> HttpResponse:
        """The page with what was sent, or, where that was no more than pressing a button, as it is."""
        refusal = refusal_of(request) or LOGGED_OUT
        with nothing_is_written():
            if not may_show_again(view):
                return self._as_opened(request, back)
            try:
                response = view(request, *args, **kwargs)
            except PermissionDenied:
                told = NOT_WITH_THIS_ACCOUNT.format(request.user)
                return self._ask(request, AdminAuthenticationForm(request, prefix=LOG_IN), told=told, back=back)
        # The page is written after this.
        messages.error(request, refusal.to_staff if request.method == "POST" else refusal.of_an_action)
        if request.FILES:
            messages.warning(request, CHOOSE_AGAIN)
        return response

    def _as_opened(self, request: HttpRequest, back: str) -> HttpResponse:
        """The page as it opens, with the reason why nothing was done."""
        refusal, match = refusal_of(request) or LOGGED_OUT, request.resolver_match
        messages.error(request, refusal.of_an_action)
        as_opened(request)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs) if match else redirect("admin:index")
        if isinstance(response, HttpResponseNotAllowed):
            return redirect(back or "admin:index")
        return response

    def _ask(
        self, request: HttpRequest, form: forms.Form, *, told: str = "", back: str = "", had_files: bool = False
    ) -> TemplateResponse:
        fields = [pair for pair in sent_fields(request) if not pair[0].startswith(f"{LOG_IN}-")]
        context = {
            **self.each_context(request),
            "title": "Log in again",
            "subtitle": None,
            "form": form,
            "told": told,
            "app_path": request.get_full_path(),
            "fields": fields,
            "extra": [(BACK, back), (HAD_FILES, "yes" if had_files or request.FILES else "")],
        }
        return TemplateResponse(request, "admin/log_in_again.html", context)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Every admin's forms and lists show again what they were refused, those that Django brings along as well."""
        base = admin_class or admin.ModelAdmin
        kept = type(base.__name__, (ShowsAgain, base), {"__module__": base.__module__})
        super().register(model_or_iterable, kept, **options)


class ShowsAgain(admin.ModelAdmin):
    """Shows a form with what was sent, and a list with its ticks, where that was refused."""

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        form = super().get_form(request, obj, change=change, **kwargs)
        return never_valid(form) if refusal_of(request) else form

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        if request.method == "POST":
            # The page for what is not there holds what was typed; Django would lead away from it.
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
            # A button beside the form: what was typed is shown, and the button is not pressed.
            request.POST = without(request.POST, ACTION)  # type: ignore[assignment]
        return super().change_view(request, object_id, form_url, extra_context)

    @shows_again
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not refusal_of(request):
            return super().changelist_view(request, extra_context)
        ticked = {int(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME) if key.isascii() and key.isdecimal()}
        choice = request.POST.get("action", "")
        as_opened(request)
        response = super().changelist_view(request, {**(extra_context or {}), "ticked": ticked, "choice": choice})
        shown = (getattr(response, "context_data", None) or {}).get("cl")
        if shown:
            for one in shown.result_list:
                one.is_ticked = one.pk in ticked
            if response.context_data["action_form"]:  # type: ignore[attr-defined]
                response.context_data["action_form"].initial["action"] = choice  # type: ignore[attr-defined]
        return response

    def action_checkbox(self, obj: Any) -> SafeString:
        box = super().action_checkbox(obj)
        return SafeString(box.replace("<input ", "<input checked ", 1)) if getattr(obj, "is_ticked", False) else box


def never_valid(form: type[forms.ModelForm]) -> type[forms.ModelForm]:
    """The same form, which says what is wrong and is never taken."""

    class OnlyShown(form):  # type: ignore[valid-type,misc]
        def is_valid(self) -> bool:
            return False

    return OnlyShown


def without(data: QueryDict, name: str) -> QueryDict:
    rest = data.copy()
    del rest[name]
    return rest


def as_opened(request: HttpRequest) -> None:
    """Make a request one that opens its page."""
    request.method = "GET"
    request.POST = QueryDict()


def back_of(request: HttpRequest) -> str:
    """The page of ours that a form was on; "" where the browser does not say."""
    page: str = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_ours else ""


def never_cached(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    return response
