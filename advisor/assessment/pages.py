"""What each page of the walk shows, as plain values for its template.

What depends on the edition alone, or on it and a few answers, is rendered once and kept: the landing's body, the rows
of the table, a question's fields for each way it can be answered.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from advisor.assessment.effort import effort_of, progress
from advisor.assessment.forms import PageForm, fields_html, own_pairs
from advisor.assessment.keeping import all_kept
from advisor.assessment.visit import Visit, landing_path, question_path
from advisor.assessment.words import (
    EVIDENCE_WORDS,
    REMARK_HEADINGS,
    basis_in_words,
    certainty_text,
    change_in_words,
    choice_label,
    doubts_in_words,
    ticked_names,
)
from advisor.content.editions import Published, shelf
from advisor.content.markdown import plain
from advisor.decision import result_code
from advisor.decision.answers import Answers, Pair
from advisor.decision.guide import Guide, Page, Question, RemarkKind
from advisor.decision.logic import logic_of
from advisor.decision.recommendation import Basis, Certainty, Change, Recommendation, Remarked

Context = dict[str, Any]

KEPT = 4096
"""How many different pieces of one kind are kept; a guide of the size of the first has some hundreds."""

ASKS_MORE = format_html(' <span class="quiet">{}</span>', "(more is asked first)")


def guides(title: str, offered: Iterable[Published]) -> Context:
    """The guides that are offered, each with the way to its landing."""
    return {
        "title": title,
        "description": "Guides that help you decide, without sign-up and without cookies.",
        "canonical": f"{settings.SITE_URL}/",
        "guides": [
            (published.guide, effort_of(published.guide), landing_path(published.guide.key)) for published in offered
        ],
        "indexable": True,
    }


def landing(visit: Visit) -> Context:
    """The landing: everything but the way in is the same for everyone.

    With answers in its address it is for nobody else to find.
    """
    guide = visit.guide
    return {
        **frame(visit, guide.title, landing_path(guide.key)),
        "description": guide.summary,
        "guide": guide,
        "start": visit.page_address(guide.pages[0]),
        "effort": effort_of(guide),
        "body": landing_body(visit.published),
        "indexable": not visit.token and not visit.problems and visit.given == Answers(),
    }


def frame(visit: Visit, title: str, canonical: str) -> Context:
    """What every page of the walk has: its title, the way back to the beginning, its one address, and for a draft that
    it is one.
    """
    return {
        "title": f"Draft: {title}" if visit.token else title,
        "home": "/" if shelf.is_retired(visit.guide.key) and not visit.token else visit.fresh_address,
        "canonical": "" if visit.token else settings.SITE_URL + canonical,
        "draft": bool(visit.token),
    }


@lru_cache(maxsize=64)
def landing_body(published: Published) -> SafeString:
    """Both roles, the table, the signals and the questions people ask."""
    guide = published.guide
    return render_to_string(
        "assessment/landing_body.html",
        {
            "guide": guide,
            "table_head": table_head(guide, ()),
            "rows": joined(table_row(published, place, (), ()) for place in range(len(guide.dimensions))),
            "signals": [(role, guide.signals_of[role.key]) for role in guide.roles],
        },
    )


def question(visit: Visit, page: Page, form: PageForm | None) -> Context:
    """A page of questions. ``form`` is given when there is something wrong to be shown."""
    guide = visit.guide
    heading = page.follow_up.title if page.follow_up else page.questions[0].text
    title = f"{'Error: ' if form else ''}{heading} – {guide.title}"
    return {
        **frame(visit, title, question_path(guide.key, page.key)),
        "guide": guide,
        "page_key": page.key,
        "follow_up": page.follow_up,
        "description": guide.summary,
        "path": visit.page_path(page),
        "progress": progress(guide, page, may_follow=visit.next_page is not None),
        "form": form,
        "fields": None if form else fields_html(guide, page.key, own_pairs(guide, page, visit.given)),
        "hidden": hidden_html(visit.hidden(page)),
        "back": visit.result_address if visit.next_page is None else back(visit, page),
        "so_far": said(visit, change_links(visit), leaving_out=page),
        "is_change": visit.next_page is None,
    }


def hidden_html(pairs: Iterable[Pair]) -> SafeString:
    """What a form carries along."""
    return joined(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in pairs)


def back(visit: Visit, page: Page) -> str:
    """The page before this one, or the landing."""
    place = visit.pages.index(page)
    return visit.page_address(visit.pages[place - 1]) if place else visit.landing_address


def said(visit: Visit, links: Mapping[str, SafeString], *, leaving_out: Page | None = None) -> SafeString:
    """The answers so far, each with the link that changes it and comes straight back."""
    guide, answers = visit.guide, visit.answers
    return joined(
        f"<div>{said_html(guide, asked.key, answers.choices[asked.key], tuple(ticked_names(guide, asked, answers)))}"
        f'<dd class="change">{links[asked.key]}</dd></div>'
        for page in visit.pages
        if page is not leaving_out
        for asked in page.questions
        if asked.key in answers.choices
    )


def change_links(visit: Visit) -> dict[str, SafeString]:
    """For each question of the walk the link that changes what was said there."""
    query = escape(visit.query)
    return {
        asked.key: SafeString(
            f'<a rel="nofollow" href="{visit.page_path(page)}?{query}{change_tail(visit.guide, asked)}'
        )
        for page in visit.pages
        for asked in page.questions
    }


@lru_cache(KEPT)
def change_tail(guide: Guide, asked: Question) -> SafeString:
    """How a link that changes an answer ends: on a page with several questions it leads straight to the one."""
    alone = guide.page_of[asked.key].key == asked.key and not asked.follow_up
    return format_html(
        '{}">Change<span class="visually-hidden">: {}</span></a>', "" if alone else f"#id_{asked.key}_0", asked.name
    )


def result(visit: Visit, recommendation: Recommendation) -> Context:
    """The recommendation with everything it rests on."""
    guide, published = visit.guide, visit.published
    outcome, certainty = recommendation.outcome, recommendation.certainty
    links = change_links(visit)

    def linked(rests_on: Iterable[Basis]) -> SafeString:
        return joined(f"<li>{basis_html(guide, basis)} {links[basis.question]}</li>" for basis in rests_on)

    return {
        **frame(visit, f"{outcome.title} – {guide.title}", visit.canonical_result),
        "description": plain(outcome.text),
        "guide": guide,
        "outcome": outcome.key,
        "certainty": certainty.value,
        "recommended": recommended_html(published, outcome.key, certainty),
        "doubts": doubts_in_words(guide, recommendation.doubts),
        "stale": [f"{asked.text} {choice_label(asked, chosen)}" for asked, chosen in visit.stale_questions],
        "remarks": [
            (found.remark.kind.value, found.remark.key, remark_html(guide, found.remark.key), linked(found.rests_on))
            for found in in_order_of_kind(recommendation.remarks)
        ],
        "reasons": [(reason.text, linked(reason.rests_on)) for reason in recommendation.reasons],
        "evidence": evidence_html(guide, tuple(len(found.ticked) for found in recommendation.evidence)),
        "changes": changes(visit, recommendation),
        "table_head": table_head(guide, outcome.roles),
        "rows": table_rows(published, recommendation),
        "ownership": ownership(published, outcome.key),
        "said": said(visit, links),
        "code": "" if visit.token else result_code.write(guide, published.number, visit.answers),
        "call": "" if visit.token else visit.call_address,
        "published": f"{published.number}, published {published.published_at:%-d %B %Y}",
        "is_live": published.live or shelf.is_retired(guide.key),
        "today": visit.todays_result,
    }


def in_order_of_kind(remarks: Iterable[Remarked]) -> list[Remarked]:
    """Contradictions first, then cautions, then advice."""
    order = list(RemarkKind)
    return sorted(remarks, key=lambda remarked: order.index(remarked.remark.kind))


def changes(visit: Visit, recommendation: Recommendation) -> list[tuple[str, SafeString]]:
    """What would change the outcome, by the outcome it leads to: list items, each with that result's address."""
    guide = visit.guide
    by_outcome: dict[str, list[str]] = {}
    for change in recommendation.changes:
        address, more = visit.result_with(changed(visit.answers, change)), ASKS_MORE if change.asks_more else ""
        item = f'<li><a rel="nofollow" href="{escape(address)}">{change_html(guide, change)}</a>{more}</li>'
        by_outcome.setdefault(change.outcome, []).append(item)
    return [(guide.outcome[key].name, joined(items)) for key, items in by_outcome.items()]


