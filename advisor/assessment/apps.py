from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AssessmentConfig(AppConfig):
    name = "advisor.assessment"

    def ready(self) -> None:
        """Let every room say what it keeps; by now there are all models."""
        autodiscover_modules("kept")
