"""What is kept about visitors who answer: numbers alone, and for some time the sites and campaigns they came from."""

from datetime import datetime

from django.db.models import QuerySet

from advisor.assessment.keeping import Kept, Period, declare
from advisor.funnel.models import Count
from advisor.funnel.sources import OTHER
from advisor.funnel.writing import forget_sources


def old_sources(before: datetime) -> QuerySet[Count]:
    """Counts of days before that one which still say where visitors came from."""
    return Count.objects.filter(day__lt=before.date()).exclude(source__in=["", OTHER])


declare(
    Kept(
        place=5,
        title="Where visitors come from",
        what="If the link you followed names a campaign or a site, as in “utm_source=newsletter”, or your browser says "
        "which site it was on, we count under that name. The name is all we keep, and only if it is short and does not "
        "look like an e-mail address or a phone number. Later, the numbers are added up without the names.",
        why="To see which links bring visitors who can use this tool.",
        who="The people here who look after this site.",
        periods=(
            Period(
                of="Names of campaigns and sites in our counts",
                setting="KEEP_SOURCES_DAYS",
                since="they were counted",
                due=old_sources,
                remove=forget_sources,
            ),
        ),
        is_personal=False,
    )
)
