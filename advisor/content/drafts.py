"""From the rows an editor changes to the value that is decided with and published."""

from collections import defaultdict

from msgspec import structs

from advisor.content import models
from advisor.content.markdown import rendered
from advisor.content.models.parts import lines
from advisor.decision import guide as decision


def read_draft(guide: models.Guide) -> decision.Guide:
    """The draft of a guide as it stands, complete or not, its copy rendered. A dozen queries, whatever its size."""
    draft = _read(guide)
    return structs.replace(draft, html=rendered(draft))


def _read(guide: models.Guide) -> decision.Guide:
    cells = defaultdict(list)
    for cell in models.Cell.objects.filter(dimension__guide=guide).select_related("role").order_by("role__position"):
        cells[cell.dimension_id].append(decision.Cell(role=cell.role.key, text=cell.text))
    return decision.Guide(
        key=guide.key,
        number=guide.number,
        title=guide.title,
        summary=guide.summary,
        audience=guide.audience,
        why=guide.why,
        call_title=guide.call_title,
        call_text=guide.call_text,
        call_next=guide.call_next,
        consent=guide.consent,
        clear=guide.clear,
        leaning=guide.leaning,
        mixed=guide.mixed,
        some_from=guide.some_from,
        strong_from=guide.strong_from,
        roles=tuple(_role(role) for role in guide.role_set.all()),
        dimensions=tuple(
            decision.Dimension(key=dimension.key, label=dimension.label, cells=tuple(cells[dimension.pk]))
            for dimension in guide.dimension_set.all()
        ),
        signals=tuple(
            _signal(signal) for signal in guide.signal_set.select_related("role").prefetch_related("speaks_to")
        ),
        questions=tuple(
            _question(question)
            for question in guide.question_set.select_related("role", "follow_up").prefetch_related("choice_set")
        ),
        follow_ups=tuple(
            decision.FollowUp(
                key=follow_up.key,
                title=follow_up.title,
                help=follow_up.help,
                asked_when=tuple(_condition(when) for when in follow_up.conditions),
            )
            for follow_up in guide.followup_set.all()
        ),
        outcomes=tuple(
            decision.Outcome(
                key=outcome.key,
                name=outcome.name,
                title=outcome.title,
                text=outcome.text,
                roles=tuple(role.key for role in outcome.roles.all()),
            )
            for outcome in guide.outcome_set.prefetch_related("roles")
        ),
        rules=tuple(
            decision.Rule(when=_condition(rule.when), outcome=rule.outcome.key, reason=rule.reason)
            for rule in guide.rule_set.select_related("outcome")
        ),
        remarks=tuple(
            decision.Remark(
                key=remark.key,
                kind=decision.RemarkKind(remark.kind),
                title=remark.title,
                text=remark.text,
                when=_condition(remark.when),
            )
            for remark in guide.remark_set.all()
        ),
        shared_concerns=tuple(concern.text for concern in guide.sharedconcern_set.all()),
        frequent_questions=tuple(
            decision.FrequentQuestion(question=frequent.question, answer=frequent.answer)
            for frequent in guide.frequentquestion_set.all()
        ),
    )


def _condition(when: object) -> decision.Condition:
    """A condition as it is stored. What is none, and came past every check, becomes one that ``unfinished`` reports."""
    if not isinstance(when, dict):
        return {str(when): ()}
    return {name: tuple(map(str, values)) if isinstance(values, list) else () for name, values in when.items()}


def _role(role: models.Role) -> decision.Role:
    return decision.Role(
        key=role.key,
        name=role.name,
        summary=role.summary,
        fits=role.fits,
        owns=lines(role.owns),
        not_theirs=lines(role.not_theirs),
        own_domain=lines(role.own_domain),
    )


def _signal(signal: models.Signal) -> decision.Signal:
    return decision.Signal(
        key=signal.key,
        role=signal.role.key,
        name=signal.name,
        text=signal.text,
        reason=signal.reason,
        speaks_to=tuple(dimension.key for dimension in signal.speaks_to.all()),
    )


def _question(question: models.Question) -> decision.Question:
    return decision.Question(
        key=question.key,
        name=question.name,
        text=question.text,
        help=question.help,
        choices=tuple(
            decision.Choice(key=choice.key, label=choice.label, affirms=choice.affirms)
            for choice in question.choice_set.all()
        ),
        role=question.role.key if question.role else "",
        signals_text=question.signals_text,
        follow_up=question.follow_up.key if question.follow_up else "",
    )
