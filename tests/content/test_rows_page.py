"""The outcome table and the remarks as tables of conditions: changed with selects and buttons, saved as a whole."""

import pytest
from django.test import Client
from django.urls import reverse

from advisor.content.editing.condition_table import sheet
from advisor.content.models import Choice, Remark, Rule, Scenario, Signal
from tests.assessment.reading import Changes, Page, text_of
from tests.content.admin_pages import read_admin
from tests.content.making import draft
from tests.content.table_pages import form_of, keys, press, value

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_tables")]


def address(name: str = "rules") -> str:
    return reverse(f"admin:content_guide_{name}", args=[draft().pk])


def told(page: Page) -> str:
    return " ".join(page.texts("p[@role='status']"))


def rule(position: int) -> Rule:
    return Rule.objects.get(guide=draft(), position=position)


def remark(key: str) -> Remark:
    return Remark.objects.get(guide=draft(), key=key)


def messages(page: Page) -> str:
    return page.text("ul[@class='messagelist']")


def history() -> int:
    return int(Rule.history.count() + Remark.history.count())


def test_every_row_and_every_input_that_is_asked_for_is_there(superuser: Client) -> None:
    page = read_admin(superuser, address())

    assert keys(page) == [str(one.pk) for one in Rule.objects.all()]
    assert page.texts("div[@class='sheet']//th[@scope='col']") == [
        "#",
        "Outcome",
        "Running software",
        "Making AI work",
        "Software, AI or both",
        "Engineering team size",
        "Place of AI",
        "Kind of work",
        "Evidence: Fractional CTO",
        "Evidence: Fractional Head of AI",
    ]


def test_a_cell_offers_every_value_in_words_and_everything_but_it(superuser: Client) -> None:
    page = read_admin(superuser, address())

    options = page.one(f"select[@id='{rule(3).pk}-when-evidence:head-of-ai']")
    assert options.get("aria-label") == "Evidence: Fractional Head of AI, rule 3"
    assert [text_of(option) for option in options] == [
        "anything",
        "None",
        "Some",
        "Strong",
        "anything but None",
        "anything but Some",
        "anything but Strong",
    ]


def test_a_combination_of_the_row_is_kept(superuser: Client) -> None:
    both = remark("no-ai-but-ai-place")
    page = read_admin(superuser, address("remarks"))

    cell = page.one(f"select[@id='{both.pk}-when-ai-place']")

    assert [text_of(option) for option in cell if option.get("selected") is not None] == [
        "The core of it or One feature among others"
    ]
    assert value(page, f"{both.pk}-when-ai-place") == "core,feature"


@pytest.mark.parametrize("name", ["rules", "remarks"])
def test_a_table_saved_as_it_came_changes_nothing(superuser: Client, name: str) -> None:
    before = list(Rule.objects.values()), list(Remark.objects.values()), history()

    page = press(superuser, read_admin(superuser, address(name)), "save")

    assert "The table was saved" in messages(page)
    assert (list(Rule.objects.values()), list(Remark.objects.values()), history()) == before


def test_a_changed_row_is_written_with_its_history_and_no_other(superuser: Client) -> None:
    changed, before = rule(8), history()
    page = read_admin(superuser, address())

    press(
        superuser,
        page,
        "save",
        {
            f"{changed.pk}-when-evidence:head-of-ai": "some,strong",
            f"{changed.pk}-outcome": "not-yet",
            f"{changed.pk}-reason": "One line\r\nand another",
        },
    )

    changed.refresh_from_db()
    assert changed.when == {"software": ["yes"], "evidence:head-of-ai": ["some", "strong"]}
    assert (changed.outcome.key, changed.reason) == ("not-yet", "One line\nand another")
    assert history() == before + 1


