"""Scenarios: whether a guide says to the cases that staff wrote down what it is expected to say.

Those of a draft are tried on the draft. When it is published they are kept with the edition as they were then, so that
what is live goes on being tried by what it was published with, however draft and scenarios change afterwards.
"""

from collections.abc import Iterable

import msgspec

from advisor.content import models
from advisor.content.drafts import value_of
from advisor.content.models.scenario import Case
from advisor.decision import guide as decision
from advisor.decision.answers import NONE_PREFIX, SIGNAL_PARAMETER, Pair, ProblemKind, read
from advisor.decision.recommendation import recommend


class Run(msgspec.Struct, frozen=True):
    """One case, tried: what it led to, by keys, and what is wrong, or "". ``scenario`` is the id of its row."""

    case: Case
    outcome: str
    certainty: str
    remarks: tuple[str, ...]
    message: str
    scenario: int | None = None

    @property
    def passed(self) -> bool:
        """Whether the guide says what is expected."""
        return not self.message

    @property
    def allowed(self) -> bool:
        """Whether it may be published although it does not."""
        return self.case.expected_to_change and bool(self.outcome)


def case_of(scenario: models.Scenario) -> Case:
    """A scenario of a draft as a value."""
    case: Case = value_of(scenario)
    return case


def scenarios_of(guide: models.Guide) -> Iterable[models.Scenario]:
    """The scenarios of a draft, in their order."""
    rows = guide.scenario_set.select_related("outcome")
    found: Iterable[models.Scenario] = rows.prefetch_related("remarks", "unwanted_remarks")
    return found


def cases_of(guide: models.Guide) -> list[Case]:
    """The same as values."""
    return [case_of(scenario) for scenario in scenarios_of(guide)]


def store_cases(*, edition: models.Edition, cases: Iterable[Case]) -> None:
    """Keep with a new edition what it was tried by."""
    document = msgspec.json.encode([*cases]).decode()
    models.EditionCases.objects.create(edition=edition, document=document)


def copy_cases(*, edition: models.Edition, of: models.Edition) -> None:
    """Keep with a new edition what the older one that it repeats was tried by, word for word."""
    for kept in models.EditionCases.objects.filter(edition=of):
        models.EditionCases.objects.create(edition=edition, document=kept.document)


def cases_of_edition(edition: models.Edition) -> list[Case]:
    """What an edition was tried by; nothing for one that was published before this was kept."""
    kept = models.EditionCases.objects.filter(edition=edition).first()
    return msgspec.json.decode(kept.document, type=list[Case]) if kept else []


def run_scenarios(guide: models.Guide, document: decision.Guide) -> list[Run]:
    """Try the scenarios of a draft on a document of its guide, in their order."""
    return [run_scenario(scenario, document) for scenario in scenarios_of(guide)]


def run_scenario(scenario: models.Scenario, document: decision.Guide) -> Run:
    """Try one of them."""
    return msgspec.structs.replace(run_case(case_of(scenario), document), scenario=scenario.pk)


def run_case(case: Case, document: decision.Guide) -> Run:
    """Try one case. What it names and the document does not have is a failure like any other."""
    if unknown := unknown_in(document, case.pairs):
        return Run(case, "", "", (), f"Its answers do not fit the questions any more: {', '.join(unknown)}.")
    answers, _ = read(document, case.pairs)
    try:
        recommendation = recommend(document, answers)
    except LookupError:
        return Run(case, "", "", (), "No rule matches these answers.")
    collected = tuple(remarked.remark.key for remarked in recommendation.remarks)
    found = Run(case, recommendation.outcome.key, recommendation.certainty.value, collected, "")
    return msgspec.structs.replace(found, message=" ".join(_differences(document, found)))


def unknown_in(document: decision.Guide, pairs: Iterable[Pair]) -> list[str]:
    """What in answers a document does not know, or cannot take as it is given: by the key of a question or signal."""
    pairs = [*pairs]
    _, problems = read(document, pairs)
    about = {problem.question for problem in problems if problem.kind is not ProblemKind.UNKNOWN_SIGNAL}
    questions = {name for name, _ in pairs} - document.question.keys() - {SIGNAL_PARAMETER}
    asked = {
        *(signal.key for role in document.question_about for signal in document.signals_of.get(role, ())),
        *(NONE_PREFIX + question.key for question in document.question_about.values()),
    }
    ticked = {value for name, value in pairs if name == SIGNAL_PARAMETER}
    return sorted(about | questions | {f"signal {key}" for key in ticked - asked})


def _differences(document: decision.Guide, run: Run) -> Iterable[str]:
    case = run.case
    if run.outcome != case.outcome:
        expected = document.outcome.get(case.outcome)
        name = expected.name if expected else case.outcome
        yield f"Expected “{name}”, and it is “{document.outcome[run.outcome].name}”."
    if case.certainty not in ("", run.certainty):
        yield f"Expected to be {case.certainty}, and it is {run.certainty}."
    titles = {remark.key: remark.title for remark in document.remarks}
    if missing := [titles.get(key, key) for key in case.remarks if key not in run.remarks]:
        yield f"These remarks are missing: {', '.join(f'“{title}”' for title in missing)}."
    if unwanted := [titles[key] for key in case.unwanted_remarks if key in run.remarks]:
        yield f"These remarks are made and should not be: {', '.join(f'“{title}”' for title in unwanted)}."
