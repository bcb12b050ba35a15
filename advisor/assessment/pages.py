"""What each page shows, as plain values for its template. What many visitors see alike comes from ``partials``."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from advisor.assessment import partials
from advisor.assessment.effort import effort_of, progress
from advisor.assessment.forms import PageForm, answers_to
from advisor.assessment.landing import landing_body, sample
from advisor.assessment.partial_cache import concatenated, with_query
from advisor.assessment.recommendation_text import ticked_names
from advisor.assessment.visit import Visit, card_address, landing_path, question_path
from advisor.content.editions import LoadedEdition, edition_cache
from advisor.data_policy import record_kinds
from advisor.decision.answers import Answers, Pair
from advisor.decision.guide import Page

Context = dict[str, Any]


def hidden_fields(params: Iterable[Pair]) -> SafeString:
    """What a form carries along."""
    return concatenated(_hidden_field(name, value) for name, value in params)


@lru_cache(maxsize=1024)
def _hidden_field(name: str, value: str) -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', name, value)


def guides(title: str, offered: Iterable[LoadedEdition]) -> Context:
    """The guides that are offered, each with a link to its landing."""
    offered = list(offered)
    return {
        "title": title,
        "description": "Guides that help you decide, without sign-up and without cookies.",
        **(guide_card(offered[0]) if offered else {}),
        "canonical": f"{settings.SITE_URL}/",
        "guides": [
            (published.guide, effort_of(published.guide), landing_path(published.guide.key)) for published in offered
        ],
        "without_htmx": True,
        "indexable": True,
    }


def landing(visit: Visit) -> Context:
    """The landing. It is the same for everyone but for the link to the first question.

    Search engines do not index it with answers in its address.
    """
    guide = visit.guide
    return {
        **frame(visit, guide.title, landing_path(guide.key)),
        "description": guide.summary,
        **({} if visit.token else guide_card(visit.published)),
        "guide": guide,
        "start": visit.page_address(guide.pages[0]),
        "without_htmx": True,
        "effort": effort_of(guide),
        "sample": sample(guide),
        "body": landing_body(guide, settings.CONTROLLER_NAME, settings.CONTROLLER_ADDRESS, settings.CONTACT_EMAIL),
        "indexable": not visit.token and not visit.problems and visit.all_answers == Answers(),
    }


def frame(visit: Visit, title: str, canonical: str) -> Context:
    """What every page of the walk has: title, link to start again, canonical address, and whether it is a draft."""
    return {
        "title": f"Draft: {title}" if visit.token else title,
        "home": "/" if edition_cache.is_retired(visit.guide.key) and not visit.token else visit.fresh_address,
        "canonical": "" if visit.token else settings.SITE_URL + canonical,
        "draft": bool(visit.token),
    }


def question(visit: Visit, page: Page, form: PageForm | None) -> Context:
    """A page of questions. ``form`` is given if it has errors to show."""
    guide, is_change = visit.guide, visit.next_page is None
    heading, lead = (page.follow_up.title, page.follow_up.help) if page.follow_up else ("", "")
    title = f"{'Error: ' if form else ''}{heading or page.questions[0].text} – {guide.title}"
    return {
        **frame(visit, title, question_path(guide.key, page.key)),
        "page_key": page.key,
        "heading": heading,
        "lead": lead,
        "description": guide.summary,
        "path": visit.page_path(page),
        "progress": progress(guide, page, visit.pages, may_follow=not is_change),
        "form": form,
        "fields": None if form else partials.fields(guide, page.key, answers_to(page, guide, visit.all_answers)),
        "hidden": hidden_fields(visit.hidden_params(page)),
        "back": visit.result_address if is_change else back(visit, page),
        "answers": answers(visit, leaving_out=page),
        "is_change": is_change,
    }


def back(visit: Visit, page: Page) -> str:
    """The page before this one, or the landing."""
    position = visit.pages.index(page)
    return visit.page_address(visit.pages[position - 1]) if position else visit.landing_address


def answers(visit: Visit, *, leaving_out: Page | None = None) -> SafeString:
    """The answers so far, each with a link that changes it."""
    guide, given = visit.guide, visit.answers
    return with_query(
        visit.query,
        [
            partials.answer(
                guide, visit.token, asked.key, given.choices[asked.key], tuple(ticked_names(guide, asked, given))
            )
            for page in visit.pages
            if page is not leaving_out
            for asked in page.questions
            if asked.key in given.choices
        ],
    )


def guide_card(published: LoadedEdition) -> Context:
    """The picture that messengers show beside a link to a guide, with its words for whoever does not see it."""
    guide = published.guide
    return {"card": card_address(guide.key, published.number), "card_alt": guide.title}


def about(title: str, path: str, description: str) -> Context:
    """A page about the site itself."""
    return {
        "title": title,
        "description": description,
        "canonical": settings.SITE_URL + path,
        "contact_email": settings.CONTACT_EMAIL,
    }


def privacy(path: str) -> Context:
    """Who is responsible, what is kept and for how long, and what visitors may ask for."""
    return about("Privacy", path, "What is kept about you, what for, for how long, and what you can ask for.") | {
        "controller": settings.CONTROLLER_NAME,
        "controller_address": settings.CONTROLLER_ADDRESS,
        "authority": settings.SUPERVISORY_AUTHORITY,
        "backup_days": settings.BACKUP_DAYS if settings.BACKUP_FOLDER else None,
        "counted": [kind for kind in record_kinds() if not kind.is_personal],
        "kinds": [kind for kind in record_kinds() if kind.is_personal and not kind.is_of_staff],
        "of_staff": [kind for kind in record_kinds() if kind.is_of_staff],
        "indexable": True,
        "without_htmx": True,
    }