def test_the_buttons_change_the_page_and_save_nothing(superuser: Client) -> None:
    first, second = rule(1), rule(2)
    before = list(Rule.objects.values())
    page = read_admin(superuser, address())
    typed = {f"{first.pk}-reason": "Typed and not saved"}

    copied = press(superuser, page, f"copy:{first.pk}", typed)
    moved = press(superuser, copied, f"down:{first.pk}")
    inserted = press(superuser, moved, f"insert:{second.pk}")
    deleted = press(superuser, inserted, f"delete:{second.pk}")
    added = press(superuser, deleted, "add")

    assert keys(copied)[:3] == [str(first.pk), "new-1", str(second.pk)]
    assert value(copied, "new-1-reason") == "Typed and not saved"
    assert keys(moved)[:3] == ["new-1", str(first.pk), str(second.pk)]
    assert [one.get("id") for one in moved.all("button[@autofocus]")] == [f"down-{first.pk}"]
    assert keys(inserted)[:4] == ["new-1", str(first.pk), "new-2", str(second.pk)]
    assert str(second.pk) not in keys(deleted)
    assert keys(added)[-1] == "new-3"
    assert value(added, f"{first.pk}-reason") == "Typed and not saved"
    assert "Not saved yet" in told(added)
    assert list(Rule.objects.values()) == before


def test_a_page_that_was_just_opened_is_not_called_unsaved(superuser: Client) -> None:
    page = read_admin(superuser, address())

    assert "Not saved yet" not in told(page)


def test_rows_inserted_moved_and_deleted_are_saved_in_their_new_order(superuser: Client) -> None:
    second, third, last = rule(2), rule(3), rule(18)
    page = read_admin(superuser, address())
    page = press(superuser, page, f"copy:{second.pk}")
    page = press(superuser, page, f"delete:{third.pk}", {"new-1-reason": "A copy", "new-1-when-both": "neither"})
    page = press(superuser, page, f"up:{second.pk}")

    page = press(superuser, page, "save")

    assert "The table was saved" in messages(page)
    assert [one.reason == "A copy" for one in Rule.objects.all()].index(True) == 2
    assert list(Rule.objects.values_list("position", flat=True)) == list(range(1, 19))
    assert Rule.objects.get(position=3).when == {"both": ["neither"]}
    assert (rule(1).pk, rule(18).pk) == (second.pk, last.pk)
    assert not Rule.objects.filter(pk=third.pk).exists()


def test_a_table_turned_round_is_saved_whatever_places_are_taken(superuser: Client) -> None:
    form = form_of(read_admin(superuser, address()))
    rows = [pair for pair in form.pairs() if pair[0] == "row"]
    others = [pair for pair in form.pairs() if pair[0] != "row"]

    answer = superuser.post(address(), {**_lists(others), "row": [key for _, key in reversed(rows)]})

    assert answer.status_code == 302
    assert [str(one.pk) for one in Rule.objects.all()] == [key for _, key in reversed(rows)]


