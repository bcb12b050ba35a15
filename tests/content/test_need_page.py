"""The need of a role as a table of conditions, changed and saved like the outcome table."""

from typing import Any

import pytest
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from advisor.content.editing.condition_table import sheet
from advisor.content.editing.places import address_of, place_in_words
from advisor.content.models import Guide, NeedRow, Remark, Role, Rule, Scenario, Signal
from tests.assessment.reading import Page, text_of
from tests.content.admin_pages import admin_address, admin_list, beside, read_admin, save_in_admin
from tests.content.needs import KEY, cook, guide_with_needs, need_row
from tests.content.table_pages import form_of, keys, press, value

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def guide(db: None) -> Guide:
    made = guide_with_needs()
    Scenario.objects.all().delete()
    return made


def address(role: str = "cook") -> str:
    return reverse("admin:content_guide_need", args=[Guide.objects.get(key=KEY).pk, role])


def options(page: Page, identity: str) -> list[str]:
    return [text_of(option) for option in page.one(f"select[@id='{identity}']")]


def said(page: Page) -> str:
    """What came of the example."""
    return " ".join(page.texts("div[@role='status']/p"))


def saved(page: Page) -> bool:
    return "The table was saved" in page.text("ul[@class='messagelist']")


def rows() -> list[dict[str, Any]]:
    return list(NeedRow.objects.order_by("pk").values())


def test_every_row_and_every_input_that_is_asked_for_is_there(superuser: Client) -> None:
    page = read_admin(superuser, address())

    assert page.text("h1") == "When is “The cook” needed?"
    assert keys(page) == [str(one.pk) for one in NeedRow.objects.filter(role=cook())]
    assert page.texts("div[@class='sheet']//th[@scope='col']") == [
        "#",
        "Needed",
        "About kitchen",
        "Evidence: The cook",
        "More situations ticked for",
        "Signal: Sign spills",
    ]


def test_a_need_can_ask_for_what_everyone_is_asked_and_for_nothing_else(superuser: Client) -> None:
    page = read_admin(superuser, address())

    assert options(page, "add-column")[1:] == [
        "About tables",
        "Evidence: The waiter",
        "Signal: Sign burns",
        "Signal: Sign tastes-odd",
        "Signal: Sign forgets",
    ]


def test_a_cell_says_in_words_whose_situations_were_ticked_more(superuser: Client) -> None:
    page = read_admin(superuser, address())

    assert options(page, f"{need_row(4).pk}-when-balance")[:4] == ["anything", "The cook", "The waiter", "even"]


@pytest.mark.parametrize("name", ["rules", "remarks"])
def test_rules_and_remarks_can_ask_whether_a_role_is_needed(superuser: Client, guide: Guide, name: str) -> None:
    page = read_admin(superuser, reverse(f"admin:content_guide_{name}", args=[guide.pk]))
    pk = Rule.objects.get(guide=guide, position=1).pk if name == "rules" else Remark.objects.get(key="not-hired").pk

    assert "Needed: The waiter" in page.texts("div[@class='sheet']//th[@scope='col']")
    assert options(page, f"{pk}-when-need:waiter") == ["anything", "Yes", "No"]


def test_a_follow_up_can_be_asked_of_those_who_need_a_role(superuser: Client, guide: Guide) -> None:
    follow_up = guide.followup_set.get()

    page = save_in_admin(superuser, follow_up, {"asked_when-0-need:waiter": "no"})

    follow_up.refresh_from_db()
    assert not page.all("ul[@class='errorlist']")
    assert follow_up.asked_when == [{"need:cook": ["yes"], "need:waiter": ["no"]}]


def test_a_table_saved_as_it_came_changes_nothing(superuser: Client) -> None:
    before = rows(), NeedRow.history.count()

    page = press(superuser, read_admin(superuser, address()), "save")

    assert saved(page)
    assert (rows(), NeedRow.history.count()) == before


