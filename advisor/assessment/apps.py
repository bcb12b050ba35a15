from django.apps import AppConfig
from django.core.checks import Tags, register

from advisor.assessment.checks import somebody_is_responsible


class AssessmentConfig(AppConfig):
    name = "advisor.assessment"

    def ready(self) -> None:
        register(somebody_is_responsible, Tags.security)
