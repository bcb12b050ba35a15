"""For whoever comes back: what has changed since, and a file that reminds them to look again."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from icalendar import Calendar, Event

from advisor.assessment import pages
from advisor.assessment.recommendation_text import change_in_words
from advisor.assessment.then_and_now import changed_words, today_of
from advisor.assessment.views import guide_page
from advisor.assessment.visit import Visit, address_beside_result, short_path
from advisor.decision.guide import RemarkKind
from advisor.http import HtmxHttpRequest, keep_private, render_page

LOOK_AGAIN_AFTER = timedelta(days=90)

MAX_WATCHED = 5
"""Things to watch for in a calendar entry, which has little room."""


def show_since(request: HtmxHttpRequest, visit: Visit) -> HttpResponse:
    """What the live edition says to the answers of an older one, and which words have changed."""
    if visit.problems or visit.next_page:
        return redirect(visit.result_address)
    context = {
        **pages.frame(visit, f"What has changed since – {visit.guide.title}", address_beside_result("since", visit)),
        "description": "The advice then and now, and what reads differently.",
        "then": visit.recommendation,
        "published_then": f"{visit.published.published_at:%-d %B %Y}",
        "result": visit.result_address,
        **_now(visit),
    }
    return render_page(request, "assessment/since.html", context)


def _now(visit: Visit) -> pages.Context:
    """What the edition of today says; nothing where it is this one, or the guide is not offered any more."""
    today = today_of(visit)
    if today is None:
        return {"is_current": True}
    now = today.visit.recommendation if today.can_be_relied_on else None
    return {
        "now": now,
        "is_same": now is not None and now.outcome.key == visit.recommendation.outcome.key,
        "lost": today.lost,
        "today": visit.todays_result,
        "published_now": f"{today.visit.published.published_at:%-d %B %Y}",
        "changed": changed_words(visit, today.visit),
    }


since = guide_page(show_since)


def show_look_again(request: HtmxHttpRequest, visit: Visit) -> HttpResponse:
    """A calendar file for a day in three months, with the short link and what to watch for until then."""
    if visit.problems or visit.next_page:
        return redirect(visit.result_address)
    response = HttpResponse(reminder(visit, now=timezone.now()), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="look-again-{visit.code}.ics"'
    return keep_private(response)


look_again = guide_page(show_look_again)


def reminder(visit: Visit, *, now: datetime) -> bytes:
    """The file: one whole day, which does not make anybody busy."""
    link = settings.SITE_URL + short_path(visit.code)
    day = (now + LOOK_AGAIN_AFTER).date()
    calendar = Calendar()
    calendar.add("prodid", "-//Advisor//Look again//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    event = Event()
    # The same result is one entry, however often it is added on a day.
    event.add("uid", f"look-again-{visit.code}-{day:%Y%m%d}")
    event.add("dtstamp", now)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", f"Look again: {visit.guide.title}")
    event.add("url", link)
    event.add("description", "\n".join(_reminder_text(visit, link)))
    calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text


def _reminder_text(visit: Visit, link: str) -> list[str]:
    recommendation = visit.recommendation
    lines = [
        f"Three months ago the advice was: {recommendation.outcome.title}. Is it still right?",
        "",
        "The result, and what has changed since:",
        link,
        f"Code {visit.code}",
    ]
    if watched := watched_for(visit):
        lines += ["", "What to watch for. The advice would be another if", *(f"- {words}" for words in watched)]
    conflicts = [
        found.remark.title for found in recommendation.remarks if found.remark.kind is RemarkKind.CONTRADICTION
    ]
    if conflicts:
        lines += ["", "What did not fit together:", *(f"- {title}" for title in conflicts)]
    return lines


def watched_for(visit: Visit) -> list[str]:
    """What may have happened by then: the changes that would lead to other advice, the likeliest first."""
    guide = visit.guide
    changes = sorted(visit.recommendation.changes, key=lambda change: change.restates)
    return [
        f"{change_in_words(guide, change)}: {guide.outcome[change.outcome].name}" for change in changes[:MAX_WATCHED]
    ]