def test_a_changed_row_is_written_with_its_history_and_no_other(superuser: Client) -> None:
    changed, before = need_row(2), NeedRow.history.count()
    page = read_admin(superuser, address())
    assert (value(page, f"{changed.pk}-needed"), value(page, f"{changed.pk}-doubt")) == ("no", changed.doubt)

    press(
        superuser,
        page,
        "save",
        {
            f"{changed.pk}-when-evidence:cook": "none,some",
            f"{changed.pk}-needed": "yes",
            f"{changed.pk}-reason": "One line\r\nand another",
            f"{changed.pk}-doubt": "",
        },
    )

    changed.refresh_from_db()
    assert changed.when["evidence:cook"] == ["none", "some"]
    assert (changed.needed, changed.reason, changed.doubt) == (True, "One line\nand another", "")
    assert NeedRow.history.count() == before + 1


def test_the_buttons_change_the_page_and_save_nothing(superuser: Client) -> None:
    first, second, before = need_row(1), need_row(2), rows()
    page = read_admin(superuser, address())

    copied = press(superuser, page, f"copy:{first.pk}", {f"{first.pk}-reason": "Typed and not saved"})
    moved = press(superuser, copied, f"down:{first.pk}")
    deleted = press(superuser, moved, f"delete:{second.pk}")
    added = press(superuser, deleted, "add")

    assert keys(copied)[:3] == [str(first.pk), "new-1", str(second.pk)]
    assert (value(copied, "new-1-reason"), value(copied, "new-1-needed")) == ("Typed and not saved", "yes")
    assert keys(moved)[:2] == ["new-1", str(first.pk)]
    assert str(second.pk) not in keys(deleted)
    assert keys(added)[-1] == "new-2"
    assert rows() == before


def test_rows_inserted_moved_and_deleted_are_saved_in_their_new_order(superuser: Client) -> None:
    second, third, last = need_row(2), need_row(3), need_row(5)
    page = press(superuser, read_admin(superuser, address()), f"copy:{second.pk}")
    page = press(superuser, page, f"delete:{third.pk}", {"new-1-reason": "A copy", "new-1-when-kitchen": "no"})
    page = press(superuser, page, f"up:{second.pk}")

    page = press(superuser, page, "save")

    kept = list(NeedRow.objects.filter(role=cook()))
    assert saved(page)
    assert [one.position for one in kept] == [1, 2, 3, 4, 5]
    assert (kept[0].pk, kept[2].reason, kept[-1].pk) == (second.pk, "A copy", last.pk)
    assert not NeedRow.objects.filter(pk=third.pk).exists()


def test_the_rows_of_another_role_stay_as_they_are(superuser: Client) -> None:
    before = list(NeedRow.objects.exclude(role=cook()).values())
    page = press(superuser, read_admin(superuser, address()), f"delete:{need_row(3).pk}")

    press(superuser, page, "save")

    assert list(NeedRow.objects.exclude(role=cook()).values()) == before


def test_a_role_without_a_need_gets_its_first_rows(superuser: Client, guide: Guide) -> None:
    role = Role.objects.create(guide=guide, key="host", name="The host", position=3)
    page = read_admin(superuser, address("host"))
    assert "Without rows, the guide says nothing about it." in page.html

    page = press(superuser, page, "column", {"add-column": "kitchen"})
    page = press(superuser, page, "add")
    page = press(superuser, page, "add", {"new-1-when-kitchen": "no", "new-1-needed": "yes", "new-1-reason": "So."})
    page = press(superuser, page, "save", {"new-2-needed": "no", "new-2-reason": "Not so."})

    assert saved(page)
    assert list(role.need_set.values_list("position", "when", "needed")) == [
        (1, {"kitchen": ["no"]}, True),
        (2, {}, False),
    ]


def test_a_table_without_an_end_says_so_until_a_row_ends_it(superuser: Client) -> None:
    page = press(superuser, read_admin(superuser, address()), f"delete:{need_row(5).pk}")
    ended = press(superuser, page, "add")

    assert "The table has no end yet" in page.html
    assert "The table has no end yet" not in ended.html


