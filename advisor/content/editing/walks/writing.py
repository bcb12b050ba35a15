"""What the walks write beside the words: a place for the question, its answer in the example, rows that decide."""

from collections.abc import Mapping, Sequence
from typing import Any

from advisor.content.drafts import read_draft
from advisor.content.editing.positions import append_position, put_in_order
from advisor.content.models import Dimension, Guide, NeedRow, Outcome, Question, Role, Rule
from advisor.decision.conditions import EVIDENCE, NEED
from advisor.decision.guide import Evidence, YesNo
from advisor.decision.plurals import pluralize
from advisor.decision.walk import example_answers

YES, NO = [YesNo.YES.value], [YesNo.NO.value]

Condition = Mapping[str, Sequence[str]]


def order(guide: Guide, parts: Any, wanted: Sequence[Any]) -> None:
    """Put parts in this order. The caller holds the lock on the guide, so that they stand as they were read."""
    shown, keys = [str(part.pk) for part in parts.all()], [str(part.pk) for part in wanted]
    put_in_order(guide=guide, parts=parts, shown=shown, wanted=keys)


def place_question(question: Question) -> None:
    """Ask a new question about a role after the last one about a role, and so before what rests on all of them; where
    there is none, before the first follow-up.
    """
    others = [other for other in question.guide.question_set.all() if other != question]
    about_roles = [number for number, other in enumerate(others, 1) if other.role_id and not other.follow_up_id]
    of_follow_ups = [number for number, other in enumerate(others) if other.follow_up_id]
    place = about_roles[-1] if about_roles else next(iter(of_follow_ups), len(others))
    order(question.guide, question.guide.question_set, [*others[:place], question, *others[place:]])


def has_example(guide: Guide) -> bool:
    """Whether the answers of the example lead to a result."""
    return bool(guide.example) and example_answers(read_draft(guide)) is not None


def answer_in_cases(question: Question, *, in_example: bool) -> str:
    """Let the scenarios, and the example of the front page, answer a new question with a choice that does not ask for
    the role: without one they would be about visitors who left it open, and the example would lead nowhere. Returns
    what was done in words; "" where there is nothing to do, or no such choice.
    """
    choices = [choice for choice in question.choice_set.all() if not choice.affirms]
    if not choices:
        return ""
    said = next((choice for choice in choices if not choice.unsure), choices[0])
    guide, scenarios = question.guide, list(question.guide.scenario_set.all())
    about = [pluralize(len(scenarios), "scenario")] if scenarios else []
    for scenario in scenarios:
        scenario.answers = f"{scenario.answers.strip()}&{question.key}={said.key}"
        scenario.save(update_fields=["answers"])
    if in_example:
        about.append("the example of the front page")
        guide.example = f"{guide.example.strip()}&{question.key}={said.key}"
        guide.save(update_fields=["example"])
    return f"In {' and in '.join(about)} the new question is answered with “{said}”." if about else ""


def need_conditions(role: Role, question: Question, enough: str) -> dict[str, tuple[Condition, bool]]:
    """What the rows of a need ask for that the walk makes, in their order, and whether the role is needed there."""
    affirming = [choice.key for choice in question.choice_set.all() if choice.affirms]
    from_there_on = [one.value for one in Evidence][[one.value for one in Evidence].index(enough) :] if enough else []
    rows: dict[str, tuple[Condition, bool]] = {"situations": ({EVIDENCE + role.key: from_there_on}, True)}
    rows |= {"answer": ({question.key: affirming}, True), "otherwise": ({}, False)}
    return rows if enough else {name: row for name, row in rows.items() if name != "situations"}


def rows_of_walk(role: Role, question: Question) -> dict[str, NeedRow] | None:
    """The rows of a need as the walk makes them, by what they are for; None where somebody made others."""
    inputs = {(EVIDENCE + role.key,): "situations", (question.key,): "answer", (): "otherwise"}
    rows = list(role.need_set.all())
    found = {inputs.get(tuple(row.when) if isinstance(row.when, dict) else ("",), ""): row for row in rows}
    in_order = [name for name in inputs.values() if name in found]
    is_ours = in_order == list(found) and len(found) == len(rows) and (not rows or "otherwise" in found)
    return found if is_ours and all(row.needed == (name != "otherwise") for name, row in found.items()) else None


def write_need(role: Role, rows: dict[str, NeedRow], wanted: Mapping[str, tuple[Condition, bool]], said: Any) -> None:
    """Write the rows that are wanted, each with its reason, and take out those that are not."""
    written = []
    for name, (when, needed) in wanted.items():
        row = rows.get(name) or NeedRow(role=role)
        is_new, before = row._state.adding, (row.when, row.needed, row.reason)
        row.when, row.needed, row.reason = dict(when), needed, said[name]
        if is_new:
            append_position(row)
        if is_new or before != (row.when, row.needed, row.reason):
            row.save()
        written.append(row)
    for name in rows.keys() - wanted.keys():
        rows[name].delete()
    order(role.guide, role.need_set, written)


def rule_conditions(role: Role) -> dict[str, dict[str, list[str]]]:
    """What a rule for one role can ask for: by "whenever" and, where other roles have a need, by "alone"."""
    others = role.guide.role_set.filter(need_set__isnull=False).exclude(pk=role.pk).distinct()
    found = {"whenever": {NEED + role.key: YES}}
    if alone := {NEED + other.key: NO for other in others}:
        found["alone"] = {NEED + role.key: YES} | alone
    return found


def put_rule_first(rule: Rule) -> None:
    """Add a rule above all others: below a row that takes its cases it would never decide."""
    append_position(rule)
    rule.save()
    order(rule.guide, rule.guide.rule_set, [rule, *(other for other in rule.guide.rule_set.all() if other != rule)])


def outcome_about(role: Role) -> Outcome | None:
    """The outcome that names this role and no other."""
    named = role.guide.outcome_set.filter(roles=role).prefetch_related("roles")
    return next((outcome for outcome in named if len(outcome.roles.all()) == 1), None)


def write_dimensions(guide: Guide, labels: Sequence[str], keys: Mapping[str, str]) -> None:
    """Let the table have these rows, in this order: those that are there stay, and those that are not named go."""
    rows = {dimension.label: dimension for dimension in guide.dimension_set.all()}
    for label, dimension in rows.items():
        if label not in labels:
            dimension.delete()
    for label in labels:
        if label not in rows:
            rows[label] = Dimension(guide=guide, label=label, key=keys[label])
            append_position(rows[label])
            rows[label].save()
    order(guide, guide.dimension_set, [rows[label] for label in labels])
