"""Guides as files: out and back the same, copied, and refused as a whole with every problem named by its place."""

import json
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from msgspec import structs

from advisor.content.drafts import UnwritableError, read_draft
from advisor.content.models import Cell, Guide, Rule, Scenario, Signal
from advisor.content.portable import MAX_FILE_BYTES, UnreadableFileError, export_draft, import_guide, read_file
from advisor.content.publishing import draft_blockers
from advisor.content.scenarios import cases_of
from tests.assessment.reading import Form, Page
from tests.conftest import GUIDE
from tests.content.admin_pages import read_admin
from tests.content.making import draft

pytestmark = pytest.mark.django_db

COPY = "cto-or-coach"


def exported() -> bytes:
    return export_draft(draft()).encode()


def test_a_guide_comes_back_as_it_went_out_but_for_its_key_and_number() -> None:
    made = import_guide(exported(), key=COPY)

    before, after = read_draft(draft()), read_draft(made)
    assert structs.replace(after, key=before.key, number=before.number) == before or _same(before, after)
    assert cases_of(made) == cases_of(draft())
    assert export_draft(made).replace(f'"{COPY}"', f'"{GUIDE}"') == export_draft(draft())


def _same(before: Any, after: Any) -> bool:
    """Guides are the same only if they are the same object; their fields are compared."""
    names = [name for name in before.__struct_fields__ if name not in {"key", "number"}]
    return all(getattr(before, name) == getattr(after, name) for name in names)


def test_what_was_imported_is_a_draft_that_could_be_published() -> None:
    made = import_guide(exported(), key=COPY)

    assert (made.is_default, made.is_retired, made.number) == (False, False, 2)
    assert draft_blockers(made, read_draft(made)) == []
    assert not made.edition_set.exists()


def test_the_history_of_what_was_imported_begins_with_it() -> None:
    made = import_guide(exported(), key=COPY)

    assert made.history.count() == 1
    assert made.rule_set.get(position=1).history.count() == 1


def test_an_unfinished_draft_can_be_taken_along() -> None:
    Cell.objects.filter(dimension__key="focus").delete()
    Signal.objects.filter(key="ai-risks").update(text="")
    Scenario.objects.all().delete()
    Rule.objects.all().delete()

    made = import_guide(exported(), key=COPY)

    assert Cell.objects.filter(dimension__guide=made).count() == 18
    assert made.signal_set.get(key="ai-risks").text == ""


Change = Callable[[dict[str, Any]], object]


def changed(change: Change) -> bytes:
    """The exported first guide, damaged."""
    document = json.loads(exported())
    change(document)
    return json.dumps(document).encode()


