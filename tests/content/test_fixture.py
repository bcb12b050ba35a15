"""The first guide in its fixture: complete, loaded once, and never over what an editor made of it."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models

from advisor.content.models import (
    Cell,
    Edition,
    EditionCases,
    EditionFault,
    Guide,
    Outcome,
    PreviewLink,
    Question,
    Remark,
    Role,
    Rule,
    Scenario,
    Signal,
)
from tests.conftest import GUIDE
from tests.content.making import Record, copied_fixture, draft, load_copy, named
from tests.guides import FIXTURE

pytestmark = pytest.mark.django_db

FIXTURE_MODELS = [
    model
    for model in apps.get_app_config("content").get_models()
    if model not in {Edition, EditionCases, EditionFault, PreviewLink} and not model.__name__.startswith("Historical")
]
"""What a draft consists of: not what was published and is found wrong with that, whom it was shown to, or what it once
was.
"""


def dumped() -> list[Record]:
    """All drafts as ``dumpdata`` writes them."""
    out = StringIO()
    labels = [model._meta.label for model in FIXTURE_MODELS]
    call_command("dumpdata", *labels, natural_foreign=True, natural_primary=True, stdout=out)
    records: list[Record] = json.loads(out.getvalue())
    return records


def in_any_order(records: list[Record]) -> list[str]:
    """Objects to compare: neither their order nor that of what they name is said to be kept."""
    for record in records:
        for name in ("speaks_to", "roles", "remarks"):
            record["fields"].get(name, []).sort()
    return sorted(json.dumps(record, sort_keys=True) for record in records)


@pytest.mark.parametrize(
    ("model", "count"),
    [
        ("Guide", 1),
        ("Role", 2),
        ("NeedRow", 18),
        ("Dimension", 10),
        ("Cell", 20),
        ("Signal", 10),
        ("Question", 6),
        ("FollowUp", 1),
        ("Outcome", 5),
        ("Rule", 8),
        ("Remark", 34),
        ("SharedConcern", 4),
        ("FrequentQuestion", 6),
    ],
)
def test_the_first_guide_has_all_its_parts(model: str, count: int) -> None:
    parts = apps.get_model("content", model)._default_manager

    assert parts.count() == count


def test_every_model_of_the_drafts_is_in_the_fixture() -> None:
    records = json.loads(FIXTURE.read_text(encoding="utf-8"))

    loaded = {record["model"] for record in records}

    assert loaded == {model._meta.label_lower for model in FIXTURE_MODELS}


def test_loading_it_again_changes_nothing() -> None:
    before = dumped()

    call_command("loaddata", GUIDE, verbosity=0)

    assert dumped() == before


def test_loading_it_again_keeps_what_an_editor_wrote() -> None:
    Signal.objects.filter(key="messy-stack").update(text="In the editor's words.")
    Guide.objects.filter(key=GUIDE).update(title="In the editor's words?")
    Signal.objects.get(key="messy-stack").speaks_to.clear()

    call_command("loaddata", GUIDE, verbosity=0)

    signal = Signal.objects.get(key="messy-stack")
    assert signal.text == "In the editor's words."
    assert not signal.speaks_to.exists()
    assert draft().title == "In the editor's words?"


def test_loading_it_again_brings_nothing_back_that_an_editor_deleted() -> None:
    Scenario.objects.all().delete()
    Remark.objects.get(key="investor-narrative").delete()
    Cell.objects.filter(dimension__key="focus").delete()
    Rule.objects.filter(position=3).delete()

    call_command("loaddata", GUIDE, verbosity=0)

    assert (Remark.objects.count(), Cell.objects.count(), Rule.objects.count()) == (33, 18, 7)


def test_a_dump_by_natural_keys_is_the_fixture() -> None:
    fixture = json.loads(FIXTURE.read_text(encoding="utf-8"))

    dump = dumped()

    assert in_any_order(dump) == in_any_order(fixture)


def test_a_dump_of_a_guide_loads_into_the_same_guide(tmp_path: Path) -> None:
    load_copy(tmp_path, "second-guide")
    before = dumped()
    dump = tmp_path / "dump.json"
    dump.write_text(json.dumps([record for record in before if "second-guide" in json.dumps(record)]))
    draft("second-guide").delete()

    call_command("loaddata", dump, verbosity=0)

    assert in_any_order(dumped()) == in_any_order(before)


@pytest.mark.parametrize("model", FIXTURE_MODELS, ids=lambda model: model.__name__)
def test_every_object_is_found_by_its_natural_key(model: type[models.Model]) -> None:
    manager: Any = model._default_manager
    objects = list(manager.all())

    found = [manager.get_by_natural_key(*part.natural_key()) for part in objects]

    assert objects
    assert found == objects


Edit = Callable[[list[Record]], None]


def rule_names(when: dict[str, Any]) -> Edit:
    return lambda records: named(records, "rule", position=6).update(when=when)


def remark_names(when: dict[str, Any]) -> Edit:
    return lambda records: named(records, "remark", key="no-cto-first").update(when=when)


def follow_up_names(when: Any) -> Edit:
    return lambda records: named(records, "followup", key="one-person").update(asked_when=when)


def without_the_rest(edit: Edit) -> Edit:
    """The same, in a guide with what conditions may name and one condition of each kind, which loads faster."""

    def edited(records: list[Record]) -> None:
        edit(records)
        named_by_conditions = {
            f"content.{model}" for model in ("guide", "role", "signal", "question", "choice", "outcome")
        }
        one_of_each = [
            named(records, "rule", position=6),
            named(records, "remark", key="no-cto-first"),
            named(records, "followup", key="one-person"),
        ]
        records[:] = [
            record for record in records if record["model"] in named_by_conditions or record["fields"] in one_of_each
        ]
        for record in records:
            record["fields"].pop("speaks_to", None)

    return edited


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        pytest.param(rule_names({"hardware": ["yes"]}), "“hardware” is not a question", id="rule, question"),
        pytest.param(rule_names({"software": ["perhaps"]}), "“perhaps” is not a value", id="rule, choice"),
        pytest.param(rule_names({"evidence:cook": ["strong"]}), "“evidence:cook” is not", id="rule, role"),
        pytest.param(rule_names({"evidence:head-of-ai": ["huge"]}), "“huge” is not a value", id="rule, evidence"),
        pytest.param(rule_names({"signal:burns": ["yes"]}), "“signal:burns” is not", id="rule, signal"),
        pytest.param(rule_names({"outcome": ["not-yet"]}), "Only remarks can ask", id="rule, the outcome itself"),
        pytest.param(rule_names({"software": []}), "needs at least one value", id="rule, no value"),
        pytest.param(rule_names({"software": "yes"}), "needs at least one value, as a list", id="rule, no list"),
        pytest.param(remark_names({"hardware": ["yes"]}), "“hardware” is not a question", id="remark, question"),
        pytest.param(remark_names({"both": ["perhaps"]}), "“perhaps” is not a value", id="remark, choice"),
        pytest.param(remark_names({"evidence:cook": ["none"]}), "“evidence:cook” is not", id="remark, role"),
        pytest.param(remark_names({"signal:burns": ["yes"]}), "“signal:burns” is not", id="remark, signal"),
        pytest.param(remark_names({"outcome": ["a-cook"]}), "“a-cook” is not a value", id="remark, outcome"),
        pytest.param(follow_up_names([{"hardware": ["yes"]}]), "“hardware” is not", id="follow-up, question"),
        pytest.param(follow_up_names([{"both": ["perhaps"]}]), "“perhaps” is not", id="follow-up, choice"),
        pytest.param(follow_up_names([{"evidence:cook": ["some"]}]), "“evidence:cook” is not", id="follow-up, role"),
        pytest.param(follow_up_names([{"signal:burns": ["no"]}]), "“signal:burns” is not", id="follow-up, signal"),
        pytest.param(follow_up_names({"both": ["both"]}), "A condition is a list", id="follow-up, no list"),
        pytest.param(follow_up_names(["both"]), "A condition is a list", id="follow-up, no condition"),
    ],
)
def test_a_fixture_whose_condition_names_what_does_not_exist_is_refused_as_a_whole(
    tmp_path: Path, edit: Edit, complaint: str
) -> None:
    fixture = copied_fixture(tmp_path, "second-guide", without_the_rest(edit))

    with pytest.raises(CommandError, match=complaint) as refusal:
        call_command("loaddata", fixture, verbosity=0)

    assert "second-guide" in str(refusal.value)
    assert not Guide.objects.filter(key="second-guide").exists()
    assert (Role.objects.count(), Question.objects.count(), Rule.objects.count()) == (2, 6, 8)


def test_a_fixture_whose_rule_leads_to_an_unknown_outcome_is_refused_as_a_whole(tmp_path: Path) -> None:
    fixture = copied_fixture(
        tmp_path,
        "second-guide",
        lambda records: named(records, "rule", position=6).update(outcome=["second-guide", "a-cook"]),
    )

    with pytest.raises(CommandError, match=r"refused as a whole.*content\.Rule"):
        call_command("loaddata", fixture, verbosity=0)

    assert not Guide.objects.filter(key="second-guide").exists()
    assert (Role.objects.count(), Outcome.objects.count()) == (2, 5)


@pytest.mark.parametrize("asked_when", [5, True, "both"])
def test_a_fixture_whose_follow_up_has_no_conditions_at_all_is_refused_with_a_sentence(
    tmp_path: Path, asked_when: object
) -> None:
    fixture = copied_fixture(tmp_path, "second-guide", without_the_rest(follow_up_names(asked_when)))

    with pytest.raises(CommandError, match="second-guide"):
        call_command("loaddata", fixture, verbosity=0)

    assert not Guide.objects.filter(key="second-guide").exists()


def test_a_fixture_with_a_new_guide_beside_one_that_exists_loads_the_new_one_only(tmp_path: Path) -> None:
    def with_the_first(records: list[Record]) -> None:
        records += json.loads(FIXTURE.read_text(encoding="utf-8"))

    Signal.objects.filter(key="messy-stack").update(text="In the editor's words.")

    call_command("loaddata", copied_fixture(tmp_path, "second-guide", with_the_first), verbosity=0)

    texts = {signal.guide.key: signal.text for signal in Signal.objects.filter(key="messy-stack")}
    assert texts.keys() == {GUIDE, "second-guide"}
    assert texts[GUIDE] == "In the editor's words."
    assert Rule.objects.count() == 16
