"""A page that waits for a proof says how far it is; the proof goes on meanwhile."""

import gc
from collections.abc import Callable
from threading import Event
from weakref import ref

import pytest
from msgspec import structs

from advisor.content import publishing
from advisor.content.publishing import proof_of, proof_or_progress
from advisor.decision.guide import Guide
from advisor.decision.proof import Proof, TooLargeError, prove
from tests.guides import first_guide


def named(title: str) -> Guide:
    """A guide that was not proved before."""
    return structs.replace(first_guide(), title=title)


def test_who_looks_on_is_told_how_far_the_proof_is_and_then_the_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on, guide = Event(), named("Looked on")

    def slowly(guide: Guide, *, progress: Callable[[int, int], None]) -> Proof:
        progress(3, 7)
        assert may_go_on.wait(10)
        return prove(guide)

    monkeypatch.setattr(publishing, "prove", slowly)
    monkeypatch.setattr(publishing, "PATIENCE", 0.2)

    before = proof_or_progress(guide)
    may_go_on.set()
    proof_of(guide)

    assert before == (3, 7)
    assert proof_or_progress(guide) is proof_of(guide)
    assert proof_of(guide).outcomes == prove(guide).outcomes


def test_what_is_too_large_is_found_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Guide] = []

    def refuse(guide: Guide, *, progress: object) -> Proof:
        asked.append(guide)
        raise TooLargeError("Too large.")

    monkeypatch.setattr(publishing, "prove", refuse)

    for _ in range(2):
        with pytest.raises(TooLargeError):
            proof_or_progress(named("Too large"))
    assert len(asked) == 1


def test_a_refused_proof_leaves_nothing_of_what_was_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    class Work:
        """What a proof works out."""

    kept: list[ref[Work]] = []

    def refuse(guide: Guide, *, progress: object) -> Proof:
        work = Work()
        kept.append(ref(work))
        raise TooLargeError("Too large.")

    monkeypatch.setattr(publishing, "prove", refuse)

    with pytest.raises(TooLargeError, match=r"Too large\."):
        proof_or_progress(named("Nothing left"))
    gc.collect()

    assert [work() for work in kept] == [None]


def test_a_draft_that_was_changed_before_its_proof_began_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on, proved = Event(), []

    def slowly(guide: Guide, *, progress: object) -> Proof:
        assert may_go_on.wait(10)
        proved.append(guide.title)
        return prove(first_guide())

    monkeypatch.setattr(publishing, "prove", slowly)
    monkeypatch.setattr(publishing, "PATIENCE", 0.05)

    for title in ("First", "Second", "Changed again", "As it is now"):
        assert proof_or_progress(named(title)) == (0, 1)
    may_go_on.set()
    proof_of(named("As it is now"))

    assert "Changed again" not in proved
    assert proof_of(named("Changed again")).holds
    assert "Changed again" in proved
