"""``prove(guide)``: what a guide says to every possible set of answers, and what is wrong with that.

    prove(first guide) -> 897,665 sets of answers; fractional-cto 9,272, for example software=yes&…; it holds

A proof holds when every set has exactly one outcome, every outcome is reached, every rule decides somewhere, every role
with a table of its own is needed by some and not by others, with every row deciding somewhere, and every signal,
question and remark matters to someone. It is exact: ``answer_space`` and ``diagrams`` say how.

What it costs is what must be remembered of the answers before the last of a row is read. Many questions, choices,
signals and rows are no harm in themselves, and a row may name many of them. Out of reach, and refused after
``MAX_NODES``, are tables of many rows of which each names other single signals and answers far apart, so that nearly
every answer must be remembered to the end; ``test_large_guides`` shows where that begins. Needs keep a guide small, as
of all answers to a role's questions only a yes or no is left.

What the guide decides by must be there, as ``publish_checks`` checks; it may be incomplete in every other way.
"""

from advisor.decision.diagrams import TooLargeError
from advisor.decision.proof.prover import prove
from advisor.decision.proof.report import NeedProof, Proof, RuleShare, Uncovered, can_end

__all__ = ["NeedProof", "Proof", "RuleShare", "TooLargeError", "Uncovered", "can_end", "prove"]
