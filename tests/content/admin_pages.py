"""Pages of the admin, filled in and saved as an editor does it. Their HTML is Django's and is not judged here."""

from django.db import models
from django.test import Client
from django.urls import reverse

from tests.assessment.reading import Changes, Form, Page, Response


def admin_address(part: models.Model, action: str = "change") -> str:
    """Where an object is changed, deleted, or has its history."""
    return reverse(f"admin:{part._meta.app_label}_{part._meta.model_name}_{action}", args=[part.pk])


def admin_list(model: type[models.Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def read_admin(client: Client, address: str) -> Page:
    return Page(client.get(address), address, strict=False)


def saved(client: Client, part: models.Model, changes: Changes) -> Response:
    """The answer to the page of an object, sent with some fields changed."""
    address = admin_address(part)
    form = read_admin(client, address).one(f"form[@id='{part._meta.model_name}_form']")
    return Form(form, address).send(client, changes)


def save_in_admin(client: Client, part: models.Model, changes: Changes) -> Page:
    """The page that comes after the page of an object was sent with some fields changed."""
    response = saved(client, part, changes)
    if "Location" in response:
        return read_admin(client, response["Location"])
    return Page(response, admin_address(part), strict=False)


def beside(page: Page, field: str) -> str:
    """What stands beside a field that is wrong; "" when nothing is."""
    return " ".join(page.texts(f"ul[@id='id_{field}_error']"))
