"""The partials of pages that are the same for many visitors. Templates make all markup and escape every value."""

from collections.abc import Hashable, Iterable
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from advisor.assessment.fit import Verdict, all_reasons
from advisor.assessment.forms import FitForm, PageForm
from advisor.assessment.partial_cache import QUERY, Context, cached_partial, concatenated
from advisor.assessment.recommendation_text import (
    REMARK_HEADINGS,
    a_role,
    basis_in_words,
    certainty_text,
    change_in_words,
    choice_label,
    evidence_in_words,
    split_sentence,
    weight,
)
from advisor.assessment.templatetags.texts import copy as guide_copy
from advisor.assessment.visit import question_path, result_path
from advisor.content.markdown import plain
from advisor.decision.answers import Pair
from advisor.decision.guide import Guide, RemarkKind, Role
from advisor.decision.logic import logic_of
from advisor.decision.plurals import pluralize
from advisor.decision.recommendation import Basis, Certainty, Change, Reason
from advisor.skeletons import fill_in

Points = tuple[Reason, ...]


@cached_partial("assessment/parts.html#fields")
def fields(guide: Guide, page_key: str, answers: tuple[Pair, ...]) -> Context:
    """The fields of a page without errors, filled in with the answers to it."""
    return {"form": PageForm(guide, guide.page_of[page_key], QueryDict(urlencode(answers)))}


@cached_partial("assessment/parts.html#answer")
def answer(guide: Guide, token: str, question: str, choice: str, signals: tuple[str, ...]) -> Context:
    """One answer with the names of the ticked signals, and a link that changes it and comes straight back."""
    asked = guide.question[question]
    return {
        "question": asked.text,
        "answer": choice_label(asked, choice),
        "signals": signals,
        **_change_link(guide, token, question),
    }


@cached_partial("assessment/parts.html#basis")
def basis(guide: Guide, token: str, rests_on: Basis) -> Context:
    """What a reason or remark rests on, and a link that changes it."""
    return {"words": basis_in_words(guide, rests_on), **_change_link(guide, token, rests_on.question)}


@cached_partial("assessment/parts.html#plain_reason")
def plain_reason(guide: Guide, token: str, reason: Reason) -> Context:
    """A reason of a guide that does not weigh its roles."""
    return {"guide": guide, "text": reason.text, "bases": _bases(guide, token, reason.rests_on)}


@cached_partial("assessment/parts.html#doubt")
def doubt(words: str) -> Context:
    """Why the advice is not clear."""
    return {"doubt": words}


@cached_partial("assessment/parts.html#stale")
def stale(answers: tuple[str, ...]) -> Context:
    """The answers that do not count any more, if there are any."""
    return {"stale": answers}


@cached_partial("assessment/parts.html#about_folded_rows")
def about_folded_rows(number: int, touched: int, is_some_open: Hashable) -> Context:
    """What is said of the rows of the comparison table that are folded."""
    return {"number": number, "touched": touched, "is_some_open": is_some_open}


@cached_partial("assessment/parts.html#rule")
def rule(guide: Guide, token: str, reason: Reason) -> Context:
    """The reason of the rule that decided."""
    return _point(guide, token, reason, "")


@cached_partial("assessment/parts.html#because")
def because(guide: Guide, token: str, reason: Reason) -> Context:
    """The reason of the row that decided whether one role is needed."""
    return _point(guide, token, reason, weight(reason) if reason.rests_on else "")


@cached_partial("assessment/parts.html#strong_point")
def strong_point(guide: Guide, token: str, reason: Reason) -> Context:
    """One of the strongest reasons: its first sentence, and the others folded."""
    return _point(guide, token, reason, weight(reason))


@cached_partial("assessment/parts.html#point")
def point(guide: Guide, token: str, reason: Reason) -> Context:
    """One of the other reasons, as a whole."""
    return _point(guide, token, reason, weight(reason))


