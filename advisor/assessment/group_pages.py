"""What the pages for several people show: the invitation to answer, the answers side by side, and what goes wrong."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings

from advisor.assessment.effort import effort_of
from advisor.assessment.group import Group
from advisor.assessment.others import MAX_PEOPLE
from advisor.assessment.pages import guide_card
from advisor.assessment.recommendation_text import choice_label, joined
from advisor.assessment.visit import Visit, landing_path, together_path
from advisor.decision.agreement import Settled
from advisor.decision.guide import Guide, Question, YesNo
from advisor.decision.plurals import pluralize
from advisor.decision.polarity import restating_questions
from advisor.http import NOT_ALLOWED_IN_HTML

Context = dict[str, Any]

YOU = "You"
NOTHING_TICKED = "None of the situations"


class Said(NamedTuple):
    """What somebody said to a question, "" if they were not asked, and what they ticked, "" if nothing can be."""

    answer: str
    ticked: str


class Compared(NamedTuple):
    """One question, with who said what; one entry where all said the same."""

    question: str
    said: list[tuple[str, Said]]


def page(group: Group) -> Context:
    """The page of a group: side by side from two people on; with one, the invitation for another."""
    context = {
        "canonical": f"{settings.SITE_URL}{together_path(group.guide.key)}",
        "description": "What several people answered, where they differ, and what to settle.",
        **(guide_card(group.people[0].published) if group.people else {}),
        "home": "?".join(filter(None, [landing_path(group.guide.key), urlencode(group.attribution)])),
        "attribution": group.attribution,
        "guide": group.guide,
        "path": together_path(group.guide.key),
        "remarks": group.remarks,
        "typed": NOT_ALLOWED_IN_HTML.sub("", group.typed),
        "error": group.error,
        "codes": group.codes,
        "you": group.you,
        "may_add": len(group.people) < MAX_PEOPLE,
        "apart": [
            (person.code, person.published.number, person.result_address, person.todays_result)
            for person in group.apart
        ],
    }
    if len(group.people) > 1:
        context |= side_by_side(group)
    elif group.people:
        context |= invitation(group)
    else:
        context["title"] = "Compare answers"
    if group.error:
        context["title"] = f"Error: {context['title']}"
    return context


def invitation(group: Group) -> Context:
    """What somebody reads who is asked to answer, without a word of what the other one said."""
    (person,) = group.people
    return {
        "title": f"Answer for yourself – {person.guide.title}",
        "invited": True,
        "effort": effort_of(person.guide),
        "start": group.further.own_start if group.further else "",
    }


def side_by_side(group: Group) -> Context:
    """What everyone was advised and said, where they differ, and what to settle."""
    guide, people = group.people[0].guide, group.people
    settlement = group.settlement
    labels = labels_of(group)
    apart = {difference.question for difference in group.differences if len(difference.given) > 1}
    compared = [(question.key, compare(guide, question, people, labels)) for question in asked_of_any(people)]
    outcomes = {person.recommendation.outcome.key for person in people}
    agree = len(outcomes) == 1
    return {
        "title": f"Answers side by side – {guide.title}",
        "side_by_side": True,
        "number": pluralize(len(people), "person", "people"),
        "heading": "The same advice for everyone" if agree else "The answers lead to different advice",
        "agree": agree,
        "advised": [
            (label, person.recommendation.outcome, person.recommendation.certainty.value, person.result_address)
            for label, person in zip(labels, people, strict=True)
        ],
        "outcome": guide.outcome[settlement.outcome],
        "to_settle": "this" if len(settlement.settled) == 1 else "all of these",
        "settled": [settled_in_words(guide, one, labels) for one in settlement.settled],
        "is_smallest": settlement.is_smallest,
        "restates": restating(guide, settlement.settled),
        "differing": [found for key, found in compared if key in apart],
        "alike": [found for key, found in compared if key not in apart],
        "link": settings.SITE_URL + group.address_to_pass_on,
        "call": group.own.call_address if group.own else "",
        "own": [(label, group.address_as(place)) for place, label in enumerate(labels, 1)] if not group.you else [],
        "further": group.further.own_start if group.further else "",
    }


def restating(guide: Guide, settled: Sequence[Settled]) -> str:
    """The question among what is to be settled that asks for the outcome itself; "" where there is none."""
    questions = [guide.question[one.difference.question] for one in settled if not one.difference.signal]
    return next((question.text for question in questions if question.key in restating_questions(guide)), "")


def labels_of(group: Group) -> list[str]:
    """What each person is called: by their place, and "You" for whoever reads the page."""
    return [YOU if place == group.you else f"Person {place}" for place in range(1, len(group.people) + 1)]


def asked_of_any(people: Sequence[Visit]) -> list[Question]:
    """The questions that somebody was asked, in the guide's order."""
    asked = {question.key for person in people for page in person.pages for question in page.questions}
    return [question for question in people[0].guide.questions if question.key in asked]


def compare(guide: Guide, question: Question, people: Sequence[Visit], labels: Sequence[str]) -> Compared:
    """What everyone said to a question, together where it is the same."""
    found = [said_by(guide, question, person) for person in people]
    if len(set(found)) == 1:
        return Compared(question.text, [("Both" if len(people) == 2 else "Everyone", found[0])])
    return Compared(question.text, list(zip(labels, found, strict=True)))


def said_by(guide: Guide, question: Question, person: Visit) -> Said:
    """What one person said to a question."""
    if question.key not in person.answers.choices:
        return Said("", "")
    answer = choice_label(question, person.answers.choices[question.key])
    if not guide.signals_of.get(question.role):
        return Said(answer, "")
    names = [signal.name for signal in guide.signals_of[question.role] if signal.key in person.answers.signals]
    return Said(answer, ", ".join(names) or NOTHING_TICKED)


class InWords(NamedTuple):
    """One thing to settle: what it is about, on what it is settled, and who says so already."""

    about: str
    value: str
    said_by: str


def settled_in_words(guide: Guide, one: Settled, labels: Sequence[str]) -> InWords:
    difference = one.difference
    question = guide.question[difference.question]
    sayers = [label for label, value in zip(labels, difference.values, strict=True) if value == one.value]
    said_by = joined(sayers).replace(YOU, YOU.lower())
    if difference.signal:
        value = "This describes us" if one.value == YesNo.YES else "This does not describe us"
        return InWords(f"“{guide.signal[difference.signal].name}”", value, said_by)
    return InWords(question.text, choice_label(question, one.value), said_by)
