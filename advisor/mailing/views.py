"""Mailing a result to oneself: the form, the page that confirms, and the page that stops it.

A GET changes nothing, because programs that look through mail follow links.
"""

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from advisor.assessment.visit import Visit, address_beside_result, visit_by_code, visit_of
from advisor.content.editions import edition_cache
from advisor.http import HelpfulNotFound, HtmxHttpRequest, followed_by_the_browser, keep_private, render_page
from advisor.limits.networks import wide_network_of
from advisor.mailing.actions import NotConfirmableError, TooManyMailsError, ask, can_be_confirmed, confirm, stop
from advisor.mailing.addresses import hash_in
from advisor.mailing.forms import AskForm
from advisor.mailing.models import ResultMail, StoppedAddress, digest_of
from advisor.posts import say_refusal, shows_again

TOO_MANY_OF_ADDRESS = (
    "This e-mail address was asked several times today. Please look for our mail there, or try tomorrow."
)
TOO_MANY_OF_NETWORK = (
    "So many results were asked for today from the network that you are in that we send no more there. Please try "
    "tomorrow, or keep the link or the PDF."
)
TOO_MANY = "So many results were mailed today that we send no more. Please try tomorrow, or keep the link or the PDF."

EXPIRED = "This link has expired, or it was cut off when it was copied. You can ask for the result again any time."


@require_http_methods(["GET", "HEAD", "POST"])
@followed_by_the_browser
@shows_again
def mail_result(request: HtmxHttpRequest, guide_key: str) -> HttpResponse:
    """Ask for an address, and ask that address whether it wants the result."""
    visit = visit_of(request, guide_key)
    if visit.problems or visit.next_page or edition_cache.is_retired(guide_key):
        return redirect(visit.result_address)
    if request.GET.get("asked") == "mail":
        return keep_private(render_page(request, "mailing/asked.html", _context(visit, "Check your e-mail")))
    now = timezone.now()
    form = AskForm(visit, request.POST if request.method == "POST" else None, now=now)
    say_refusal(request, form)
    if form.is_valid():
        try:
            ask(visit=visit, address=form.cleaned_data["email"], network=wide_network_of(request), now=now)
        except TooManyMailsError as refusal:
            of_network = TOO_MANY_OF_NETWORK if refusal.of_network else TOO_MANY
            form.add_error("email", TOO_MANY_OF_ADDRESS if refusal.of_address else of_network)
        else:
            return redirect(f"{address_beside_result('mail-result', visit)}&asked=mail")
    title = f"{'Error: ' if form.errors else ''}E-mail the result to yourself"
    context = _context(visit, title) | {"form": form, "csrf_token": get_token(request)}
    return keep_private(render_page(request, "mailing/ask.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
@followed_by_the_browser
def confirm_mail(request: HtmxHttpRequest, token: str) -> HttpResponse:
    """The page behind the link of a confirmation: one button sends the result."""
    now = timezone.now()
    asked = ResultMail.objects.filter(token=digest_of(token)).first()
    if asked is None:
        raise HelpfulNotFound(EXPIRED)
    visit = visit_by_code(asked.code)
    if request.method == "POST":
        try:
            confirm(asked=asked, visit=visit, now=now)
        except NotConfirmableError:
            raise HelpfulNotFound(EXPIRED) from None
        return redirect(request.path)
    if not asked.confirmed_at and not can_be_confirmed(asked, now):
        raise HelpfulNotFound(EXPIRED)
    title = "Your result is on its way" if asked.confirmed_at else "Send the result to this address?"
    context = _context(visit, title) | {"sent": bool(asked.confirmed_at), "csrf_token": get_token(request)}
    return keep_private(render_page(request, "mailing/confirm.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
@followed_by_the_browser
def stop_mail(request: HtmxHttpRequest, token: str) -> HttpResponse:
    """The page behind the other link of each mail: one button, and the address is never asked again."""
    address_hash = hash_in(token)
    if not address_hash:
        raise HelpfulNotFound("This link was cut off when it was copied. Please take it from the mail once more.")
    if request.method == "POST":
        stop(address_hash=address_hash, now=timezone.now())
        return redirect(request.path)
    stopped = StoppedAddress.objects.filter(address_hash=address_hash).exists()
    title = "We will not write to you again" if stopped else "Never send a result to this address again?"
    context = {"title": title, "description": "", "stopped": stopped, "csrf_token": get_token(request)}
    return keep_private(render_page(request, "mailing/stop.html", context))


def _context(visit: Visit, title: str) -> dict[str, object]:
    return {
        "title": title,
        "description": "",
        "guide": visit.guide,
        "home": visit.fresh_address,
        "outcome": visit.recommendation.outcome,
        "result": visit.result_address,
        "code": visit.code,
    }
