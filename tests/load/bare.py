"""Bare Django: a view that does nothing, behind nine usual middlewares. What every request costs, whatever it does."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello")


urlpatterns = [path("", hello), path("healthz", hello)]
