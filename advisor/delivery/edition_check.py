"""The nightly comparison of every edition with what was published."""

from advisor.content.edition_check import check_every_edition
from advisor.delivery.daily_jobs import DailyJob

daily_job = DailyJob("Comparison of editions", check_every_edition)
