"""The pages of "Add a role", each for one kind of what makes a role."""

from typing import Any

from advisor.content.editing.fields.inputs import condition_by_inputs, draft_inputs
from advisor.content.editing.part_forms import twin_of
from advisor.content.editing.views.comparison_table import ComparisonTable, read_table, save_table
from advisor.content.editing.walks.forms import (
    Choices,
    OutcomeForm,
    QuestionForm,
    RoleForm,
    Situations,
)
from advisor.content.editing.walks.row_forms import NeedForm, RuleWordsForm
from advisor.content.editing.walks.steps import Step, save_part
from advisor.content.editing.walks.writing import (
    answer_in_cases,
    has_example,
    need_conditions,
    outcome_about,
    place_question,
    put_rule_first,
    rows_of_walk,
    rule_conditions,
    write_need,
)
from advisor.content.models import Cell, NeedRow, Outcome, Question, Role, Rule
from advisor.decision.conditions import EVIDENCE
from advisor.fields import InSummary
from advisor.stale import last_change

FIRST_CHOICES = [{"label": "Yes", "affirms": True}, {"label": "No"}, {"label": "Not sure", "unsure": True}]
FIRST_CHOICE_LINES, FIRST_SITUATION_LINES = 4, 5


class RoleWords(Step):
    name, title = "words", "The role"
    about = "What one may hire, in the words that visitors read."

    def build(self) -> None:
        self.form = RoleForm(self.data, instance=self.role or Role(guide=self.guide), guide=self.guide)
        self.sections = [("", self.form)]

    def save(self) -> str:
        made: Any = self.form.instance
        if made.pk is None and (twin := twin_of(made, beside={"key"})):
            # Sent twice: it is there already.
            self.role = twin
            return ""
        save_part(self.form)
        self.role = made
        return ""


def question_about(role: Role) -> Question | None:
    """The one question that is about a role."""
    found: Question | None = role.guide.question_set.filter(role=role).first()
    return found


class RoleQuestion(Step):
    name, title = "question", "Its question"
    about = "What visitors are asked to find out whether they need the role, and what they can answer."

    def build(self) -> None:
        question = question_about(self.role)
        initial = {} if question else {"name": self.role.name, "signals_text": "Which of these sound like you?"}
        question = question or Question(guide=self.guide, role=self.role)
        self.form = QuestionForm(self.data, instance=question, guide=self.guide, initial=initial)
        first, room = (None, 1) if question.pk else (FIRST_CHOICES, FIRST_CHOICE_LINES)
        self.lines = self.choices = Choices(self.data, instance=question, room=room, initial=first)
        self.sections, self.lines_heading = [("", self.form)], "What they can answer"

    def save(self) -> str:
        question, had_example = self.form.instance, has_example(self.guide)
        is_new = save_part(self.form)
        self.choices.save()
        if not is_new:
            return ""
        place_question(question)
        return answer_in_cases(question, in_example=had_example)


class RoleSituations(Step):
    name, title = "situations", "Its situations"
    about = (
        "What visitors recognise themselves in, below the question; each speaks for this role. Five are good, and "
        "three are enough. Lines that are left empty are not kept."
    )

    def build(self) -> None:
        there = self.role.signal_set.count()
        room = 1 if there >= FIRST_SITUATION_LINES else FIRST_SITUATION_LINES - there
        self.lines = self.situations = Situations(self.data, instance=self.role, room=room)

    def save(self) -> str:
        self.situations.save()
        return ""


class RoleCells(Step):
    name, title = "table", "Its column of the table"
    about = "Ten words at most in each cell: it is read on a phone. Beside each stands what the others say."
    template = "content/walk_cells.html"

    def build(self) -> None:
        self.table: ComparisonTable = read_table(self.guide, self.data or {}, self.role)

    @property
    def rows(self) -> list[tuple[Any, list[str]]]:
        """The field of each row, with what the other roles say there."""
        others = Cell.objects.filter(dimension__guide=self.guide).exclude(role=self.role).select_related("role")
        beside: dict[int, list[str]] = {}
        for cell in others.order_by("role__position"):
            beside.setdefault(cell.dimension_id, []).append(f"{cell.role}: “{cell.text}”")
        return [(field, beside.get(dimension.pk, [])) for dimension, (field,) in self.table.rows]

    def hush(self) -> None:
        """What was typed is there as it came."""

    def is_valid(self) -> bool:
        """Saved at once, as the table itself checks what others did meanwhile."""
        self.table = save_table(guide=self.guide, data=self.data or {}, role=self.role)
        return self.table.saved is not None

    def save(self) -> str:
        return ""

    @property
    def summary(self) -> list[InSummary]:  # type: ignore[override]
        return [InSummary(target, message) for target, message in self.table.errors]


