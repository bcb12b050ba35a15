from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "advisor.feedback"
    verbose_name = "Feedback"
