from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.module_loading import autodiscover_modules

from advisor.assessment.checks import somebody_is_responsible


class AssessmentConfig(AppConfig):
    name = "advisor.assessment"

    def ready(self) -> None:
        """Let every room say what it keeps; by now there are all models."""
        register(somebody_is_responsible, Tags.security)
        autodiscover_modules("kept")