WRONG: dict[str, tuple[Change, str]] = {
    "another format": (lambda d: d.update(format="quiz"), "file: It does not say “format”"),
    "a newer version": (
        lambda d: d.update(version=3),
        "version: It is 3, as a newer release of Advisor made it; this one reads versions 1 to 2.",
    ),
    "a version that is none": (lambda d: d.update(version="1"), "version: It has to be a whole number"),
    "a version with a point": (lambda d: d.update(version=1.0), "version: It has to be a whole number"),
    "a version that is true": (lambda d: d.update(version=True), "version: It has to be a whole number"),
    "a version before the first": (lambda d: d.update(version=0), "version: It has to be a whole number"),
    "an unknown part": (lambda d: d.update(extra=1), "file: There is no “extra”"),
    "no guide": (lambda d: d.pop("guide"), "guide: The guide must be a group of fields; here it is empty."),
    "a field missing": (lambda d: d["guide"].pop("why"), "guide.why: The “why it matters” of the guide is missing."),
    "a field of another type": (
        lambda d: d["guide"].update(some_from="one"),
        "guide.some_from: The “some evidence from” of the guide must be a whole number; here it is text.",
    ),
    "a number too large": (lambda d: d["guide"].update(some_from=10**30), "guide.some_from"),
    "a reserved key": (lambda d: d["guide"].update(key="admin"), "guide.key: “admin” means something else"),
    "a key that is none": (lambda d: d["guide"]["roles"][0].update(key="A Role"), "guide.roles[0].key"),
    "a key twice": (
        lambda d: d["guide"]["signals"][1].update(key=d["guide"]["signals"][0]["key"]),
        "guide.signals[1].key: “directionless-team” is given more than once.",
    ),
    "an unknown role": (lambda d: d["guide"]["signals"][2].update(role="coach"), "guide.signals[2].role"),
    "an unknown dimension": (
        lambda d: d["guide"]["signals"][2].update(speaks_to=["x"]),
        "guide.signals[2].speaks_to[0]",
    ),
    "an unknown outcome": (lambda d: d["guide"]["rules"][3].update(outcome="x"), "guide.rules[3].outcome"),
    "a condition on nothing": (lambda d: d["guide"]["rules"][3].update(when={"x": ["y"]}), "guide.rules[3].when"),
    "a value that is none": (
        lambda d: d["guide"]["remarks"][0].update(when={"both": ["x"]}),
        "guide.remarks[0].when: “x” is not a value of “both”",
    ),
    "a follow-up on nothing": (
        lambda d: d["guide"]["follow_ups"][0].update(asked_when=[{"x": ["y"]}]),
        "guide.follow_ups[0].asked_when[0]",
    ),
    "a cell twice": (
        lambda d: d["guide"]["dimensions"][0]["cells"].append(d["guide"]["dimensions"][0]["cells"][0]),
        "guide.dimensions[0].cells: The cell for “fractional-cto” is given 2 times.",
    ),
    "a scenario of another guide": (lambda d: d["scenarios"][0].update(answers="x=y"), "scenarios[0].answers: “x”"),
    "a scenario to nowhere": (lambda d: d["scenarios"][0].update(outcome="x"), "scenarios[0].outcome"),
    "a text too long": (
        lambda d: d["guide"]["roles"][0].update(name="x" * 61),
        "guide.roles[0].name: has 61 characters, and there can be 60.",
    ),
    "a text that turns the direction": (
        lambda d: d["guide"]["signals"][1].update(name="Messy \u202eteam"),
        "guide.signals[1].name: It holds an invisible character that turns the direction of what follows (U+202E).",
    ),
    "a line that turns the direction": (
        lambda d: d["guide"]["roles"][0].update(owns=["One", "T\u2067wo"]),
        "guide.roles[0].owns[1]: It holds an invisible character",
    ),
    "too many shared concerns": (
        lambda d: d["guide"].update(shared_concerns=["a"] * 150_000),
        "guide.shared_concerns: has 150,000 entries, and there can be 200.",
    ),
    "too many rules": (
        lambda d: d["guide"].update(rules=d["guide"]["rules"] * 26),
        "guide.rules: has 208 entries, and there can be 200.",
    ),
    "too many lines of a role": (
        lambda d: d["guide"]["roles"][1].update(owns=["a"] * 201),
        "guide.roles[1].owns: has 201 entries",
    ),
    "too many values of a condition": (
        lambda d: d["guide"]["rules"][3].update(when={"both": ["both"] * 201}),
        "guide.rules[3].when.both: has 201 entries",
    ),
    "too many scenarios": (
        lambda d: d.update(scenarios=d["scenarios"] * 7),
        "scenarios: has 217 entries",
    ),
    "too many cells in all": (
        lambda d: d["guide"].update(
            dimensions=[{"key": f"d{n}", "label": "D", "cells": [{"role": "a", "text": "b"}] * 30} for n in range(100)]
        ),
        "file: parts, rows, cells, choices and scenarios, and there can be 2,000.",
    ),
    "a text of a whole book": (
        lambda d: d["guide"].update(why="word " * 20_001),
        "guide.why: has 100,005 characters, and there can be 100,000.",
    ),
    "thresholds the wrong way round": (
        lambda d: d["guide"].update(some_from=3, strong_from=1),
        "guide: The guide: “Some” begins at one signal or more, and “strong” not below it.",
    ),
    "a null character": (lambda d: d["guide"].update(why="a\x00b"), "guide.why: It holds characters that are no text."),
    "half a surrogate": (lambda d: d["guide"].update(why="\ud800"), "guide.why: It holds characters that are no text."),
    "a number of its own": (lambda d: d["guide"].update(number=7), "guide.number: An exported guide has none."),
    "HTML of its own": (lambda d: d["guide"].update(html={"a": "<script>"}), "guide.html: An exported guide has none."),
}


@pytest.mark.parametrize(("change", "message"), WRONG.values(), ids=WRONG)
def test_a_file_that_is_wrong_is_refused_with_the_place(change: Change, message: str) -> None:
    content = changed(change)

    with pytest.raises((UnreadableFileError, UnwritableError)) as refused:
        import_guide(content, key=COPY if "reserved" not in message else "")

    place, _, words = message.partition(": ")
    assert any(where.startswith(place) and words in said for where, said in refused.value.problems)
    assert Guide.objects.count() == 1


