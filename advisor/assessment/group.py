"""The people whose answers stand side by side: a result code each, in the address. Nothing is stored.

/cto-or-head-of-ai/together/?code=222-Q9Q-03X&code=222-QMW-3QF&you=2
"""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from urllib.parse import parse_qsl, urlsplit

from django.http import QueryDict
from django.urls import resolve

from advisor.assessment.code_input import MAX_CODE_INPUT, MISTYPED_CODE, NO_CODE, extract_code, result_address
from advisor.assessment.others import MAX_PEOPLE, carried
from advisor.assessment.visit import Visit, edition_named, together_address, visit_by_code, visit_with
from advisor.decision import answers as reading
from advisor.decision.agreement import Difference, Settlement, differences, smallest_settlement
from advisor.decision.answers import Pair
from advisor.decision.guide import Guide
from advisor.decision.plurals import pluralize
from advisor.decision.result_code import MistypedCodeError
from advisor.http import HelpfulNotFound


@dataclass(frozen=True)
class CodeNote:
    """What has to be said about a code that is not compared, and a link that helps."""

    words: str
    address: str = ""
    link: str = ""


@dataclass(frozen=True)
class Group:
    """Up to four people with complete answers to one edition, in the order of their codes.

    ``apart`` are such people too, but of several editions, so that nobody can be compared. ``typed`` is a code that
    cannot be read, and ``error`` says why. ``you`` is the place of whoever reads the page, from 1; 0 if nobody said so.
    """

    guide: Guide
    people: tuple[Visit, ...]
    apart: tuple[Visit, ...]
    remarks: tuple[CodeNote, ...]
    typed: str
    error: str
    you: int
    attribution: tuple[Pair, ...]

    @property
    def codes(self) -> list[str]:
        return [person.code for person in self.people]

    @property
    def address(self) -> str:
        """The address of this page as it is written; "" where something else was given than it shows."""
        if not self.people or self.remarks or self.error:
            return ""
        return self.address_as(self.you)

    def address_as(self, you: int) -> str:
        """The same page for the person at this place, or for nobody in particular."""
        return together_address(self.guide.key, self.codes, you=you, attribution=self.attribution)

    @property
    def address_to_pass_on(self) -> str:
        """The same page for anyone."""
        return together_address(self.guide.key, self.codes)

    @cached_property
    def own(self) -> Visit | None:
        """The visit of whoever reads the page, with the codes of the others."""
        if not self.you:
            return None
        others = tuple(code for place, code in enumerate(self.codes, 1) if place != self.you)
        return self._carrying(self.people[self.you - 1], others)

    @cached_property
    def further(self) -> Visit | None:
        """The visit of one more person, with the codes of everyone; None where there is no place for one."""
        full = len(self.people) >= MAX_PEOPLE
        return self._carrying(self.people[0], tuple(self.codes)) if self.people and not full else None

    def _carrying(self, person: Visit, others: tuple[str, ...]) -> Visit:
        return replace(person, attribution=(*self.attribution, *carried(others)), others=others)

    @property
    def differences(self) -> tuple[Difference, ...]:
        return differences(self.people[0].guide, [person.answers for person in self.people])

    @property
    def settlement(self) -> Settlement:
        guide = self.people[0].guide
        return _settlement(guide, tuple(reading.query(guide, person.answers) for person in self.people))


@lru_cache(maxsize=512)
def _settlement(guide: Guide, queries: tuple[str, ...]) -> Settlement:
    """Kept, as one search may take as long as fifty pages."""
    return smallest_settlement(guide, [reading.read(guide, parse_qsl(query))[0] for query in queries])


def read_group(guide: Guide, given: QueryDict, attribution: tuple[Pair, ...]) -> Group:
    """The group in an address of this guide: whoever can be compared, and what has to be said about everyone else."""
    texts = [text for text in given.getlist("code") if text.strip()]
    people: list[Visit] = []
    remarks: list[CodeNote] = []
    typed, error = "", NO_CODE if "code" in given and not texts else ""
    for text in texts[:MAX_PEOPLE]:
        try:
            person = replace(_person(text[:MAX_CODE_INPUT]), attribution=attribution)
        except MistypedCodeError:
            typed, error = typed or text[:MAX_CODE_INPUT], error or MISTYPED_CODE
        except HelpfulNotFound as unknown:
            typed, error = typed or text[:MAX_CODE_INPUT], error or str(unknown)
        else:
            remark = _remark(guide, person)
            if remark:
                remarks.append(remark)
            else:
                people.append(person)
    if len(texts) > MAX_PEOPLE:
        remarks.append(
            CodeNote(f"Up to {pluralize(MAX_PEOPLE, 'person', 'people')} can be compared. The others are left out.")
        )
    is_apart = len({person.published.number for person in people}) > 1
    you = given.get("you", "")
    return Group(
        guide=guide,
        people=() if is_apart else tuple(people),
        apart=tuple(people) if is_apart else (),
        remarks=tuple(remarks),
        typed=typed,
        error=error,
        you=int(you) if you in {str(place) for place in range(1, len(people) + 1)} and not is_apart else 0,
        attribution=attribution,
    )


def _person(text: str) -> Visit:
    """Whose answers a code or a link stands for. Raises ``MistypedCodeError`` and ``HelpfulNotFound``."""
    address = result_address(text)
    if not address:
        return visit_by_code(extract_code(text))
    parts = urlsplit(address)
    query = QueryDict(parts.query)
    published = edition_named(resolve(parts.path).kwargs["guide_key"], query)
    return visit_with(published, *reading.read(published.guide, parse_qsl(parts.query)))


def _remark(guide: Guide, person: Visit) -> CodeNote | None:
    """Why a person's answers cannot be compared in this guide; None where they can."""
    if person.guide.key != guide.key:
        words = f"The result code {person.code} belongs to another guide, “{person.guide.title}”."
        return CodeNote(words, person.result_address, "Open this result")
    if person.problems or person.next_page:
        return CodeNote(
            f"Behind the result code {person.code} are answers that are not complete.",
            person.result_address,
            "Answer what is open",
        )
    return None
