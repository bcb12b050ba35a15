"""Every page of the admin, for whom it opens: with the hashed static files that production serves."""

from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import storages
from django.db import models
from django.test import Client
from django.urls import reverse
from whitenoise.storage import CompressedManifestStaticFilesStorage

from advisor.accounts.models import LoginEvent
from advisor.booking.models import Call
from advisor.content.editions import edition_cache
from advisor.content.models import Edition, Guide, NeedRow
from advisor.delivery.models import Chore, ClockCheck, HeldRemoval, Message
from advisor.feedback.models import Line
from advisor.leads.models import Lead, Person
from tests.content.admin_pages import admin_address, admin_list, read_admin, save_in_admin
from tests.content.making import draft, load_copy, publish_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("something_of_everything")]

MODELS = list(admin.site._registry)
READ_ONLY: set[type[models.Model]] = {Chore, ClockCheck, Edition, HeldRemoval, LoginEvent, Message}
WRITTEN = [model for model in MODELS if model.__module__.startswith("advisor.") and model not in READ_ONLY]
CLOSED: dict[str, set[type[models.Model]]] = {
    # Rows of a need are added on the page of their table.
    "add": {Call, Chore, ClockCheck, Edition, HeldRemoval, Lead, Line, LoginEvent, Message, NeedRow, Person},
    "delete": {Call, Chore, ClockCheck, Edition, HeldRemoval, LoginEvent, Message},
}
"""What not even a superuser may do, because the record would lie."""


def an_object(model: type[models.Model]) -> models.Model:
    return model._default_manager.all()[0]


def status_of(client: Client, model: type[models.Model], action: str) -> int:
    """What the page answers; one that does not open may also be left out of the addresses."""
    if action == "changelist":
        return client.get(admin_list(model)).status_code
    if action == "add":
        return client.get(f"{admin_list(model)}add/").status_code
    return client.get(admin_address(an_object(model), action)).status_code


def test_the_static_files_are_those_of_production() -> None:
    assert isinstance(storages["staticfiles"], CompressedManifestStaticFilesStorage)
    assert staticfiles_storage.url("admin/css/base.css") != "/static/admin/css/base.css"


def test_all_of_the_content_is_in_the_admin() -> None:
    by_itself = {model.__name__ for model in MODELS}
    inline = {"Cell", "Choice", "FrequentQuestion", "SharedConcern"}

    content = {model.__name__ for model in Guide._meta.apps.get_app_config("content").get_models()}

    beside = {name for name in content if name.startswith("Historical")} | {
        "EditionCases",
        "EditionFault",
        "PreviewLink",
    }
    assert content - beside <= by_itself | inline


def test_the_index_names_every_kind(superuser: Client) -> None:
    page = read_admin(superuser, reverse("admin:index"))

    links = {link.get("href") for link in page.all("a")}
    assert {admin_list(model) for model in MODELS} <= links


@pytest.mark.parametrize("app", ["content", "delivery", "leads", "booking", "auth"])
def test_the_index_of_each_room_opens(superuser: Client, app: str) -> None:
    answer = superuser.get(reverse("admin:app_list", args=[app]))

    assert answer.status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_page_opens_for_a_superuser_unless_the_record_would_lie(
    superuser: Client, model: type[models.Model]
) -> None:
    actions = ["changelist", "add", "change", "history", "delete"]
    statuses = {action: status_of(superuser, model, action) for action in actions}

    assert statuses == {action: 403 if model in CLOSED.get(action, set()) else 200 for action in actions}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_page_opens_for_staff_without_a_right(staff: Client, model: type[models.Model]) -> None:
    statuses = {action: status_of(staff, model, action) for action in ("changelist", "add", "change", "delete")}

    assert set(statuses.values()) == {403}, statuses


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_visitor_is_asked_to_log_in(visitor: Client, model: type[models.Model]) -> None:
    address = admin_list(model)

    answer = visitor.get(address)

    assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next={address}")


def test_the_login_page_opens(visitor: Client) -> None:
    answer = visitor.get(reverse("admin:login"))

    assert answer.status_code == 200


@pytest.mark.parametrize("model", WRITTEN, ids=lambda model: model.__name__)
def test_a_page_saved_as_it_came_changes_nothing(superuser: Client, model: type[models.Model]) -> None:
    before = list(model._default_manager.values())

    page = save_in_admin(superuser, an_object(model), {})

    assert not page.all("p[@class='errornote']")
    assert list(model._default_manager.values()) == before


def test_a_changed_text_is_live_only_once_it_is_published(superuser: Client, visitor: Client) -> None:
    save_in_admin(superuser, draft(), {"summary": "In the editor's own words."})

    before = visitor.get("/").content.decode()
    publish_draft()
    after = visitor.get("/").content.decode()

    assert "own words" not in before
    assert "In the editor&#x27;s own words." in after


def test_the_default_guide_can_be_another_one(tmp_path: Path, publisher: Client, visitor: Client) -> None:
    second = load_copy(tmp_path, "second-guide")
    Guide.objects.filter(pk=second.pk).update(title="The second guide?")
    publish_draft("second-guide")

    publisher.post(reverse("admin:content_guide_state", args=[second.pk, "default"]))

    edition_cache.clear()
    assert [guide.key for guide in Guide.objects.filter(is_default=True)] == ["second-guide"]
    assert "The second guide?" in visitor.get("/").content.decode()
