"""Needs, balance and doubts wherever a guide is read: words, differences, files, fixtures, drawing, sheet and proof."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from msgspec.structs import replace

from advisor.content.differences import differences
from advisor.content.drafts import read_draft
from advisor.content.logic_tables import logic_tables
from advisor.content.models import PARTS, Choice, Guide, NeedRow, Role, Rule
from advisor.content.portable import UnreadableFileError, export_draft, import_guide, read_file
from advisor.content.wording import condition_in_short, condition_in_words
from advisor.decision import guide as decision
from advisor.decision.guide import Condition
from advisor.decision.publish_checks import publish_blockers
from tests.assessment.reading import Page, text_of
from tests.content.admin_pages import read_admin, save_in_admin
from tests.content.needs import KEY, cook, guide_with_needs, need_row
from tests.content.table_pages import keys, press, value
from tests.content.test_need_page import saved

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def guide(db: None) -> Guide:
    return guide_with_needs()


def document() -> decision.Guide:
    return read_draft(Guide.objects.get(key=KEY))


def page_of(client: Client, name: str, *more: object) -> Page:
    return read_admin(client, reverse(f"admin:content_guide_{name}", args=[Guide.objects.get(key=KEY).pk, *more]))


@pytest.mark.parametrize(
    ("when", "words", "short"),
    [
        (
            {"balance": ("cook",)},
            "more situations are ticked for The cook than for any other role",
            "more situations ticked for: The cook",
        ),
        (
            {"balance": ("cook", "even")},
            "more situations are ticked for The cook than for any other role or no role has the most situations ticked",
            "more situations ticked for: The cook or even",
        ),
        ({"need:cook": ("yes",)}, "The cook is needed", "The cook: needed"),
        ({"need:waiter": ("no",)}, "The waiter is not needed", "The waiter: not needed"),
        ({"need:host": ("yes",)}, "host is needed", "host: needed"),
    ],
)
def test_needs_and_the_balance_are_said_in_words(when: Condition, words: str, short: str) -> None:
    assert condition_in_words(document(), when) == words
    assert condition_in_short(document(), when) == short


def test_a_draft_with_needs_is_finished() -> None:
    assert publish_blockers(document()) == []


def test_a_draft_is_read_with_its_needs_doubts_and_unsure_choices() -> None:
    found = document()

    assert [row.needed for row in found.role["cook"].need] == [True, False, True, True, False]
    assert found.role["cook"].need[1].doubt.endswith("look again.")
    assert found.rules[2].doubt == "Count the seats before you hire two."
    assert [choice.key for choice in found.question["kitchen"].choices if choice.unsure] == ["unsure"]


def test_a_file_of_a_guide_with_needs_becomes_the_same_guide() -> None:
    before = document()

    made = import_guide(export_draft(Guide.objects.get(key=KEY)).encode(), key="copy")

    again = read_draft(made)
    assert (again.roles, again.rules, again.questions) == (before.roles, before.rules, before.questions)


def in_file(edit: Any) -> bytes:
    file = json.loads(export_draft(Guide.objects.get(key=KEY)))
    edit(file["guide"])
    return json.dumps(file).encode()


@pytest.mark.parametrize(
    ("when", "problem"),
    [
        (
            {"seats": ["many"]},
            (
                "A need cannot rest on “seats”, which is asked only of some, after the needs are known. "
                "Ask it of everyone, or let this row do without it."
            ),
        ),
        ({"need:waiter": ["yes"]}, "A need cannot rest on a need. It is found from what everyone is asked."),
        ({"outcome": ["nobody"]}, "Only remarks can ask for the outcome that was reached."),
        ({"balance": ["host"]}, "“host” is not a value of “balance”; it can be cook, waiter, even."),
    ],
)
def test_what_a_need_cannot_rest_on_is_refused_in_a_file_a_fixture_and_a_form(
    tmp_path: Path, guide: Guide, when: dict[str, list[str]], problem: str
) -> None:
    one = need_row(2)

    with pytest.raises(UnreadableFileError) as in_the_file:
        read_file(in_file(lambda value: value["roles"][0]["need"][1].update(when=when)))
    one.when = when
    with pytest.raises(ValidationError) as in_the_form:
        one.clean()
    NeedRow.objects.filter(pk=one.pk).update(when=when)
    with pytest.raises(CommandError) as in_the_fixture:
        call_command("loaddata", dumped(tmp_path), verbosity=0)

    assert in_the_file.value.problems == [
        ("guide.roles[0].need[1].when", f"The condition of row 2 of the need of the role “The cook”: {problem}")
    ]
    assert in_the_form.value.message_dict == {"when": [problem]}
    assert f"need of “The cook”, row 2: {problem}" in str(in_the_fixture.value)


def test_a_rule_cannot_ask_for_the_need_of_a_role_without_one(guide: Guide) -> None:
    Role.objects.create(guide=guide, key="host", name="The host", position=3)
    rule = Rule(guide=guide, position=99, when={"need:host": ["yes"]})

    with pytest.raises(ValidationError, match="“need:host” is not a question, evidence, signal or need"):
        rule.clean()
    with pytest.raises(UnreadableFileError, match="“need:host” is not a question"):
        read_file(in_file(lambda value: value["rules"][0].update(when={"need:host": ["yes"]})))


def test_a_file_names_the_place_of_what_is_wrong_in_a_need() -> None:
    def spoil(value: Any) -> None:
        value["roles"][0]["need"][1] |= {"needed": "perhaps", "extra": 1}
        del value["roles"][1]["need"][0]["reason"]

    with pytest.raises(UnreadableFileError) as refused:
        read_file(in_file(spoil))

    assert refused.value.problems == [
        ("guide.roles[0].need[1].extra", "The “extra” of row 2 of the need of the role “The cook” means nothing here."),
        (
            "guide.roles[0].need[1].needed",
            "The “needed” of row 2 of the need of the role “The cook” must be true or false; here it is text.",
        ),
        (
            "guide.roles[1].need[0].reason",
            "The reason of row 1 of the need of the role “The waiter” is missing.",
        ),
    ]


def dumped(folder: Path, key: str = "dumped") -> Path:
    """The guide as a fixture under another key."""
    from_models: list[Any] = []
    for model in (Guide, *PARTS):
        path = folder / "part.json"
        call_command("dumpdata", model._meta.label, natural_foreign=True, natural_primary=True, output=path)
        from_models += json.loads(path.read_text())
    text = json.dumps([one for one in from_models if f'"{KEY}"' in json.dumps(one)]).replace(f'"{KEY}"', f'"{key}"')
    records = json.loads(text)
    records[0]["fields"]["number"] = 77
    (folder / "all.json").write_text(json.dumps(records))
    return folder / "all.json"


def test_a_dump_is_loaded_with_its_needs_before_what_they_name(tmp_path: Path) -> None:
    path = dumped(tmp_path)
    records = json.loads(path.read_text())
    early = {"content.guide": 0, "content.role": 1, "content.needrow": 2}
    path.write_text(json.dumps(sorted(records, key=lambda record: early.get(record["model"], 3))))

    call_command("loaddata", path, verbosity=0)

    again = read_draft(Guide.objects.get(key="dumped"))
    assert again.roles == document().roles
    assert NeedRow.history.filter(role_id__in=Role.objects.filter(guide__key="dumped")).count() == 10


def changed(edit: Any) -> list[tuple[str, str]]:
    """What is new in a document, by place."""
    before = document()
    edit()
    found = differences(before, document())
    return [(one.place, " ".join(piece.words for piece in one.pieces if piece.kind != "gone")) for one in found]


def test_a_changed_row_of_a_need_is_shown_in_words() -> None:
    def edit() -> None:
        NeedRow.objects.filter(pk=need_row(3).pk).update(needed=False, reason="Nobody eats.", doubt="Ask them.")

    assert changed(edit) == [
        (
            "roles cook need 3",
            "If the answer to “What about kitchen?” is “Yes”: not needed. Nobody eats. Doubt: Ask them.",
        )
    ]


def test_a_row_that_was_taken_out_is_shown_by_its_old_number() -> None:
    before = document()
    need_row(2).delete()

    (found,) = differences(before, document())

    assert found.place == "roles cook need 2 before"
    assert {piece.kind for piece in found.pieces} == {"gone"}


def test_a_changed_doubt_of_a_rule_is_shown_with_it() -> None:
    ((place, words),) = changed(lambda: Rule.objects.filter(guide__key=KEY, position=3).update(doubt="Count first."))

    assert place == "rules 3"
    assert words.endswith("Doubt: Count first.")


def test_a_role_that_is_new_has_all_its_rows_as_new() -> None:
    new = document()
    old = replace(new, roles=(replace(new.roles[0], need=()), *new.roles[1:]))

    assert [one.place for one in differences(old, new)] == [f"roles cook need {number}" for number in range(1, 6)]


def test_the_drawing_has_the_needs_before_what_asks_for_them() -> None:
    cook, *_, rules, _ = logic_tables(document())

    assert (cook.title, cook.rows[4].is_otherwise, cook.rows[4].result) == ("Is “The cook” needed?", True, "No")
    assert cook.anchor in {column.anchor for column in rules.columns}


@pytest.mark.parametrize("name", ["drawing", "sheet"])
def test_the_papers_say_when_a_role_is_needed_and_what_is_in_doubt(superuser: Client, name: str) -> None:
    page = page_of(superuser, name)

    listed = [" ".join(text_of(one).split()) for one in page.all("ol/li")]
    assert "If evidence for The cook: strong → needed" in listed or (
        "If the evidence for The cook is strong → needed" in listed
    )
    assert any(one.endswith("(doubt: Count the seats before you hire two.)") for one in listed)


def test_an_answer_that_leaves_a_question_open_is_a_tick_of_the_choice(superuser: Client, guide: Guide) -> None:
    question = guide.question_set.get(key="kitchen")

    save_in_admin(superuser, question, {"choice_set-1-unsure": "on"})

    assert Choice.objects.get(question=question, key="no").unsure


def test_the_proof_says_of_each_role_for_how_many_it_is_needed(superuser: Client) -> None:
    page = page_of(superuser, "proof")

    assert "When “The cook” is needed" in page.texts("h2")
    table = page.one("div[@aria-label='Rows for the need of: The cook']")
    assert [text_of(one) for one in table.findall(".//tbody/tr/td[2]")] == [
        *("needed", "not needed", "needed", "needed", "not needed")
    ]
    assert "The proof holds" in page.html


def test_a_gap_in_a_need_is_closed_by_a_proposed_row(superuser: Client) -> None:
    need_row(5).delete()
    proof = page_of(superuser, "proof")
    assert "Gaps: answers that no row matches" in proof.html
    button = proof.one("button[@value='new-1']")
    form = next(form for form in proof.all("form") if button in list(form.iter()))

    fields: dict[str, list[str]] = {"row": []}
    for one in form.findall(".//input"):
        fields.setdefault(one.get("name", ""), []).append(one.get("value", ""))
    fields["row"].append("new-1")
    page = Page(superuser.post(form.get("action", ""), fields), form.get("action", ""), strict=False)
    assert keys(page)[-1] == "new-1"
    page = press(superuser, page, "save", {"new-1-needed": "no", "new-1-reason": "Nothing speaks for it."})

    assert saved(page)
    assert need_row(5).when == {}
    assert "The proof holds" in page_of(superuser, "proof").html


def test_a_last_row_that_could_match_anything_can_be_told_to(superuser: Client) -> None:
    last = need_row(5)
    NeedRow.objects.filter(pk=last.pk).update(when={"evidence:cook": ["none", "some", "strong"]})
    proof = page_of(superuser, "proof")
    button = next(one for one in proof.all("button") if text_of(one) == "Let row 5 match anything")
    form = next(form for form in proof.all("form") if button in list(form.iter()))

    fields: dict[str, list[str]] = {}
    for one in form.findall(".//input"):
        fields.setdefault(one.get("name", ""), []).append(one.get("value", ""))
    page = Page(superuser.post(form.get("action", ""), fields), form.get("action", ""), strict=False)

    assert "Not saved yet." in page.html
    assert value(page, f"{last.pk}-when-evidence:cook") == ""
    press(superuser, page, "save")
    assert need_row(5).when == {}


def test_what_is_wrong_with_a_need_leads_to_its_row(superuser: Client, guide: Guide) -> None:
    NeedRow.objects.filter(role=cook()).update(needed=True)

    page = page_of(superuser, "proof")

    (blocker,) = [one for one in page.all("ul[@class='blockers']/li") if "Everybody needs" in text_of(one)]
    link = reverse("admin:content_guide_need", args=[guide.pk, "cook"])
    assert [one.get("href") for one in blocker.findall(".//a")] == [link]
