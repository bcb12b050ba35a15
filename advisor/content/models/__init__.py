from advisor.content.models.edition import Edition, EditionCases, EditionFault
from advisor.content.models.guide import FrequentQuestion, Guide, SharedConcern
from advisor.content.models.outcomes import NeedRow, Outcome, Remark, Rule
from advisor.content.models.preview import PreviewLink
from advisor.content.models.questions import Choice, FollowUp, Question
from advisor.content.models.scenario import Scenario
from advisor.content.models.table import Cell, Dimension, Role, Signal

PARTS = (
    Role,
    Dimension,
    Cell,
    Signal,
    FollowUp,
    Question,
    Choice,
    NeedRow,
    Outcome,
    Rule,
    Remark,
    SharedConcern,
    FrequentQuestion,
    Scenario,
)
"""What a guide consists of. Each refers only to what stands before it, so that a guide can be written in this order."""

__all__ = [
    "PARTS",
    "Cell",
    "Choice",
    "Dimension",
    "Edition",
    "EditionCases",
    "EditionFault",
    "FollowUp",
    "FrequentQuestion",
    "Guide",
    "NeedRow",
    "Outcome",
    "PreviewLink",
    "Question",
    "Remark",
    "Role",
    "Rule",
    "Scenario",
    "SharedConcern",
    "Signal",
]
