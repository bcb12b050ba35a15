"""Links by which a draft is walked, inside the admin."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from advisor.content.editing.pages import EDIT, guide_page, render_staff
from advisor.content.models import Guide, PreviewLink
from advisor.content.models.texts import WrittenLineField
from advisor.content.previews import make_link, revoke
from advisor.fields import NamedForm
from advisor.posts import refusal_of, shows_again

OWN = "For my own eyes"
"""The purpose of the link by which a member of staff walks the draft."""


class LinkForm(NamedForm):
    """Whom a link is for, and how long."""

    purpose = WrittenLineField(
        label="Purpose",
        required=False,
        max_length=120,
        help_text="Whom it is for: Our lawyer, until the review",
    )
    days = forms.TypedChoiceField(
        label="Valid for", coerce=int, choices=[(1, "1 day"), (7, "7 days"), (30, "30 days")], initial=7
    )
    after = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**62)
    """The key of the newest link that was shown."""


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(EDIT)
@shows_again
def previews(request: HttpRequest, guide: Guide) -> HttpResponse:
    """All links to the draft of a guide, and a form to make one."""
    now = timezone.now()
    newest = PreviewLink.objects.filter(guide=guide).order_by("-pk").values_list("pk", flat=True).first()
    form = LinkForm(request.POST or None, initial={"after": newest or 0})
    if request.method == "POST" and not refusal_of(request) and form.is_valid():
        make_link(guide=guide, by=request.user.get_username(), now=now, **form.cleaned_data)
        messages.success(request, "The link is made. Copy it from the list; whoever has it can walk the draft.")
        return redirect("admin:content_guide_previews", guide.pk)
    links = [
        (link, settings.SITE_URL + reverse("preview", args=[link.token]), link.is_open(now))
        for link in PreviewLink.objects.filter(guide=guide)
    ]
    title = f"{'Error: ' if form.errors else ''}Preview the draft"
    return render_staff(request, "content/previews.html", guide, title, {"links": links, "form": form})


@require_POST
@guide_page(EDIT)
def walk(request: HttpRequest, guide: Guide) -> HttpResponse:
    """Onto the draft, by this member's own link; one is made where none is open."""
    now, user = timezone.now(), request.user.get_username()
    own = PreviewLink.objects.filter(guide=guide, made_by=user, purpose=OWN, revoked_at=None, expires_at__gt=now)
    link = own.first() or make_link(guide=guide, by=user, purpose=OWN, days=1, now=now)
    return redirect("preview", link.token)


@require_http_methods(["GET", "HEAD", "POST"])
@guide_page(EDIT)
def revoke_link(request: HttpRequest, guide: Guide, link_id: int) -> HttpResponse:
    """Close one link; asked first, as nothing opens it again."""
    link = get_object_or_404(PreviewLink, guide=guide, pk=link_id)
    if request.method != "POST":
        sentences = [
            f"The link “{link.purpose or 'No purpose given'}” opens nothing any more, for whoever has it.",
            "It cannot be opened again; a new link has another address.",
            "Other links to the draft, and what is published, stay as they are.",
        ]
        back = reverse("admin:content_guide_previews", args=[guide.pk])
        context = {"effects": sentences, "button": "Revoke it", "back": back}
        return render_staff(request, "content/confirm.html", guide, "Revoke this link?", context)
    revoke(link=link, now=timezone.now())
    messages.success(request, "The link is revoked: it opens nothing any more.")
    return redirect("admin:content_guide_previews", guide.pk)
