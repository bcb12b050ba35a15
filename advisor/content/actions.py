"""Publishing, and what else in this room has an effect on visitors at once."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from advisor.content.documents import checksum, read_edition, sealed_edition
from advisor.content.drafts import read_draft
from advisor.content.models import Edition, Guide, Scenario
from advisor.content.publishing import draft_blockers, edition_blockers, newest_edition
from advisor.content.scenarios import Run, cases_of, copy_cases, run_scenario, scenarios_of, store_cases
from advisor.decision.guide import encode
from advisor.decision.publish_checks import Blocker


class PublishBlockedError(ValueError):
    """This cannot be published; ``blockers`` says why, each with its place."""

    def __init__(self, blockers: list[Blocker]) -> None:
        super().__init__("; ".join(f"{blocker.place}: {blocker.message}" for blocker in blockers))
        self.blockers = blockers


class StaleDraftError(ValueError):
    """What was compared is not what would be published any more."""


def publish(
    *, guide: Guide, by: str, note: str, now: datetime, compared: str = "", after: int | None = None
) -> Edition:
    """Freeze the draft of a guide as its next edition, which is live from then on.

    ``compared`` is the checksum of the draft and ``after`` the number of the live edition that the publisher looked at
    (0 for none). Raises ``PublishBlockedError`` while anything is missing or the proof fails, ``StaleDraftError`` when
    the draft or the live edition has changed since it was looked at. Scenarios that were marked expect from then on
    what they got. Sent twice, it is published once.
    """
    # The proof takes longer than a lock may be held; what it was about is checked again under the lock.
    draft = read_draft(guide)
    if blockers := draft_blockers(guide, draft):
        raise PublishBlockedError(blockers)
    document = encode(draft)
    if compared and compared != checksum(document):
        raise StaleDraftError("The draft was changed after it was compared.")
    with transaction.atomic():
        Guide.objects.select_for_update().get(pk=guide.pk)
        if encode(read_draft(guide)) != document:
            raise StaleDraftError("The draft was changed while it was being checked.")
        if edition := _published_before(guide, document, by=by, note=note, after=after):
            return edition
        edition = _append(guide, document, by=by, note=note, now=now, after=after)
        for scenario in scenarios_of(guide):
            if scenario.expected_to_change:
                _expect(scenario, run_scenario(scenario, draft))
        store_cases(edition=edition, cases=cases_of(guide))
    return edition


def publish_again(*, edition: Edition, by: str, note: str, now: datetime, after: int) -> Edition:
    """Make an older edition live again, as a new one with the same document; the draft stays as it is.

    It is checked against the scenarios it was published with; newer ones do not block a rollback. Raises
    ``PublishBlockedError`` when its proof fails, ``StaleDraftError`` when ``after`` is not the live edition any more,
    and ``UnreadableError`` for one that this release cannot read.
    """
    if blockers := edition_blockers(read_edition(edition)):
        raise PublishBlockedError(blockers)
    with transaction.atomic():
        Guide.objects.select_for_update().get(pk=edition.guide_id)
        if again := _published_before(edition.guide, edition.document, by=by, note=note, after=after):
            return again
        again = _append(edition.guide, edition.document, by=by, note=note, now=now, after=after)
        copy_cases(edition=again, of=edition)
    return again


def _published_before(guide: Guide, document: str, *, by: str, note: str, after: int | None) -> Edition | None:
    """The live edition, where the same person has made it of the same form. The lock on the guide is held."""
    newest = newest_edition(guide)
    if newest is None or after is None:
        return None
    made, wanted = (newest.number, newest.document, newest.published_by, newest.note), (after + 1, document, by, note)
    return newest if made == wanted else None


def _append(guide: Guide, document: str, *, by: str, note: str, now: datetime, after: int | None) -> Edition:
    """The next edition. The lock on the guide is held, and where an engine has none, the constraint decides."""
    newest = newest_edition(guide)
    number = newest.number if newest else 0
    if after is not None and after != number:
        raise StaleDraftError("Someone else has published an edition in the meantime.")
    try:
        with transaction.atomic():
            edition = sealed_edition(
                guide=guide, number=number + 1, document=document, published_at=now, published_by=by, note=note
            )
            edition.save()
            return edition
    except IntegrityError as error:
        raise StaleDraftError("Someone else has published an edition in the meantime.") from error


def _expect(scenario: Scenario, run: Run) -> None:
    """From now on a scenario expects what it got."""
    scenario.expected_to_change = False
    scenario.outcome = scenario.guide.outcome_set.get(key=run.outcome)
    scenario.certainty = scenario.certainty and run.certainty
    scenario.save(update_fields=["expected_to_change", "outcome", "certainty"])
    scenario.remarks.set([remark for remark in scenario.remarks.all() if remark.key in run.remarks])
    unwanted = scenario.unwanted_remarks
    unwanted.set([remark for remark in unwanted.all() if remark.key not in run.remarks])


@transaction.atomic
def make_default(*, guide: Guide) -> None:
    """Show this guide on the front page, and no other. Raises ``ValidationError`` for one that is retired."""
    for other in Guide.objects.select_for_update().filter(is_default=True).exclude(pk=guide.pk):
        other.is_default = False
        other.save(update_fields=["is_default"])
    guide.is_default = True
    guide.validate_constraints()
    guide.save(update_fields=["is_default"])


def retire(*, guide: Guide) -> None:
    """Stop offering a guide; its results stay readable. Raises ``ValidationError`` for the default guide."""
    guide.is_retired = True
    guide.validate_constraints()
    guide.save(update_fields=["is_retired"])


def offer_again(*, guide: Guide) -> None:
    """Offer a retired guide again."""
    guide.is_retired = False
    guide.save(update_fields=["is_retired"])


@transaction.atomic
def delete_unpublished(*, guide: Guide) -> None:
    """Delete a guide that nobody ever saw, with all of its parts. Raises ``ValidationError`` for any other."""
    locked = Guide.objects.select_for_update().get(pk=guide.pk)
    if newest_edition(locked):
        raise ValidationError("It was published, and results and leads refer to it. Retire it instead.")
    if locked.is_default:
        raise ValidationError("It is the default guide. Make another one the default first.")
    locked.delete()
