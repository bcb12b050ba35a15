from advisor.content.models.edition import Edition, EditionCases
from advisor.content.models.guide import FrequentQuestion, Guide, SharedConcern
from advisor.content.models.outcomes import Outcome, Remark, Rule
from advisor.content.models.preview import PreviewLink
from advisor.content.models.questions import Choice, FollowUp, Question
from advisor.content.models.scenario import Scenario
from advisor.content.models.table import Cell, Dimension, Role, Signal

__all__ = [
    "Cell",
    "Choice",
    "Dimension",
    "Edition",
    "EditionCases",
    "FollowUp",
    "FrequentQuestion",
    "Guide",
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