BROKEN = {
    "empty": b"",
    "cut off": b'{"format": "advisor-guide", "version": 1, "gui',
    "no text": b"\xff\xfe\x00\x01",
    "nested ten thousand deep": b"[" * 10_000 + b"]" * 10_000,
    "not a number": b'{"format": "advisor-guide", "version": NaN}',
    "a name twice": b'{"format": "advisor-guide", "format": "x"}',
    "a list": b"[]",
    "a word": b'"advisor-guide"',
    "huge digits": b'{"format": "advisor-guide", "version": ' + b"9" * 5000 + b"}",
    "too large": b" " * (MAX_FILE_BYTES + 1),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_is_no_exported_guide_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read_file(content)

    assert refused.value.problems[0]


def test_every_problem_is_named_and_not_only_the_first() -> None:
    content = changed(lambda d: (d["guide"]["rules"][0].update(outcome="x"), d["guide"]["signals"][0].update(role="y")))

    with pytest.raises(UnreadableFileError) as refused:
        read_file(content)

    assert {place for place, _ in refused.value.problems} >= {
        "guide.rules[0].outcome",
        "guide.signals[0].role",
    }


def damage_everywhere(d: dict[str, Any]) -> None:
    guide = d["guide"]
    guide.update(why=1, some_from="one", extra=1)
    guide["signals"][0].update(role="coach")
    guide["signals"][1].update(name=7)
    guide["signals"][2].pop("text")
    guide["questions"][0]["choices"][1].update(affirms="no")
    guide["remarks"][1].update(kind="praise")
    guide["rules"][0].update(when={"x": ["y"]})
    guide["rules"][1].update(when={"both": 5})
    guide["roles"][0].update(name="x" * 61)
    d["scenarios"][0].update(answers="software=yes&signal=tidy-desk")
    d["scenarios"][1].update(remarks=["x"])


def test_wrong_types_lengths_and_references_are_named_together() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read_file(changed(damage_everywhere))

    assert dict(refused.value.problems) == {
        "guide.extra": "The “extra” of the guide means nothing here.",
        "guide.questions[0].choices[1].affirms": "The “affirms” of the choice “No” of the question “Running "
        "software” must be true or false; here it is text.",
        "guide.remarks[1].kind": "The kind of the remark “AI: none, or one that failed?” must be one of "
        "contradiction, caution, advice; here it is “praise”.",
        "guide.roles[0].name": f"The name of the role “{'x' * 60}…” has 61 characters, and there can be 60.",
        "guide.rules[0].when": "The condition of rule 1: “x” is not a question, evidence, signal or need that "
        "can be asked for here.",
        "guide.rules[1].when.both": "“both” in the condition of rule 2 must be a list; here it is a number.",
        "guide.signals[0].role": "The “role” of the signal “Team without direction”: There is no role “coach” in this "
        "guide.",
        "guide.signals[1].name": "The name of signal 2 must be text; here it is a number.",
        "guide.signals[2].text": "The text of the signal “Messy stack” is missing.",
        "guide.some_from": "The “some evidence from” of the guide must be a whole number; here it is text.",
        "guide.why": "The “why it matters” of the guide must be text; here it is a number.",
        "scenarios[0].answers": "The answers of the scenario “Ten engineers, chaos, no AI”: “signal tidy-desk” "
        "is not answered as this guide asks it.",
        "scenarios[1].remarks": "The “remarks” of the scenario “Deployments by hand on the server, everything "
        "else works”: There is no remark “x” in this guide.",
    }


def test_where_a_key_is_lost_nothing_is_said_of_what_names_it() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read_file(changed(lambda d: d["guide"]["roles"][0].update(key=None)))

    assert refused.value.problems == [
        ("guide.roles[0].key", "The key of the role “Fractional CTO” must be text; here it is empty.")
    ]


def test_a_huge_list_is_refused_before_anything_is_written() -> None:
    content = changed(lambda d: d["guide"].update(shared_concerns=["a"] * 150_000))
    began = perf_counter()

    with CaptureQueriesContext(connection) as asked, pytest.raises(UnreadableFileError):
        import_guide(content, key=COPY)

    assert len(asked) == 0
    assert perf_counter() - began < 2


def test_ten_thousand_words_come_along() -> None:
    made = import_guide(changed(lambda d: d["guide"].update(why="wording " * 10_000)), key=COPY)

    assert len(made.why.split()) == 10_000


def test_a_byte_order_mark_does_no_harm() -> None:
    guide, _ = read_file(b"\xef\xbb\xbf" + exported())

    assert guide.key == GUIDE


def test_a_key_that_is_taken_is_refused() -> None:
    with pytest.raises(UnwritableError, match="choose another key"):
        import_guide(exported())


def test_markdown_in_a_file_is_only_text_until_it_is_published() -> None:
    made = import_guide(changed(lambda d: d["guide"].update(why="<script>alert(1)</script>")), key=COPY)

    assert made.why == "<script>alert(1)</script>"
    assert "<script>" not in read_draft(made).html[made.why]


def test_the_commands_write_and_read_a_file(tmp_path: Path) -> None:
    out, path = StringIO(), tmp_path / "guide.json"
    call_command("exportguide", GUIDE, "--edition", "1", stdout=out)
    path.write_text(out.getvalue(), encoding="utf-8")

    call_command("importguide", path, "--key", COPY, stdout=out)

    assert Guide.objects.get(key=COPY).rule_set.count() == 8


def test_the_commands_say_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "guide.json"
    path.write_bytes(changed(lambda d: d["guide"]["rules"][3].update(outcome="x")))

    with pytest.raises(CommandError, match=r"guide\.rules\[3\]\.outcome"):
        call_command("importguide", path, "--key", COPY)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("importguide", tmp_path / "nothing.json")
    with pytest.raises(CommandError, match="no such guide"):
        call_command("exportguide", "cook-or-waiter")


IMPORT = "/admin/content/guide/import/"


def upload(client: Client, content: bytes, key: str = COPY) -> Page:
    file = BytesIO(content)
    file.name = "guide.json"
    answer = client.post(IMPORT, {"file": file, "key": key})
    return Page(answer if answer.status_code == 200 else client.get(answer["Location"]), IMPORT, strict=False)


def test_an_editor_imports_a_file_and_is_led_to_the_guide(editor: Client) -> None:
    page = upload(editor, exported())

    assert "The guide is imported." in page.html
    assert Guide.objects.filter(key=COPY).exists()


@pytest.mark.parametrize("content", [b"", b"{", b'{"format": "quiz"}'])
def test_a_file_that_is_wrong_is_answered_beside_the_field(editor: Client, content: bytes) -> None:
    page = upload(editor, content)

    assert page.title.startswith("Error:")
    assert page.errors
    assert Guide.objects.count() == 1


def test_without_a_file_the_page_says_so(editor: Client) -> None:
    page = Page(editor.post(IMPORT, {"key": ""}), IMPORT, strict=False)

    assert page.errors == ["Please fill in “File”."]


@pytest.mark.parametrize("who", ["sales", "owner"])
def test_who_may_not_add_a_guide_may_not_import_one(request: pytest.FixtureRequest, who: str) -> None:
    client: Client = request.getfixturevalue(who)

    statuses = {client.get(IMPORT).status_code, client.post(IMPORT).status_code}

    assert statuses == {403}


def test_an_editor_copies_a_guide(editor: Client) -> None:
    address = reverse("admin:content_guide_copy", args=[draft().pk])
    form = Form(read_admin(editor, address).one("form[@class='module aligned']"), address)

    answer = form.send(editor, {"key": COPY, "title": "A CTO or a coach?"})

    made = Guide.objects.get(key=COPY)
    assert answer["Location"] == reverse("admin:content_guide_overview", args=[made.pk])
    assert (made.title, made.scenario_set.count()) == ("A CTO or a coach?", draft().scenario_set.count())


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (GUIDE, "exists; choose another key"),
        ("admin", "means something else"),
        ("A Key", "small letters, digits and single hyphens"),
        ("", "Please fill in “Key”."),
        ("x" * 41, "at most 40 characters"),
    ],
)
def test_a_copy_needs_a_key_that_can_be_used(editor: Client, key: str, message: str) -> None:
    address = reverse("admin:content_guide_copy", args=[draft().pk])

    page = Page(editor.post(address, {"key": key, "title": "A copy"}), address, strict=False)

    assert message in " ".join(page.errors)
    assert Guide.objects.count() == 1


def test_a_draft_and_an_edition_are_downloaded_as_files(owner: Client) -> None:
    of_draft = owner.get(reverse("admin:content_guide_export", args=[draft().pk]))
    of_edition = owner.get(reverse("admin:content_edition_export", args=[draft().pk, 1]))

    assert of_draft["Content-Disposition"] == f'attachment; filename="{GUIDE}-draft.json"'
    assert of_draft.content == exported()
    assert json.loads(of_edition.content)["scenarios"] == []
