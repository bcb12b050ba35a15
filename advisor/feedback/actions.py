"""The verb: say of the reasons of a result whether they fit, and in a line why it does not describe one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Max
from django.utils.crypto import salted_hmac

from advisor.assessment.fit import Verdict
from advisor.assessment.visit import Visit
from advisor.feedback.models import (
    MAX_LINES_PER_HOUR,
    MAX_PER_HOUR,
    MAX_PER_NETWORK,
    WHOLE_RESULT,
    Ballot,
    Line,
    Tally,
    VotingDay,
)
from advisor.metrics import refusals

COLUMNS = {Verdict.FITS.value: "fits", Verdict.DOES_NOT.value: "does_not"}
NOT_COUNTED = "not_counted"


class TooManyLinesError(Exception):
    """So many lines came from this network today, or from all in this hour, that no more are taken."""


@transaction.atomic
def say(*, visit: Visit, network: str, verdicts: Mapping[str, str], line: str, now: datetime) -> None:
    """Count what a network says of the reasons of a visit's result, by their keys, and keep its line.

    Who says something else of a reason with the same answers on the same day has changed their mind: the later verdict
    counts in place of the earlier. Votes beyond the bounds do not count, and whoever gave them is not told. A line
    beyond them raises ``TooManyLinesError``, and then nothing counts.
    """
    day = _locked_day(now.date())
    said = [(reason, verdict, visit.code) for reason, verdict in verdicts.items()]
    if line:
        said.append((WHOLE_RESULT, Verdict.DOES_NOT.value, f"{visit.code} {line}"))
    tallies = _tallies(visit, [reason for reason, _, _ in said], now.date())
    mark = _mark(day, network)
    ballots = Ballot.objects.filter(voting_day=day, tally__in=tallies.values())
    of_network: dict[int, dict[str, Ballot]] = defaultdict(dict)
    for ballot in ballots.filter(network=mark):
        of_network[ballot.tally_id][ballot.given_with] = ballot
    of_hour = dict(ballots.filter(hour=now.hour).values_list("tally").annotate(Max("of_hour")).order_by())

    new: list[Ballot] = []
    changed: list[Ballot] = []
    more: dict[str, list[int]] = defaultdict(list)
    fewer: dict[str, list[int]] = defaultdict(list)
    for reason, verdict, what in said:
        tally, given_with = tallies[reason].pk, _mark(day, what)
        earlier = of_network[tally].get(given_with)
        if earlier:
            if earlier.verdict != verdict:
                fewer[COLUMNS[earlier.verdict]].append(tally)
                more[COLUMNS[verdict]].append(tally)
                earlier.verdict = verdict
                changed.append(earlier)
            continue
        ballot = Ballot(
            voting_day=day,
            tally=tallies[reason],
            network=mark,
            given_with=given_with,
            verdict=verdict,
            of_network=len(of_network[tally]) + 1,
            hour=now.hour,
            of_hour=of_hour.get(tally, 0) + 1,
        )
        is_line = reason == WHOLE_RESULT
        if ballot.of_network <= MAX_PER_NETWORK and ballot.of_hour <= (MAX_LINES_PER_HOUR if is_line else MAX_PER_HOUR):
            new.append(ballot)
            more[COLUMNS[verdict]].append(tally)
            if is_line:
                _keep(visit, line, now.date())
        elif is_line:
            refusals.labels("line of a vote").inc()
            raise TooManyLinesError
        else:
            more[NOT_COUNTED].append(tally)

    Ballot.objects.bulk_create(new)
    Ballot.objects.bulk_update(changed, ["verdict"])
    for column, keys in more.items():
        Tally.objects.filter(pk__in=keys).update(**{column: F(column) + 1})
    for column, keys in fewer.items():
        Tally.objects.filter(pk__in=keys).update(**{column: F(column) - 1})


def _locked_day(day: date) -> VotingDay:
    """The row of a day. Others who vote wait until this transaction is over."""
    rows = VotingDay.objects.select_for_update()
    if found := rows.filter(day=day).first():
        return found
    VotingDay.objects.get_or_create(day=day)
    return rows.get(day=day)


def _tallies(visit: Visit, reasons: Sequence[str], day: date) -> dict[str, Tally]:
    """The rows of this week in which these reasons are counted, by their keys."""
    about = {
        "guide": visit.guide.key,
        "edition": visit.published.number,
        "outcome": visit.recommendation.outcome.key,
        "week": day - timedelta(days=day.weekday()),
    }
    rows = Tally.objects.filter(**about, reason__in=reasons)
    found = {tally.reason: tally for tally in rows}
    if new := [Tally(**about, reason=reason) for reason in reasons if reason not in found]:
        # Whoever votes on the day before, at midnight, may add the same ones.
        Tally.objects.bulk_create(new, ignore_conflicts=True)
        found = {tally.reason: tally for tally in rows.all()}
    return found


def _mark(day: VotingDay, what: str) -> str:
    """The same for the same thing on the same day; nobody can try things out without the key, which goes with the day,
    and without SECRET_KEY.
    """
    return salted_hmac(f"advisor.feedback.{day.key}", what, algorithm="sha256").hexdigest()


def _keep(visit: Visit, line: str, day: date) -> None:
    outcome = visit.recommendation.outcome.key
    Line.objects.create(guide=visit.guide.key, edition=visit.published.number, outcome=outcome, day=day, text=line)