@pytest.mark.parametrize(
    ("field", "sent", "message"),
    [
        ("needed", "", "Choose yes or no."),
        ("needed", "perhaps", "Choose yes or no."),
        ("reason", " ", "This field is required."),
        ("doubt", "a\0b", "Null characters are not allowed."),
        ("when-kitchen", "gone", "“gone” does not exist any more"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_saved(
    superuser: Client, field: str, sent: str, message: str
) -> None:
    wrong, good, before = need_row(2), need_row(3), rows()

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
    assert rows() == before


@pytest.mark.parametrize("column", ["seats", "need:waiter", "outcome"])
def test_what_is_not_known_yet_cannot_be_asked_for_by_a_form_of_ones_own(superuser: Client, column: str) -> None:
    before, one = rows(), need_row(2)
    pairs = form_of(read_admin(superuser, address())).pairs()
    sent: dict[str, list[str]] = {}
    for name, text in [*pairs, ("column", column), (f"{one.pk}-when-{column}", "yes"), ("do", "save")]:
        sent.setdefault(name, []).append(text)

    answer = superuser.post(address(), sent)

    assert answer.status_code == 200
    assert rows() == before


def test_the_second_of_two_editors_is_warned_and_loses_nothing(superuser: Client) -> None:
    both, theirs = need_row(2), need_row(3)
    early, late = (read_admin(superuser, address()) for _ in range(2))
    press(superuser, early, "save", {f"{both.pk}-reason": "Their words", f"{theirs.pk}-needed": "no"})

    page = press(superuser, late, "save", {f"{both.pk}-reason": "My words"})

    notes = " ".join(page.texts("p[@class='about note']"))
    assert "someone else changed this table" in page.text("div[@role='alert']")
    assert need_row(2).reason == "Their words"
    assert (value(page, f"{both.pk}-reason"), value(page, f"{theirs.pk}-needed")) == ("My words", "no")
    assert "“No” · “Their words”" in notes
    assert saved(press(superuser, page, "save"))
    assert (need_row(2).reason, need_row(3).needed) == ("My words", False)


def test_all_rows_can_be_replaced_although_rules_ask_for_the_need(superuser: Client) -> None:
    page = read_admin(superuser, address())
    for key in keys(page):
        page = press(superuser, page, f"delete:{key}")
    page = press(superuser, page, "add")

    page = press(superuser, page, "save", {"new-1-needed": "yes", "new-1-reason": "Everybody eats."})

    assert saved(page)
    assert list(cook().need_set.values_list("position", "reason")) == [(1, "Everybody eats.")]


def test_the_last_row_stays_while_rules_ask_for_the_need(superuser: Client) -> None:
    before, page = rows(), read_admin(superuser, address())
    for key in keys(page):
        page = press(superuser, page, f"delete:{key}")

    page = press(superuser, page, "save")

    assert "is named by: " in page.text("div[@role='alert']")
    assert "rule 1 → Take a-pair" in page.text("div[@role='alert']")
    assert rows() == before


def test_a_role_cannot_be_deleted_under_what_asks_for_its_need_or_the_balance() -> None:
    Rule.objects.filter(guide__key=KEY).exclude(when={}).delete()
    Remark.objects.filter(guide__key=KEY).delete()
    cook().outcome_set.clear()  # type: ignore[attr-defined]
    Rule.objects.filter(guide__key=KEY).update(when={"need:cook": ["no"]})
    Role.objects.get(guide__key=KEY, key="waiter").need_set.filter(position=4).update(when={"balance": ["cook"]})

    with pytest.raises(ProtectedError) as refusal:
        cook().delete()

    assert "rule 6 → Take nobody" in str(refusal.value)
    assert "need of “The waiter”, row 4" in str(refusal.value)
    assert "need of “The cook”" not in str(refusal.value)


def test_a_question_or_signal_cannot_be_deleted_under_a_need() -> None:
    with pytest.raises(ProtectedError, match="need of “The cook”, row 3"):
        Guide.objects.get(key=KEY).question_set.get(key="kitchen").delete()
    with pytest.raises(ProtectedError, match="need of “The cook”, row 2"):
        Signal.objects.get(guide__key=KEY, key="spills").delete()


def test_a_guide_is_deleted_with_its_needs() -> None:
    Guide.objects.get(key=KEY).delete()

    assert not NeedRow.objects.filter(role__guide__key=KEY).exists()


def test_an_example_marks_the_row_it_hits_unsaved_changes_included(superuser: Client) -> None:
    page = read_admin(superuser, address())

    as_saved = press(superuser, page, "try", {"try-kitchen": "yes"})
    changed = press(superuser, page, "try", {"try-kitchen": "yes", f"{need_row(3).pk}-when-kitchen": "no"})
    strong = press(superuser, page, "try", {"try-signal": ["burns", "tastes-odd"]})
    leading = press(superuser, page, "try", {"try-kitchen": "unsure", "try-signal": ["burns"]})

    assert said(as_saved) == "Row 3 is hit. “The cook” is needed."
    assert as_saved.text("tbody[@class='hit']").startswith("3 ")
    assert said(changed) == "Row 5 is hit. “The cook” is not needed."
    assert said(strong) == "Row 1 is hit. “The cook” is needed."
    assert said(leading) == "Row 4 is hit. “The cook” is needed."


def test_an_example_asks_only_for_what_a_need_may_rest_on(superuser: Client) -> None:
    page = read_admin(superuser, address())

    asked = [one.get("name") for one in page.all("select") if (one.get("name") or "").startswith("try-")]

    assert asked == ["try-kitchen", "try-tables"]


def test_an_example_that_hits_no_row_says_that_the_role_counts_as_not_needed(superuser: Client) -> None:
    page = press(superuser, read_admin(superuser, address()), f"delete:{need_row(5).pk}")

    page = press(superuser, page, "try")

    assert said(page) == "No row is hit by this example, so the role counts as not needed."


def test_an_example_on_the_rules_says_which_roles_are_needed(superuser: Client, guide: Guide) -> None:
    page = read_admin(superuser, reverse("admin:content_guide_rules", args=[guide.pk]))

    page = press(superuser, page, "try", {"try-kitchen": "yes", "try-tables": "no"})

    assert said(page) == "Needed: The cook. Not needed: The waiter. Rule 4 is hit. The outcome is “Take a-cook”."


def test_an_example_leaves_out_rows_that_are_not_complete_and_says_so(superuser: Client) -> None:
    page = press(superuser, read_admin(superuser, address()), f"insert:{need_row(1).pk}")

    page = press(superuser, page, "try", {"try-kitchen": "yes"})

    assert said(page) == "Row 4 is hit. “The cook” is needed. Row 1 was left out, as it is not complete."


def test_a_table_is_full_at_its_bound(superuser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_ROWS", 5)

    page = press(superuser, read_admin(superuser, address()), "add")

    assert len(keys(page)) == 5
    assert "this one is full" in " ".join(page.texts("p[@role='status']"))


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"row": ["1", "1", "x", "new-1", "99999999999999999", "\0", "'"], "do": "try"},
        {"row": ["new-1"], "do": "copy:new-1", "column": ["\0", "kitchen", "nothing"], "new-1-when-kitchen": "\0"},
        {"row": ["new-1"], "do": "delete:new-1"},
        {"do": "save", "shown": "[" * 4000, "row": ["99999999999999999"], "99999999999999999-needed": "\0"},
    ],
)
def test_a_form_that_is_not_ours_writes_nothing_and_breaks_nothing(superuser: Client, sent: Any) -> None:
    before = rows()

    answer = superuser.post(address(), sent)

    assert answer.status_code == 200
    assert rows() == before


def test_it_does_not_open_without_the_right_to_change_guides(staff: Client) -> None:
    assert [staff.get(address()).status_code, staff.post(address(), {}).status_code] == [403, 403]


def test_a_role_that_does_not_exist_has_no_need(superuser: Client) -> None:
    assert superuser.get(address("nobody")).status_code == 404


def test_the_overview_and_the_page_of_the_role_lead_to_its_need(superuser: Client, guide: Guide) -> None:
    overview = read_admin(superuser, reverse("admin:content_guide_overview", args=[guide.pk]))
    own_page = read_admin(superuser, admin_address(cook()))

    assert ["When is “The cook” needed?", "5 rows", "Complete"] in [
        [text_of(cell) for cell in row] for row in overview.all("table[@class='tasks']/tbody/tr")
    ]
    assert address() in [one.get("href") for one in overview.all("a")]
    assert address() in [one.get("href") for one in own_page.all("ul[@class='object-tools']/li/a")]


def test_a_place_in_a_need_leads_to_its_field(guide: Guide) -> None:
    pk = need_row(3).pk

    assert address_of(guide, "roles cook need 3") == f"{address()}#{pk}-needed"
    assert address_of(guide, "roles cook need 3 reason") == f"{address()}#{pk}-reason"
    assert address_of(guide, "roles cook need 99") == address_of(guide, "roles cook need") == address()
    assert address_of(guide, "roles cook need 2 before") == f"{address()}#{need_row(2).pk}-needed"


def test_a_place_in_a_need_is_called_as_staff_call_it() -> None:
    assert place_in_words("roles cook need") == "Need of cook"
    assert place_in_words("roles cook need 3 reason") == "Need of cook, row 3 reason"


def test_a_blocker_in_a_need_is_a_link_to_its_row(superuser: Client, guide: Guide) -> None:
    one = need_row(3)
    NeedRow.objects.filter(pk=one.pk).update(when={"seats": ["many"]})

    page = read_admin(superuser, reverse("admin:content_guide_overview", args=[guide.pk]))

    blocker = page.all("ul[@class='blockers']/li")[0]
    assert text_of(blocker).startswith("Need of cook, row 3: A need cannot rest on “seats”")
    assert [link.get("href") for link in blocker.findall(".//a")] == [f"{address()}#{one.pk}-needed"]


def test_a_row_has_a_page_of_its_own_for_other_values(superuser: Client) -> None:
    one = need_row(2)

    page = save_in_admin(superuser, one, {"when-0-kitchen": ["yes", "unsure"]})
    refused = save_in_admin(superuser, one, {"when-0-seats": "many"})

    one.refresh_from_db()
    assert not page.all("ul[@class='errorlist']")
    assert one.when["kitchen"] == ["yes", "unsure"]
    assert beside(refused, "when")


def test_rows_are_added_in_their_table_only(superuser: Client) -> None:
    assert superuser.get(f"{admin_list(NeedRow)}add/").status_code == 403
    assert superuser.get(admin_list(NeedRow)).status_code == 200


def test_the_history_of_a_row_says_what_was_changed(superuser: Client, guide: Guide) -> None:
    one = need_row(3)
    press(superuser, read_admin(superuser, address()), "save", {f"{one.pk}-needed": "no"})

    of_row = read_admin(superuser, admin_address(one, "history"))
    of_guide = read_admin(superuser, reverse("admin:content_guide_changes", args=[guide.pk]))

    for page in (of_row, of_guide):
        assert "The cook, number 3" in page.html
        assert "yes" in page.html


def test_the_history_of_a_row_stays_when_its_role_is_gone(superuser: Client, guide: Guide) -> None:
    role = Role.objects.create(guide=guide, key="host", name="The host", position=3)
    one = NeedRow.objects.create(role=role, position=1, needed=True, reason="So.")
    history = admin_address(one, "history")
    role.delete()

    page = read_admin(superuser, history)

    assert "The host, number 1" in page.html


def test_a_question_that_a_need_rests_on_does_not_become_a_follow_up(superuser: Client, guide: Guide) -> None:
    asked = guide.question_set.get(key="kitchen")

    page = save_in_admin(superuser, asked, {"follow_up": str(guide.followup_set.get().pk)})

    asked.refresh_from_db()
    assert asked.follow_up is None
    error = beside(page, "follow_up")
    assert error.startswith("A need is found from what everyone is asked, and this question is asked for in “When is ")
    assert "The cook needed?”, row 2" in error


def test_a_question_that_is_asked_only_of_some_since_is_not_called_deleted(superuser: Client, guide: Guide) -> None:
    """As an older release, or a file, left it."""
    guide.question_set.filter(key="kitchen").update(follow_up=guide.followup_set.get())

    page = press(superuser, read_admin(superuser, address()), "save", {f"{need_row(2).pk}-reason": "Said twice."})

    assert not page.all("ul[@class='messagelist']")
    assert "About kitchen (asked only of some)" in page.texts("div[@class='sheet']//th[@scope='col']")
    assert sheet.ASKED_OF_SOME in page.html
    assert "deleted" not in page.text("div[@id='content-main']")
