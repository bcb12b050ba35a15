from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "advisor.content"
    verbose_name = "Content"
