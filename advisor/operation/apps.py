from django.apps import AppConfig


class OperationConfig(AppConfig):
    name = "advisor.operation"
    verbose_name = "Operation"
