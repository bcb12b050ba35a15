"""Everything that is done with a lead."""

from advisor.leads.actions.correcting import DETAILS, Corrected, correct, fields_in_words, lock_people
from advisor.leads.actions.merging import CannotMergeError, merge
from advisor.leads.actions.recording import record, record_call
from advisor.leads.actions.requesting import SentBeforeError, request_call
from advisor.leads.actions.working import (
    MOVES,
    ClosedLeadError,
    MoveError,
    NoteError,
    ReasonNeededError,
    assign,
    note,
    plan,
    release,
    set_status,
    tag,
)
from advisor.leads.changes import MergedError

__all__ = [
    "DETAILS",
    "MOVES",
    "CannotMergeError",
    "ClosedLeadError",
    "Corrected",
    "MergedError",
    "MoveError",
    "NoteError",
    "ReasonNeededError",
    "SentBeforeError",
    "assign",
    "correct",
    "fields_in_words",
    "lock_people",
    "merge",
    "note",
    "plan",
    "record",
    "record_call",
    "release",
    "request_call",
    "set_status",
    "tag",
]