def changed(answers: Answers, change: Change) -> Answers:
    """The answers after one change; ticking a signal takes back "none of these" above it."""
    if not change.signal:
        return Answers({**answers.choices, change.question: change.choice}, answers.signals, answers.none_of)
    return Answers(answers.choices, answers.signals ^ {change.signal}, answers.none_of - {change.question})


def table_rows(published: Published, recommendation: Recommendation) -> SafeString:
    """The rows of the table, those marked that the ticked signals speak to."""
    ticked = [signal for found in recommendation.evidence for signal in found.ticked]
    roles = recommendation.outcome.roles
    return joined(
        table_row(published, place, roles, tuple(signal.name for signal in ticked if dimension.key in signal.speaks_to))
        for place, dimension in enumerate(published.guide.dimensions)
    )


@lru_cache(KEPT)
def table_row(
    published: Published, place: int, recommended: tuple[str, ...], spoken_to_by: tuple[str, ...]
) -> SafeString:
    """One row of the comparison table."""
    dimension = published.guide.dimensions[place]
    cells = {cell.role: cell.text for cell in dimension.cells}
    return part(
        "table_row",
        dimension=dimension,
        cells=[(cells[role.key], role.key in recommended) for role in published.guide.roles],
        spoken_to_by=spoken_to_by,
    )