def _lists(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, sent in pairs:
        found.setdefault(name, []).append(sent)
    return found


def test_a_further_column_can_be_added_and_used(superuser: Client) -> None:
    page = read_admin(superuser, address())
    page = press(superuser, page, "column", {"add-column": "signal:messy-stack"})

    assert "Signal: Messy stack" in page.texts("th[@scope='col']")
    press(superuser, page, "save", {f"{rule(3).pk}-when-signal:messy-stack": "no"})

    assert rule(3).when == {"both": ["software"], "signal:messy-stack": ["no"]}


def test_adding_a_column_without_choosing_one_says_so(superuser: Client) -> None:
    page = press(superuser, read_admin(superuser, address()), "column")

    assert "Choose what the column asks for." in told(page)


@pytest.mark.parametrize(
    ("field", "sent", "message"),
    [
        ("outcome", "", "Choose an outcome."),
        ("outcome", "gone", "This outcome was deleted."),
        ("reason", " ", "This field is required."),
        ("reason", "a\0b", "Null characters are not allowed."),
        ("when-both", "gone", "“gone” does not exist any more"),
        ("when-both", "both,gone", "“gone” does not exist any more"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_saved(
    superuser: Client, field: str, sent: str, message: str
) -> None:
    wrong, good, before = rule(2), rule(3), list(Rule.objects.values())
    page = press(
        superuser,
        read_admin(superuser, address()),
        "save",
        {f"{wrong.pk}-{field}": sent, f"{good.pk}-reason": "Good words"},
    )

    assert page.title.startswith("Error: ")
    assert message in page.text(f"p[@id='error_{wrong.pk}-{field}']")
    assert [link.get("href") for link in page.all("div[@role='alert']//a")] == [f"#{wrong.pk}-{field}"]
    assert value(page, f"{good.pk}-reason") == "Good words"
    assert list(Rule.objects.values()) == before


def test_a_choice_that_was_deleted_meanwhile_is_an_error_beside_its_cell(superuser: Client) -> None:
    page = read_admin(superuser, address())
    asked = rule(10)
    Choice.objects.create(question=draft().question_set.get(key="scope"), key="soon", label="Soon")
    with_choice = press(superuser, read_admin(superuser, address()), "up:0", {f"{asked.pk}-when-scope": "soon"})
    Choice.objects.get(key="soon").delete()

    page = press(superuser, with_choice, "save")

    assert "“soon” does not exist any more" in page.text(f"p[@id='error_{asked.pk}-when-scope']")


def test_a_signal_that_was_deleted_meanwhile_keeps_its_column_and_says_so(superuser: Client) -> None:
    role = draft().role_set.all()[0]
    signal = Signal.objects.create(guide=draft(), role=role, key="new-sign", name="New", text="New.", reason="New.")
    page = press(superuser, read_admin(superuser, address()), "column", {"add-column": "signal:new-sign"})
    page = press(superuser, page, "up:0", {f"{rule(3).pk}-when-signal:new-sign": "yes"})
    signal.delete()

    page = press(superuser, page, "save")

    assert "was deleted; choose “anything”" in page.text(f"p[@id='error_{rule(3).pk}-when-signal:new-sign']")
    assert "“signal:new-sign”, which does not exist" in page.texts("th[@scope='col']")


def test_a_new_remark_gets_its_key_here_and_an_old_one_keeps_its(superuser: Client) -> None:
    old = remark("report-to-cto")
    page = press(superuser, read_admin(superuser, address("remarks")), f"copy:{old.pk}")
    assert value(page, "new-1-key") == "report-to-cto-copy"

    press(superuser, page, "save", {"new-1-key": "another", "new-1-title": "Another", f"{old.pk}-key": "stolen"})

    old.refresh_from_db()
    assert (old.key, remark("another").title, remark("another").when) == ("report-to-cto", "Another", old.when)
    assert remark("another").position == old.position + 1


@pytest.mark.parametrize(
    ("key", "message"),
    [("report-to-cto", "Another remark has this key."), ("", "This field is required."), ("Not A Slug", "Use small")],
)
def test_a_key_that_cannot_be_taken_is_told_beside_its_field(superuser: Client, key: str, message: str) -> None:
    page = press(superuser, read_admin(superuser, address("remarks")), f"copy:{remark('report-to-cto').pk}")

    page = press(superuser, page, "save", {"new-1-key": key})

    assert message in page.text("p[@id='error_new-1-key']")
    assert Remark.objects.count() == 23


def test_a_remark_needs_a_condition(superuser: Client) -> None:
    one = remark("report-to-cto")
    name = f"{one.pk}-when-signal:strong-cto-no-ai"

    page = press(superuser, read_admin(superuser, address("remarks")), "save", {name: ""})

    assert "choose a value in at least one column" in page.text(f"p[@id='{one.pk}-row']")
    one.refresh_from_db()
    assert one.when == {"signal:strong-cto-no-ai": ["yes"]}


@pytest.fixture
def expected(superuser: Client) -> Remark:
    """A remark that a scenario expects."""
    one = remark("report-to-cto")
    outcome = draft().outcome_set.all()[0]
    case = Scenario.objects.create(guide=draft(), position=99, title="A case", answers="software=yes", outcome=outcome)
    case.remarks.add(one)
    return one


def test_a_remark_that_a_scenario_expects_stays_and_says_whose_it_is(superuser: Client, expected: Remark) -> None:
    page = press(superuser, read_admin(superuser, address("remarks")), f"delete:{expected.pk}")

    assert str(expected.pk) in keys(page)
    assert "named by scenario “A case”" in page.text(f"p[@id='{expected.pk}-row']")


def test_neither_is_it_deleted_by_a_page_that_left_it_out(superuser: Client, expected: Remark) -> None:
    form = form_of(read_admin(superuser, address("remarks")))
    without = [pair for pair in form.pairs() if pair != ("row", str(expected.pk))]

    page = Page(superuser.post(address("remarks"), _lists(without)), address("remarks"), strict=False)

    assert "named by: scenario “A case”" in page.text("div[@role='alert']")
    assert Remark.objects.filter(pk=expected.pk).exists()


def test_the_second_of_two_editors_is_warned_and_loses_nothing(superuser: Client) -> None:
    both, theirs, removed = rule(2), rule(3), rule(4)
    early, late = (read_admin(superuser, address()) for _ in range(2))
    early = press(superuser, early, f"delete:{removed.pk}")
    early = press(superuser, early, "add")
    press(
        superuser,
        early,
        "save",
        {
            f"{both.pk}-reason": "Their words",
            f"{theirs.pk}-reason": "Only theirs",
            "new-1-outcome": "not-yet",
            "new-1-reason": "Added by them",
        },
    )

    page = press(superuser, late, "save", {f"{both.pk}-reason": "My words"})

    alert = page.text("div[@role='alert']")
    assert "someone else changed this table" in alert
    assert "A row was deleted by chief" in alert
    assert rule(2).reason == "Their words"
    assert value(page, f"{both.pk}-reason") == "My words"
    assert value(page, f"{theirs.pk}-reason") == "Only theirs"
    notes = " ".join(page.texts("p[@class='about note']"))
    assert "“Their words”" in notes
    assert "this is the new content" in notes
    assert "This row was added or changed by chief" in notes
    saved = press(superuser, page, "save")
    assert "The table was saved" in messages(saved)
    assert (rule(2).reason, rule(3).reason, rule(18).reason) == ("My words", "Only theirs", "Added by them")


def test_a_row_that_was_deleted_while_it_was_changed_here_can_be_added_again(superuser: Client) -> None:
    gone = rule(4)
    page = read_admin(superuser, address())
    gone_key = gone.pk
    gone.delete()

    page = press(superuser, page, "save", {f"{gone_key}-reason": "Still wanted"})

    assert "This row was deleted by" in " ".join(page.texts("p[@class='about note']"))
    assert value(page, "new-1-reason") == "Still wanted"
    press(superuser, page, "save")
    assert rule(4).reason == "Still wanted"


def test_a_row_taken_out_here_and_changed_there_comes_back(superuser: Client) -> None:
    page = press(superuser, read_admin(superuser, address()), f"delete:{rule(4).pk}")
    Rule.objects.filter(pk=rule(4).pk).update(reason="Better")

    page = press(superuser, page, "save")

    assert "You took this row out; it was changed" in " ".join(page.texts("p[@class='about note']"))
    assert value(page, f"{rule(4).pk}-reason") == "Better"


def test_an_example_marks_the_rule_it_hits_unsaved_changes_included(superuser: Client) -> None:
    page = read_admin(superuser, address())
    example = {"try-software": "yes", "try-ai": "no", "try-both": "software"}

    as_saved = press(superuser, page, "try", example)
    changed = press(superuser, page, "try", {**example, f"{rule(3).pk}-when-both": "ai"})

    assert "Rule 3 is hit. The outcome is “Fractional CTO”." in as_saved.text("div[@role='status']")
    assert as_saved.text("tbody[@class='hit']").startswith("3 ")
    assert "Rule 10 is hit." in changed.text("div[@role='status']")
    assert rule(3).when == {"both": ["software"]}


def test_an_example_leaves_out_rows_that_are_not_complete_and_says_so(superuser: Client) -> None:
    page = press(superuser, read_admin(superuser, address()), f"insert:{rule(1).pk}")

    page = press(superuser, page, "try", {"try-both": "software"})

    said = page.text("div[@role='status']")
    assert "Rule 4 is hit." in said
    assert "Row 1 was left out" in said


def test_an_example_that_hits_no_rule_says_so(superuser: Client) -> None:
    page = press(superuser, read_admin(superuser, address()), f"delete:{rule(18).pk}")

    page = press(superuser, page, "try", {})

    assert "No rule is hit by this example." in page.text("div[@role='status']")


def test_an_example_marks_all_remarks_it_collects(superuser: Client) -> None:
    page = press(
        superuser,
        read_admin(superuser, address("remarks")),
        "try",
        {"try-software": "no", "try-both": "software", "try-signal": ["fundraising", "strong-cto-no-ai"]},
    )

    said = page.text("div[@role='status']")
    assert "The outcome is “Fractional CTO”. These remarks are collected: 7, 19, 21." in said
    assert len(page.all("tbody[@class='hit']")) == 3


def test_nonsense_as_an_example_is_no_answer(superuser: Client) -> None:
    page = read_admin(superuser, address())
    nonsense: Changes = {"try-software": "maybe", "try-signal": ["x", "\0"], "try-both": "\0"}

    page = press(superuser, page, "try", nonsense)

    assert "Rule 18 is hit." in page.text("div[@role='status']")


def test_a_table_is_full_at_its_bound(superuser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_ROWS", 18)

    page = press(superuser, read_admin(superuser, address()), "add")

    assert len(keys(page)) == 18
    assert "this one is full" in told(page)


def test_a_table_at_its_bound_can_be_sent(superuser: Client) -> None:
    columns = [f"signal:{one.key}" for one in Signal.objects.all()]
    outcome = draft().outcome_set.all()[0]
    for position in range(19, sheet.MAX_ROWS + 1):
        Rule.objects.create(guide=draft(), position=position, outcome=outcome, reason="Once more", when={})
    page = read_admin(superuser, address())
    form = form_of(page)
    more = [(f"{key}-when-{column}", "") for key in keys(page) for column in columns]

    answer = superuser.post(address(), {**_lists([*form.pairs(), *more]), "column": columns})

    assert answer.status_code == 302


@pytest.mark.parametrize("name", ["rules", "remarks"])
@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"row": ["1", "1", "x", "new-1", "99999999999999999", "\0", "'"], "do": "try"},
        {"row": ["new-1"], "do": "copy:new-1", "column": ["\0", "both", "nothing"], "new-1-when-both": "\0"},
        {"row": ["new-1"], "do": "delete:new-1"},
        {"row": [], "do": "column", "add-column": "both"},
        {"do": "nothing:at-all"},
        {"do": "save", "shown": "[" * 4000, "row": ["99999999999999999"]},
    ],
)
def test_a_form_that_is_not_ours_writes_nothing_and_breaks_nothing(
    superuser: Client, name: str, sent: dict[str, str | list[str]]
) -> None:
    before = list(Rule.objects.values()), list(Remark.objects.values())

    answer = superuser.post(address(name), sent)

    assert answer.status_code == 200
    assert (list(Rule.objects.values()), list(Remark.objects.values())) == before


@pytest.mark.parametrize("name", ["rules", "remarks"])
def test_it_does_not_open_without_the_right_to_change_guides(staff: Client, name: str) -> None:
    answers = [staff.get(address(name)).status_code, staff.post(address(name), {}).status_code]

    assert answers == [403, 403]
