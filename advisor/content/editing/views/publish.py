"""Comparing, publishing, and going back to an older edition, inside the admin."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from advisor.content.actions import PublishBlockedError, StaleDraftError, publish, publish_again
from advisor.content.differences import Piece, differences
from advisor.content.documents import UnreadableError, checksum, read_edition, says_the_same
from advisor.content.drafts import read_draft
from advisor.content.editing.pages import PUBLISH, READ, guide_page, render_staff
from advisor.content.editing.places import blockers_in_words, place_in_words
from advisor.content.editing.views.proof import looks_again, proving_page, scenario_rows
from advisor.content.effects import effect_of, move_in_words, sentences
from advisor.content.models import Edition, Guide
from advisor.content.models.texts import WrittenLinesField
from advisor.content.offering import effect_of_first_edition
from advisor.content.publishing import draft_blockers, edition_blockers, newest_edition, proof_or_progress
from advisor.content.scenarios import run_scenarios
from advisor.decision import guide as decision
from advisor.decision.guide import encode
from advisor.decision.proof import Proof, TooLargeError
from advisor.decision.publish_checks import Blocker, is_provable, publish_blockers
from advisor.fields import NamedForm
from advisor.posts import refusal_of, shows_again

EDITIONS_PER_PAGE = 10


class PublishForm(NamedForm):
    """What a publisher adds, and what they looked at when they did."""

    note = WrittenLinesField(
        label="What changed, and why",
        help_text="For colleagues, in a sentence or two: Sharper words for the signals, after ten calls.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say in a sentence what changed and why; the list of editions shows it."},
    )
    compared = forms.CharField(widget=forms.HiddenInput, max_length=64)
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(READ)
@shows_again
def publish_draft(request: HttpRequest, guide: Guide) -> HttpResponse:
    """The draft against the live edition; sent with a note, it becomes the next edition."""

    def freeze(compared: str, after: int, note: str) -> Edition:
        by, now = request.user.get_username(), timezone.now()
        return publish(guide=guide, by=by, note=note, now=now, compared=compared, after=after)

    if request.method == "POST" and (published := _publish_response(request, guide, freeze)):
        return published
    draft = read_draft(guide)
    if waiting := _waiting_response(request, guide, draft, "Compare and publish"):
        return waiting
    blockers = draft_blockers(guide, draft)
    runs = run_scenarios(guide, draft) if is_provable(publish_blockers(draft)) else []
    context = {"scenarios": scenario_rows(draft, runs)}
    return _comparison(request, guide, draft, "Compare and publish", blockers, context)


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(READ, "content.view_edition")
@shows_again
def publish_edition(request: HttpRequest, guide: Guide, number: int) -> HttpResponse:
    """An older edition against the live one; sent with a note, it becomes the next edition."""
    edition = get_object_or_404(Edition, guide=guide, number=number)

    def freeze(compared: str, after: int, note: str) -> Edition:
        by, now = request.user.get_username(), timezone.now()
        return publish_again(edition=edition, by=by, note=note, now=now, after=after)

    if request.method == "POST" and (published := _publish_response(request, guide, freeze)):
        return published
    document = read_edition(edition)
    title = f"Publish edition {number} again"
    if waiting := _waiting_response(request, guide, document, title):
        return waiting
    context = {"again": edition, "scenarios": scenario_rows(document, run_scenarios(guide, document))}
    return _comparison(request, guide, document, title, edition_blockers(document), context)


def _publish_response(
    request: HttpRequest, guide: Guide, freeze: Callable[[str, int, str], Edition]
) -> HttpResponse | None:
    """Onward after publishing; None when something is in the way, which the page then says."""
    if not request.user.has_perm(PUBLISH):
        raise PermissionDenied
    form = PublishForm(request.POST)
    if refusal_of(request) or not form.is_valid():
        return None
    try:
        edition = freeze(*(form.cleaned_data[name] for name in ("compared", "after", "note")))
    except StaleDraftError as error:
        messages.error(
            request, f"{error} Nothing was published. Below is the comparison as it is now; your note is kept."
        )
    except PublishBlockedError:
        messages.error(request, "Nothing was published: what is in the way is listed below. Your note is kept.")
    else:
        messages.success(request, f"Edition {edition.number} is live. Open pages take it up within seconds.")
        if not says_the_same(edition, read_draft(guide)):
            messages.warning(request, _what_the_draft_still_has(guide, edition))
        return redirect("admin:content_guide_editions", guide.pk)
    return None


def _what_the_draft_still_has(guide: Guide, edition: Edition) -> SafeString:
    page = reverse("admin:content_guide_draft_from", args=[guide.pk, edition.number])
    return format_html(
        'The draft still says something else, and would bring it back when it is published. <a href="{}">Take what '
        "is live into the draft …</a>",
        page,
    )


def _waiting_response(request: HttpRequest, guide: Guide, document: decision.Guide, title: str) -> HttpResponse | None:
    """How far the proof is that a comparison waits for; None where it is there, or nothing is to be proved. A note that
    was sent is not kept waiting.
    """
    if request.method == "POST" or publish_blockers(document):
        return None
    try:
        found = proof_or_progress(document)
    except TooLargeError:
        return None
    if not isinstance(found, Proof):
        return proving_page(request, guide, title, found)
    return HttpResponseClientRefresh() if looks_again(request) else None


def _comparison(
    request: HttpRequest,
    guide: Guide,
    document: decision.Guide,
    title: str,
    blockers: list[Blocker],
    context: dict[str, Any],
) -> HttpResponse:
    live, frozen = newest_edition(guide), encode(document)
    looked_at = {"compared": checksum(frozen), "after": live.number if live else 0}
    form = PublishForm({**request.POST.dict(), **looked_at} if request.method == "POST" else None, initial=looked_at)
    context |= {
        "live": live,
        "blockers": blockers_in_words(guide, blockers),
        "is_same": live is not None and says_the_same(live, document),
        "form": form,
        "front_page": effect_of_first_edition(guide),
        "may_publish": request.user.has_perm(PUBLISH),
    }
    if live and is_provable(publish_blockers(document)):
        context |= comparison_context(live, document)
    return render_staff(request, "content/publish.html", guide, f"{'Error: ' if form.errors else ''}{title}", context)


def comparison_context(old: Edition, new: decision.Guide) -> dict[str, Any]:
    """What a document changes against an edition, or why this release cannot tell."""
    try:
        return {"effect": effect_context(old, new)}
    except UnreadableError as error:
        return {"unreadable": error}


def effect_context(old: Edition, new: decision.Guide) -> dict[str, Any]:
    """What a document changes against an edition, as the template shows it: with names for keys."""
    before = read_edition(old)
    effect = effect_of(before, new)
    found = effect.comparison
    return {
        "texts": [(place_in_words(difference.place), difference.pieces) for difference in effect.texts],
        "sentences": sentences(before, new, found) if found else [effect.too_large],
        "moves": [
            (
                *move_in_words(before, new, move),
                move.count,
                f"{reverse('result', args=[before.key])}?{move.example}&edition={old.number}",
            )
            for move in (found.moves if found else ())
        ],
        "leads": effect.leads,
        "leads_changed": effect.leads_changed,
        "leads_perhaps": effect.leads_perhaps,
    }


@require_safe
@guide_page(READ, "content.view_edition")
def editions(request: HttpRequest, guide: Guide) -> HttpResponse:
    """Every edition, newest first, each with what it says otherwise than the one before."""
    pages = Paginator(Edition.objects.filter(guide=guide).order_by("-number"), EDITIONS_PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    listed = [(edition, *_texts_changed(edition)) for edition in page]
    context = {"page_obj": page, "editions": listed, "may_publish": request.user.has_perm(PUBLISH)}
    return render_staff(request, "content/editions.html", guide, "Editions", context)


def _texts_changed(edition: Edition) -> tuple[list[tuple[str, tuple[Piece, ...]]], UnreadableError | None]:
    """What an edition says otherwise than the one before, or why this release cannot tell."""
    before = Edition.objects.filter(guide=edition.guide_id, number=edition.number - 1).first()
    try:
        after = read_edition(edition)
        found = differences(read_edition(before), after) if before else []
    except UnreadableError as error:
        return [], error
    return [(place_in_words(difference.place), difference.pieces) for difference in found], None


@require_safe
@guide_page(READ, "content.view_edition")
def edition(request: HttpRequest, guide: Guide, number: int) -> HttpResponse:
    """One edition: who published it and why, and all that it changed against the one before."""
    found = get_object_or_404(Edition, guide=guide, number=number)
    before = Edition.objects.filter(guide=guide, number=number - 1).first()
    context: dict[str, Any] = {"edition": found, "before": before}
    if before:
        context |= comparison_context(before, read_edition(found))
    return render_staff(request, "content/edition.html", guide, f"Edition {number}", context)