@lru_cache(KEPT)
def table_head(guide: Guide, recommended: tuple[str, ...]) -> SafeString:
    """The columns of the table: each role's name, and whether it is recommended."""
    return part("table_head", roles=[(role.name, role.key in recommended) for role in guide.roles])


@lru_cache(KEPT)
def ownership(published: Published, outcome: str) -> SafeString:
    """Who owns what, both roles, and what they share."""
    guide = published.guide
    return part(
        "ownership",
        roles=[(role, role.key in guide.outcome[outcome].roles) for role in guide.roles],
        shared_concerns=guide.shared_concerns,
    )


@lru_cache(KEPT)
def recommended_html(published: Published, outcome: str, certainty: Certainty) -> SafeString:
    """The outcome with its paragraph, and how sure."""
    guide = published.guide
    text = certainty_text(guide, certainty)
    return part(
        "recommended", guide=guide, outcome=guide.outcome[outcome], certainty=certainty.value, certainty_text=text
    )


@lru_cache(KEPT)
def remark_html(guide: Guide, key: str) -> SafeString:
    """A remark, without what it rests on."""
    remark = next(remark for remark in guide.remarks if remark.key == key)
    return part("remark", guide=guide, remark=remark, heading=REMARK_HEADINGS[remark.kind])


@lru_cache(KEPT)
def evidence_html(guide: Guide, ticked: tuple[int, ...]) -> SafeString:
    """How many signals of each role that is asked about are ticked."""
    logic = logic_of(guide)
    found = [
        (guide.role[role].name, count, len(guide.signals_of[role]), EVIDENCE_WORDS[logic.evidence(count)])
        for role, count in zip(logic.evidence_bits, ticked, strict=True)
    ]
    return part("evidence", evidence=found)


@lru_cache(KEPT)
def said_html(guide: Guide, question: str, choice: str, signals: tuple[str, ...]) -> SafeString:
    """One answer."""
    asked = guide.question[question]
    return part("said", question=asked.text, answer=choice_label(asked, choice), signals=signals)


@lru_cache(KEPT)
def basis_html(guide: Guide, basis: Basis) -> SafeString:
    """What a reason or remark rests on."""
    return conditional_escape(basis_in_words(guide, basis))


@lru_cache(KEPT)
def change_html(guide: Guide, change: Change) -> SafeString:
    return conditional_escape(change_in_words(guide, change))


def joined(pieces: Iterable[str]) -> SafeString:
    """Pieces of HTML one after the other. Every text in them is escaped, by its template or by whoever wrote it in."""
    return SafeString("".join(pieces))


def part(name: str, **context: Any) -> SafeString:
    """A piece of a page, rendered to be kept."""
    return render_to_string(f"assessment/parts.html#{name}", context)


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
        "counted": [kept for kept in all_kept() if not kept.is_personal],
        "kinds": [kept for kept in all_kept() if kept.is_personal],
        "indexable": True,
    }
