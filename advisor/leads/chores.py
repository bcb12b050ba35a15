"""What this room wants done once a day."""

from advisor.delivery.chores import register
from advisor.leads.notices import DIGEST_HOUR, send_digests

register("Digest of new leads", send_digests, hour=DIGEST_HOUR)