def role_answer(
    guide: Guide,
    token: str,
    role: str,
    verdict: str,
    reason: Reason | None,
    points: Points,
    others: Points,
    *,
    is_named: bool,
) -> SafeString:
    """Whether one role is needed, with the reason of the row that decided and what else speaks for the advice: the
    strongest, and the others, which are folded.
    """
    return fill_in(
        "assessment/parts.html#role_answer",
        {
            "name": guide.role[role].name,
            "verdict": verdict,
            "is_named": is_named,
            "because": because(guide, token, reason) if reason else "",
            "points": concatenated(strong_point(guide, token, one) for one in points),
            "others": concatenated(point(guide, token, one) for one in others),
            "number_of_others": pluralize(len(others), "more reason"),
        },
    )


@cached_partial("assessment/parts.html#against")
def against(guide: Guide, token: str, heading: str, points: Points) -> Context:
    """What speaks against the advice, for one role."""
    return {"heading": heading, "points": [_point(guide, token, point, "") for point in points]}


def _point(guide: Guide, token: str, reason: Reason, weight: str) -> Context:
    """A reason with its weight, if it has one, and what it rests on."""
    first, rest = split_sentence(reason.text) if reason.text else ("", "")
    if plain(reason.text) != reason.text:
        # What has markup of its own stands below its first sentence as a whole.
        rest = guide_copy(guide, reason.text)
    elif rest:
        rest = format_html("<p>{}</p>", rest)
    return {
        "guide": guide,
        "reason": reason,
        "first": first,
        "rest": rest,
        "weight": weight,
        "bases": _bases(guide, token, reason.rests_on),
    }


def _bases(guide: Guide, token: str, rests_on: Iterable[Basis]) -> SafeString:
    return SafeString("".join(basis(guide, token, one) for one in rests_on))


@cached_partial("assessment/parts.html#watch_for")
def watch_for(guide: Guide, signals: tuple[str, ...]) -> Context:
    """Situations to watch for, by the role that they would speak for."""
    by_role = [
        (a_role(guide, role.key), [signal for signal in guide.signals_of[role.key] if signal.key in signals])
        for role in guide.roles
    ]
    return {"guide": guide, "watched": [(name, of_role) for name, of_role in by_role if of_role]}


@cached_partial("assessment/parts.html#change")
def change(guide: Guide, token: str, change: Change) -> Context:
    """One change that leads to another outcome, as a link to its result."""
    return {
        "path": result_path(guide.key, token),
        "query": QUERY,
        "words": change_in_words(guide, change),
        "asks_more": change.asks_more,
    }


@cached_partial("assessment/parts.html#restated")
def restated(guide: Guide, token: str, change: Change) -> Context:
    """Another answer to a question that asks for the outcome itself, and where it leads."""
    return {
        "path": result_path(guide.key, token),
        "query": QUERY,
        "answer": choice_label(guide.question[change.question], change.choice),
        "outcome": guide.outcome[change.outcome].name,
        "asks_more": change.asks_more,
    }


def _change_link(guide: Guide, token: str, question: str) -> Context:
    """On a page with several questions the link leads straight to the one."""
    asked, page = guide.question[question], guide.page_of[question]
    is_page_of_its_own = page.key == question and not asked.follow_up
    return {
        "path": question_path(guide.key, page.key, token),
        "query": QUERY,
        "anchor": "" if is_page_of_its_own else f"#id_{question}_0",
        "name": asked.name,
    }


MIN_PAIRED, MAX_PAIRED = 3, 12
"""Roles of which two are chosen to be compared on a small screen; ``static/advisor.css`` has a rule for each column."""

MIN_PAIRED_EVERYWHERE = 5
"""Roles of which two are chosen on a wide screen as well."""


def columns(guide: Guide, recommended: tuple[str, ...]) -> list[Role]:
    """The roles as they stand side by side: where only two of them are seen, those that are recommended come first."""
    if len(guide.roles) < MIN_PAIRED:
        return [*guide.roles]
    return sorted(guide.roles, key=lambda role: role.key not in recommended)


def paired(guide: Guide) -> str:
    """The classes of a comparison table of which two columns are seen at a time; "" where all are."""
    if not MIN_PAIRED <= len(guide.roles) <= MAX_PAIRED:
        return ""
    return "paired" if len(guide.roles) >= MIN_PAIRED_EVERYWHERE else "paired few"