class RoleNeed(Step):
    name, title, needs = "need", "When it is needed", "question"
    about = (
        "The guide first finds out whether the role is needed: where enough of its situations are ticked, or else "
        "where the question is answered yes."
    )
    template = "content/walk_need.html"

    def is_open(self) -> bool:
        return question_about(self.role) is not None

    def build(self) -> None:
        question = question_about(self.role)
        if question is None:
            return
        self.question, self.rows = question, rows_of_walk(self.role, question)
        if self.rows is None:
            return
        saved: dict[str, Any] = {name: row.reason for name, row in self.rows.items()}
        if "situations" in self.rows:
            saved["enough"] = next(iter(self.rows["situations"].when[EVIDENCE + self.role.key]), "")
        changed = last_change(NeedRow, role_id=self.role.pk) if self.rows else ""
        self.form = NeedForm(self.data, saved=saved, changed=changed)
        self.form.offer(self.role)
        self.sections = [("", self.form)]

    def save(self) -> str:
        if self.rows is not None:
            said = self.form.cleaned_data
            write_need(self.role, self.rows, need_conditions(self.role, self.question, said.get("enough", "")), said)
        return ""


class RoleOutcome(Step):
    name, title, needs = "outcome", "Its recommendation", "need"
    about = "What the guide recommends where the role is needed."
    template = "content/walk_outcome.html"

    def is_open(self) -> bool:
        return NeedRow.objects.filter(role=self.role).exists()

    def build(self) -> None:
        outcome = outcome_about(self.role)
        self.rule = self.guide.rule_set.filter(outcome=outcome).first() if outcome else None
        inputs = draft_inputs(self.guide)
        self.rules = [
            (condition_by_inputs(rule.when, inputs), rule.outcome)
            for rule in self.guide.rule_set.select_related("outcome")
            if isinstance(rule.when, dict)
        ]
        initial = {} if outcome else {"name": self.role.name}
        self.form = OutcomeForm(
            self.data, instance=outcome or Outcome(guide=self.guide), guide=self.guide, initial=initial
        )
        self.conditions = rule_conditions(self.role)
        saved, changed = {"when": "whenever", "reason": ""}, ""
        choices = [("whenever", "Whenever it is needed, whatever else is")]
        if "alone" in self.conditions:
            choices.append(("alone", "Only where no other role is needed"))
        if rule := self.rule:
            kept = next((name for name, when in self.conditions.items() if when == rule.when), "kept")
            saved, changed = {"when": kept, "reason": rule.reason}, last_change(Rule, id=rule.pk)
            if kept == "kept":
                choices.append(("kept", f"As its rule says now: {condition_by_inputs(rule.when, inputs)}"))
        self.rule_form = RuleWordsForm(self.data, prefix="rule", saved=saved, changed=changed)
        self.rule_form.fields["when"].choices = choices  # type: ignore[attr-defined]
        self.rule_form.fields["when"].help_text = (
            "A new rule comes first in the outcome table; of the rules that hold, the first decides. A rule for each "
            "combination of roles can be added there afterwards."
        )
        self.sections = [("", self.form), ("The rule that leads there", self.rule_form)]

    def save(self) -> str:
        outcome, said = self.form.instance, self.rule_form.cleaned_data
        if save_part(self.form):
            outcome.roles.set([self.role])
        rule = self.rule or Rule(guide=self.guide, outcome=outcome)
        before = (rule.when, rule.reason)
        rule.when, rule.reason = self.conditions.get(said["when"], rule.when), said["reason"]
        if rule.pk is None:
            put_rule_first(rule)
        elif before != (rule.when, rule.reason):
            rule.save()
        return ""


ROLE_STEPS: dict[str, type[Step]] = {
    step.name: step for step in (RoleWords, RoleQuestion, RoleSituations, RoleCells, RoleNeed, RoleOutcome)
}


def unfinished_step(role: Role) -> str:
    """The name of the page on which the walk goes on, for a role that lacks something it needs; "" for a whole one.

    Pages are saved in their order, so what a later one saved shows that those before it were passed.
    """
    if question_about(role) is None:
        return RoleQuestion.name
    if role.outcome_set.exists():  # type: ignore[attr-defined]
        return ""
    if role.need_set.exists():
        return RoleOutcome.name
    return RoleNeed.name if role.signal_set.exists() else RoleSituations.name
