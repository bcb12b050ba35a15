from django.apps import AppConfig


class MailingConfig(AppConfig):
    name = "advisor.mailing"
    verbose_name = "Results by mail"
