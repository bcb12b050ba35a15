"""What visitors are offered, and what a change of it would do to them: said before it is done.

Published guides that are not retired are offered. One alone is the front page; of several the front page is a list,
the default guide first.
"""

from collections.abc import Sequence

from advisor.content.models import Guide


def offered_guides() -> list[Guide]:
    """The guides that are offered, in the order of the front page."""
    published = Guide.objects.filter(edition__isnull=False, is_retired=False).distinct()
    return list(published.order_by("-is_default", "number"))


def effects(change: str, guide: Guide) -> list[str]:
    """What visitors would see of a change of what is offered: ``default``, ``retire`` or ``offer``, in sentences."""
    match change:
        case "default":
            return _of_default(guide)
        case "retire":
            return _of_retiring(guide)
        case _:
            return _of_offering(guide)


def effect_of_first_edition(guide: Guide) -> str:
    """What the front page would show once a guide is published for the first time; "" for one that is already."""
    if guide.edition_set.exists():
        return ""
    if guide.is_retired:
        return "This guide is retired: visitors are not offered it when it is published, before it is offered again."
    return f"This is the first edition of this guide. {_front_page(offered_guides(), _with(guide))}"


def _of_default(guide: Guide) -> list[str]:
    before = offered_guides()
    if guide not in before:
        return ["Nothing of this guide is published, so nothing changes for visitors before it is."]
    after = [guide, *(other for other in before if other != guide)]
    return [_front_page(before, after), "Every address, result and code goes on working as it is."]


def _of_retiring(guide: Guide) -> list[str]:
    before = offered_guides()
    if guide not in before:
        return ["Nothing of this guide is published, so nothing changes for visitors."]
    others = [other for other in before if other != guide]
    instead = f"names what is offered instead: {_named(others)}" if others else "names no other, as none is offered"
    return [
        _front_page(before, others),
        f"/{guide.key}/, and every link to it, says that this guide is not offered any more, and {instead}.",
        "Whoever is in the middle of it can finish and ask for a call.",
        "Results and result codes that were passed on stay readable.",
        "It can be offered again at any time.",
    ]


def _of_offering(guide: Guide) -> list[str]:
    if not guide.edition_set.exists():
        return ["Nothing of this guide is published, so nothing changes for visitors before it is."]
    return [
        _front_page(offered_guides(), _with(guide)),
        f"/{guide.key}/ and every link to it lead to the guide again.",
    ]


def _with(guide: Guide) -> list[Guide]:
    """The guides that are offered once this one is, too."""
    guides = [*(other for other in offered_guides() if other != guide), guide]
    return sorted(guides, key=lambda other: (not other.is_default, other.number))


def _front_page(before: Sequence[Guide], after: Sequence[Guide]) -> str:
    """What becomes of the front page."""
    if [*before] == [*after]:
        return f"The front page stays as it is: {_shown(after)}."
    return f"The front page becomes {_shown(after)}. Now it is {_shown(before)}."


def _shown(guides: Sequence[Guide]) -> str:
    match len(guides):
        case 0:
            return "a page that says that the site is being set up"
        case 1:
            return f"the first page of {_named(guides)}"
        case number:
            return f"a list of {number} guides, in this order: {_named(guides)}"


def _named(guides: Sequence[Guide]) -> str:
    return ", ".join(f"“{guide.title}”" for guide in guides)
