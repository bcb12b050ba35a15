"""Data policy of the funnel: numbers about all visitors, and the sites and campaigns they came from."""

from datetime import datetime

from django.db.models import QuerySet

from advisor.data_policy import DataPolicy, RecordKind, RetentionRule
from advisor.funnel.models import Count, SourceTotal, Total
from advisor.funnel.sources import OTHER_SOURCES
from advisor.funnel.sums import forget_sources


def old_sources(before: datetime) -> QuerySet[Count]:
    """The counts of earlier days that still name a source."""
    return Count.objects.filter(day__lt=before.date()).exclude(source__in=["", OTHER_SOURCES])


WHERE_VISITORS_COME_FROM = RecordKind(
    order=5,
    title="Where visitors come from",
    what="If the link you followed names a campaign or a site, as in “utm_source=newsletter”, or your browser says "
    "which site it was on, we count under that name. The name is all we keep, and only if it is short and does not "
    "look like an e-mail address or a phone number. Later, the numbers are added up without the names.",
    why="To see which links bring visitors who can use this tool.",
    who="The people here who look after this site.",
    rules=(
        RetentionRule(
            records="Names of campaigns and sites in our counts",
            setting="KEEP_SOURCES_DAYS",
            since="they were counted",
            due=old_sources,
            remove=forget_sources,
        ),
    ),
    models=(Count, SourceTotal),
    is_personal=False,
)

data_policy = DataPolicy(kinds=(WHERE_VISITORS_COME_FROM,), not_about_visitors=(Total,))
