"""Every table of the project is covered by the data policy of its room."""

from django.apps import apps
from django.conf import settings
from django.db.models import Model

from advisor.data_policy import DataPolicy, data_policies, record_kinds
from advisor.delivery.daily_jobs import daily_jobs

WITHOUT_VISITORS = {"content"}
"""Rooms that know no visitor: content comes before every room that does, and cannot refer to one."""


def covered_models() -> list[type[Model]]:
    return [
        model
        for policy in data_policies()
        for model in [*(model for kind in policy.kinds for model in kind.models), *policy.not_about_visitors]
    ]


def models_of_the_project() -> set[type[Model]]:
    configs = [config for config in apps.get_app_configs() if config.name.startswith("advisor.")]
    return {model for config in configs if config.label not in WITHOUT_VISITORS for model in config.get_models()}


def test_every_model_is_covered_by_a_policy_once() -> None:
    covered = covered_models()

    assert set(covered) == models_of_the_project()
    assert len(covered) == len(set(covered))


def test_the_room_of_content_knows_no_visitor() -> None:
    visitors = models_of_the_project()
    content = apps.get_app_config("content").get_models()

    referred = {field.related_model for model in content for field in model._meta.concrete_fields}

    assert referred & visitors == set()


def test_what_belongs_to_a_person_is_personal() -> None:
    """A table that refers to a lead or a person, however far away, holds something about them."""
    personal = {model for kind in record_kinds() if kind.is_personal for model in kind.models}
    about = {apps.get_model("leads", "Person"), apps.get_model("leads", "Lead")}
    while more := {
        model
        for model in models_of_the_project() - about
        if any(field.related_model in about for field in model._meta.concrete_fields)
    }:
        about |= more

    assert about <= personal


def test_every_module_with_a_policy_is_named_in_the_settings() -> None:
    modules = {
        f"advisor.{path.parent.name}.data_policy" for path in (settings.BASE_DIR / "advisor").glob("*/data_policy.py")
    }

    assert {path.rpartition(".")[0] for path in settings.DATA_POLICIES} == modules
    assert all(isinstance(policy, DataPolicy) for policy in data_policies())


def test_no_two_kinds_have_one_place_and_no_two_jobs_one_name() -> None:
    orders = [kind.order for kind in record_kinds()]
    names = [job.name for job in daily_jobs()]

    assert len(orders) == len(set(orders))
    assert len(names) == len(set(names))
