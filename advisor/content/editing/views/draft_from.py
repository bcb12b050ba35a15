"""Making the draft say again what an edition says, inside the admin."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from advisor.content.actions import StaleDraftError
from advisor.content.differences import differences
from advisor.content.documents import checksum, read_edition
from advisor.content.drafts import UnwritableError, read_draft
from advisor.content.editing.pages import EDIT, guide_page, render_staff
from advisor.content.editing.places import place_in_words
from advisor.content.going_back import changed_parts, draft_from
from advisor.content.models import Edition, Guide
from advisor.decision.guide import encode
from advisor.fields import NamedForm
from advisor.posts import refusal_of, shows_again


class DraftFromForm(NamedForm):
    """The parts that are taken from the edition, and the draft that was looked at."""

    parts = forms.MultipleChoiceField(
        label="What to take from the edition",
        help_text="The rest of the draft stays as it is. With everything that differs, the scenarios that the edition "
        "was published with come back, too.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick what to take from the edition."},
    )
    compared = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def offer(self, parts: list[tuple[str, str]]) -> None:
        """Offer these parts, all of them ticked."""
        self.fields["parts"].choices = parts  # type: ignore[attr-defined]
        self.fields["parts"].initial = [name for name, _ in parts]


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(EDIT, "content.view_edition")
@shows_again
def draft_from_edition(request: HttpRequest, guide: Guide, number: int) -> HttpResponse:
    """What would change in the draft; sent, it changes."""
    edition = get_object_or_404(Edition, guide=guide, number=number)
    draft, then = read_draft(guide), read_edition(edition)
    looked_at = {"compared": checksum(encode(draft))}
    form = DraftFromForm(request.POST or None, initial=looked_at)
    form.offer(changed_parts(draft, then))
    if request.method == "POST" and not refusal_of(request) and form.is_valid():
        try:
            draft_from(edition=edition, parts=form.cleaned_data["parts"], compared=form.cleaned_data["compared"])
        except StaleDraftError as error:
            messages.error(request, f"{error} Nothing was taken. Below is the comparison as it is now.")
            return redirect(request.path)
        except UnwritableError as error:
            form.add_error("parts", ["What stays in the draft does not go with this; take more.", *error.messages])
        else:
            messages.success(request, f"Taken from edition {number}. Visitors see nothing of it until you publish.")
            return redirect("admin:content_guide_overview", guide.pk)
    texts = [(place_in_words(difference.place), difference.pieces) for difference in differences(draft, then)]
    context = {"edition": edition, "form": form, "texts": texts, "is_same": not form.fields["parts"].choices}  # type: ignore[attr-defined]
    title = f"{'Error: ' if form.errors else ''}Draft from edition {number}"
    return render_staff(request, "content/draft_from.html", guide, title, context)