@cached_partial("assessment/parts.html#pair")
def pair(guide: Guide, recommended: tuple[str, ...]) -> Context:
    """The choice of the two roles that are compared; nothing where all are seen."""
    return {"classes": paired(guide), "names": [role.name for role in columns(guide, recommended)]}


@cached_partial("assessment/parts.html#table_head")
def table_head(guide: Guide, recommended: tuple[str, ...]) -> Context:
    """The columns of the comparison table: each role's name, and whether it is recommended."""
    roles = [(role.name, role.key in recommended) for role in columns(guide, recommended)]
    return {"roles": roles, "badge": badge(guide)}


@cached_partial("assessment/parts.html#table_row")
def table_row(guide: Guide, position: int, recommended: tuple[str, ...], ticked: tuple[str, ...]) -> Context:
    """One row of the comparison table, marked by the names of the ticked signals that speak to it."""
    dimension = guide.dimensions[position]
    cells = {cell.role: cell.text for cell in dimension.cells}
    return {
        "dimension": dimension,
        "cells": [(cells[role.key], role.name, role.key in recommended) for role in columns(guide, recommended)],
        "badge": badge(guide),
        "ticked": ticked,
    }


@cached_partial("assessment/parts.html#ownership")
def ownership(guide: Guide, outcome: str) -> Context:
    """Who owns what, for every role, and what they share."""
    recommended = guide.outcome[outcome].roles
    return {
        "roles": [(role, role.key in recommended) for role in guide.roles],
        "together": [role for role in guide.roles if role.key in recommended] if len(recommended) > 1 else [],
        "badge": badge(guide),
        "shared_concerns": guide.shared_concerns,
    }


def badge(guide: Guide) -> str:
    """What marks a role that the outcome names."""
    return "Needed" if any(role.need for role in guide.roles) else "Recommended"


@cached_partial("assessment/parts.html#recommended")
def recommended(guide: Guide, outcome: str) -> Context:
    """The outcome with the first sentence of its paragraph."""
    found = guide.outcome[outcome]
    return {"guide": guide, "outcome": found, "first": split_sentence(found.text)[0]}


@cached_partial("assessment/parts.html#in_full")
def in_full(guide: Guide, outcome: str, certainty: Certainty) -> Context:
    """The whole paragraph of the outcome, and what its certainty means."""
    return {
        "guide": guide,
        "outcome": guide.outcome[outcome],
        "certainty_text": certainty_text(guide, certainty),
    }


@cached_partial("assessment/parts.html#remark")
def remark(guide: Guide, token: str, key: str, rests_on: tuple[Basis, ...], decides: Hashable) -> Context:
    """A remark and what it rests on; of a contradiction, whether to settle it would change the advice."""
    found = next(remark for remark in guide.remarks if remark.key == key)
    return {
        "guide": guide,
        "remark": found,
        "is_contradiction": found.kind is RemarkKind.CONTRADICTION,
        "heading": REMARK_HEADINGS[found.kind],
        "decides": decides,
        "bases": _bases(guide, token, rests_on),
    }


@cached_partial("assessment/parts.html#evidence")
def evidence(guide: Guide, ticked: tuple[int, ...]) -> Context:
    """How many signals of each role that is asked about are ticked: counted, and drawn as dots."""
    logic = logic_of(guide)
    found = []
    for role, count in zip(logic.evidence_bits, ticked, strict=True):
        of = len(guide.signals_of[role])
        words = evidence_in_words(logic.evidence(count), count)
        found.append((guide.role[role].name, "●" * count + "○" * (of - count), count, of, words))
    return {"evidence": found}


@cached_partial("assessment/parts.html#vote")
def vote(guide: Guide, key: str, chosen: str) -> Context:
    """One reason, in its first sentence, with the two things to say of it."""
    text, _ = split_sentence(all_reasons(guide)[key])
    return {"key": key, "text": text, "choices": Verdict.choices, "chosen": chosen}


@cached_partial("advisor/field.html")
def line() -> Context:
    """The empty line in which somebody says why a result does not describe them."""
    return {"field": FitForm({})["line"]}
