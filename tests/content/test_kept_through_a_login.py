"""What staff typed, kept through a login, a failure or what others did, and saved by one more click."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user, get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from advisor.booking.models import Host
from advisor.content.models import Cell, Rule
from advisor.leads.models import Event, Lead, Tag
from tests.assessment.reading import Form, Page
from tests.conftest import database_down
from tests.content.admin_pages import admin_address, read_admin
from tests.content.making import draft
from tests.content.refusing import (
    ANOTHER_TOKEN,
    FORM,
    PASSWORD,
    forms_at,
    forms_of,
    lead_form,
    log_in,
    missing,
    post,
    said,
)
from tests.content.test_every_address import an_object
from tests.leads.asking import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("something_of_everything")]


def test_a_note_on_a_lead_outlives_the_session_and_one_more_click_saves_it(strict: Client) -> None:
    lead = an_object(Lead)
    target = admin_address(lead)
    form = Form(lead_form(read_admin(strict, target)), target)
    strict.session.flush()

    asked = form.send(strict, {"note": "They called back.\r\nTwice."})
    shown = log_in(strict, asked, target)
    written = Event.objects.filter(words__contains="called back").count()
    saved = Form(lead_form(Page(shown, target, strict=False)), target).send(strict)

    assert "nothing is lost" in Page(asked, target, strict=False).text("div[@role='alert']")
    assert said(shown).startswith("Nothing was saved yet: you were logged out while you worked.")
    assert written == 0
    assert saved.status_code == 302
    assert Event.objects.get(words__contains="called back").words == "They called back.\nTwice."


def test_what_another_did_meanwhile_is_still_told(strict: Client) -> None:
    cell = Cell.objects.all()[0]
    target = reverse("admin:content_guide_table", args=[draft().pk])
    name = f"cell-{cell.dimension_id}-{cell.role_id}"
    form = Form(forms_at(strict, target)[0], target)
    strict.session.flush()
    asked = form.send(strict, {name: "What was typed here"})
    cell.text = "What another wrote"
    cell.save()

    shown = log_in(strict, asked, target)
    saved = Form(forms_of(Page(shown, target, strict=False))[0], target).send(strict)

    assert "What another wrote" in shown.content.decode()
    assert "someone else changed this table" in shown.content.decode()
    assert saved.status_code == 302
    cell.refresh_from_db()
    assert cell.text == "What was typed here"


def test_a_host_with_a_row_of_hours_that_is_not_there_yet_comes_back(strict: Client) -> None:
    host = an_object(Host)
    target = admin_address(host)
    form = Form(read_admin(strict, target).one("form[@id='host_form']"), target)
    row = {
        "windows-5-weekday": "6",
        "windows-5-begins": "10:00",
        "windows-5-ends": "11:30",
        "windows-5-host": str(host.pk),
    }
    pairs = [(name, "6" if name == "windows-TOTAL_FORMS" else value) for name, value in form.pairs()]
    strict.session.flush()

    shown = log_in(strict, post(strict, target, [*pairs, *row.items(), ("windows-5-id", "")]), target)
    again = Form(Page(shown, target, strict=False).one("form[@id='host_form']"), target)
    hours = host.windows.count()
    saved = again.send(strict)

    assert missing(shown, list(row.items()), target) == Counter()
    assert (hours, saved.status_code) == (5, 302)
    assert host.windows.filter(weekday=6).exists()


def test_a_wrong_password_loses_nothing(strict: Client) -> None:
    target = reverse("admin:leads_tag_add")
    strict.get(target)
    strict.session.flush()
    token = ("csrfmiddlewaretoken", strict.cookies["csrftoken"].value)

    first = log_in(strict, post(strict, target, [("name", "Urgent"), token]), target, password="wrong")
    shown = log_in(strict, first, target)

    assert "Please enter the correct username and password" in Page(first, target, strict=False).text("main")
    assert missing(shown, [("name", "Urgent")], target) == Counter()
    assert not Tag.objects.filter(name="Urgent").exists()


def test_a_login_whose_cookie_has_gone_keeps_the_form_and_the_name(strict: Client) -> None:
    target = reverse("admin:leads_tag_add")
    strict.cookies.clear()
    asked = post(strict, target, [("name", "Urgent")])
    strict.cookies.clear()

    refused = log_in(strict, asked, target)
    shown = log_in(strict, refused, target)

    page = Page(refused, target, strict=False)
    assert "did not send the cookie" in page.text("div[@role='alert']")
    assert page.one("input[@name='log-in-username']").get("value") == "chief"
    assert PASSWORD not in page.html
    assert missing(shown, [("name", "Urgent")], target) == Counter()


def test_who_logged_in_elsewhere_meanwhile_gets_the_form(strict: Client, chief: Any) -> None:
    target = reverse("admin:leads_tag_add")
    strict.cookies.clear()
    asked = post(strict, target, [("name", "Urgent")])
    strict.force_login(chief)

    shown = log_in(strict, asked, target, password="")

    assert missing(shown, [("name", "Urgent")], target) == Counter()
    assert not Tag.objects.filter(name="Urgent").exists()


def test_an_account_that_may_not_do_it_is_told_so_and_the_right_one_goes_on(strict: Client) -> None:
    another = get_user_model().objects.create_user("reader", password=PASSWORD, is_staff=True)
    another.groups.add(Group.objects.get(name="Owners"))
    target = reverse("admin:leads_tag_add")
    strict.cookies.clear()

    refused = log_in(strict, post(strict, target, [("name", "Urgent")]), target, name="reader")
    shown = log_in(strict, refused, target)

    assert "The account reader may not do this" in Page(refused, target, strict=False).text("main")
    assert get_user(strict).get_username() == "chief"
    assert Page(shown, target, strict=False).one("input[@name='name']").attrib["value"] == "Urgent"
    assert Page(shown, target, strict=False).one("input[@name='name']").attrib["type"] == "text"


def test_passwords_are_never_carried_or_shown(strict: Client) -> None:
    target = reverse("admin:auth_user_add")
    typed = [("username", "newcomer"), ("password1", PASSWORD), ("password2", PASSWORD)]

    with_session = post(strict, target, [*typed, ANOTHER_TOKEN])
    strict.cookies.clear()
    asked = post(strict, target, typed)
    shown = log_in(strict, asked, target)

    assert not [answer for answer in (with_session, asked, shown) if PASSWORD in answer.content.decode()]
    assert missing(with_session, typed[:1], target) == missing(shown, typed[:1], target) == Counter()


FOREIGN = [
    pytest.param({"Origin": "https://evil.example"}, id="named"),
    pytest.param({"Origin": "null"}, id="hidden"),
    pytest.param({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, id="told by the browser"),
    pytest.param({"Origin": "null", "Sec-Fetch-Site": "same-site"}, id="beside this site"),
]
TOO_MANY = urlencode([("name", "Not mine"), *((f"field-{number}", "") for number in range(10_000))])


@pytest.mark.parametrize("body", [urlencode({"name": "Not mine"}), TOO_MANY], ids=["short", "too many fields"])
@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_that_another_site_may_have_sent_is_not_carried_through_a_login(
    strict: Client, headers: dict[str, str], body: str
) -> None:
    target = reverse("admin:leads_tag_add")
    strict.cookies.clear()

    answer = strict.generic("POST", target, body, content_type=FORM, headers=headers)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("body", [urlencode({"name": "Urgent"}), TOO_MANY], ids=["short", "too many fields"])
@pytest.mark.parametrize(
    "headers", [{"Origin": "null", "Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}, {}]
)
def test_a_form_of_this_site_is_carried_though_the_browser_hides_where_it_comes_from(
    strict: Client, headers: dict[str, str], body: str
) -> None:
    target = reverse("admin:leads_tag_add")
    strict.cookies.clear()

    answer = strict.generic("POST", target, body, content_type=FORM, headers=headers)

    assert answer.status_code == 200
    assert Page(answer, target, strict=False).one("input[@name='name']").attrib["type"] == "hidden"


def test_nobody_is_led_to_another_site_by_what_is_sent_with_a_login(strict: Client) -> None:
    target = reverse("admin:leads_lead_move", args=[an_object(Lead).pk])
    sent = [("log-in-username", "chief"), ("log-in-back", "https://evil.example/")]

    answer = post(strict, target, [*sent, ANOTHER_TOKEN])

    assert answer.status_code == 302
    assert answer["Location"] == reverse("admin:index")


def test_a_form_of_another_site_is_shown_with_a_warning_and_does_nothing(strict: Client) -> None:
    target = reverse("admin:leads_tag_add")

    answer = strict.post(target, {"name": "Not mine"}, headers={"Origin": "https://evil.example"})

    assert "another site, evil.example" in said(answer)
    assert not Tag.objects.filter(name="Not mine").exists()


def test_the_login_itself_comes_back_with_the_name_when_its_token_is_another(strict: Client, chief: Any) -> None:
    pairs = [("username", "chief"), ("password", PASSWORD), ("next", "/admin/leads/lead/"), ANOTHER_TOKEN]
    strict.cookies.clear()

    refused = post(strict, "/admin/login/?next=/admin/leads/lead/", pairs)
    login = Form(Page(refused, "", strict=False).one("form[@id='login-form']"), "/admin/login/")
    entered = login.send(strict, {"username": "chief", "password": PASSWORD})

    page = Page(refused, "", strict=False)
    assert page.one("input[@name='username']").get("value") == "chief"
    assert "You are not logged in yet" in said(refused)
    assert PASSWORD not in page.html
    assert entered["Location"] == "/admin/leads/lead/"


def test_who_is_logged_in_already_goes_on_when_the_token_of_the_login_is_another(strict: Client) -> None:
    pairs = [("username", "chief"), ("password", PASSWORD), ANOTHER_TOKEN]

    answer = post(strict, "/admin/login/?next=/admin/leads/lead/", pairs)

    assert answer["Location"] == "/admin/leads/lead/"


def test_a_file_has_to_be_chosen_again_and_that_is_said(strict: Client) -> None:
    target = reverse("admin:content_guide_import")
    sent = {"key": "another-key", "file": SimpleUploadedFile("guide.json", b"{}")}

    with_session = strict.post(target, sent)
    strict.cookies.clear()
    shown = log_in(strict, strict.post(target, {"key": "another-key", "file": SimpleUploadedFile("a", b"{}")}), target)

    for answer in (with_session, shown):
        assert "choose your file again" in Page(answer, target, strict=False).text("ul[@class='messagelist']")
        assert missing(answer, [("key", "another-key")], target) == Counter()


def test_a_form_that_is_too_large_comes_back_cut(strict: Client) -> None:
    target = admin_address(an_object(Lead))
    form = Form(lead_form(read_admin(strict, target)), target)

    answer = form.send(strict, {"note": "n" * 3_000_000, "next_step": "Send the offer", "next_step_on": "2027-01-04"})

    assert "it is too long" in said(answer)
    assert missing(answer, [("next_step", "Send the offer")], target) == Counter()
    assert len(answer.content) < 400_000


@pytest.mark.parametrize("session", [True, False], ids=["logged in", "no session"])
def test_rows_that_did_not_arrive_with_a_form_are_there_as_they_were_saved(strict: Client, *, session: bool) -> None:
    target = reverse("admin:content_guide_rules", args=[draft().pk])
    form = Form(forms_at(strict, target)[0], target)
    before = list(Rule.objects.values_list("pk", "when", "reason"))
    pairs = form.pairs({f"{before[0][0]}-reason": "A new reason"})
    changed = pairs.pop()
    # After the first row, and one field of the second, comes more than can be taken.
    second = pairs.index(("row", str(before[1][0])))
    many = [*pairs[: second + 2], changed, *[("none", "")] * 10_000, *pairs[second + 2 :]]
    if not session:
        strict.session.flush()

    shown = post(strict, target, many)
    if not session:
        assert "more than 10,000 fields" in Page(shown, target, strict=False).text("div[@role='alert']")
        shown = log_in(strict, shown, target)
    page = Page(shown, target, strict=False)
    saved = Form(forms_of(page)[0], target).send(strict)

    assert "more than 10,000 fields" in said(shown)
    assert page.html.count("did not arrive with the form") == len(before) - 1
    assert saved.status_code == 302
    (key, when, _), *others = before
    assert list(Rule.objects.values_list("pk", "when", "reason")) == [(key, when, "A new reason"), *others]


@pytest.mark.parametrize("session", [True, False], ids=["logged in", "no session"])
def test_a_field_that_did_not_arrive_with_a_form_has_what_was_saved(strict: Client, *, session: bool) -> None:
    role = draft().role_set.all()[0]
    target = admin_address(role)
    form = Form(read_admin(strict, target).one("form[@id='role_form']"), target)
    if not session:
        strict.session.flush()

    shown = post(strict, target, [("name", "Another name"), *[("none", "")] * 10_001, *form.pairs({"name": None})])
    if not session:
        shown = log_in(strict, shown, target)
    pairs = Form(Page(shown, target, strict=False).one("form[@id='role_form']"), target).pairs()

    expected = [pair for pair in form.pairs() if pair[0] not in {"csrfmiddlewaretoken", "name"}]
    assert ("name", "Another name") in pairs
    assert Counter(expected) - Counter(pairs) == Counter()


def test_while_the_database_is_away_what_was_typed_is_held_and_sent_again_by_one_click(strict: Client) -> None:
    lead = an_object(Lead)
    target = admin_address(lead)
    form = Form(lead_form(read_admin(strict, target)), target)

    with database_down():
        answer = form.send(strict, {"note": "They called back."})
    page = Page(answer, target)
    saved = page.form.send(strict)

    assert answer.status_code == 503
    assert "They called back." in page.text("main")
    assert saved.status_code == 302
    assert Event.objects.filter(words="They called back.").count() == 1


def test_what_was_typed_for_something_that_was_deleted_meanwhile_can_still_be_read(strict: Client) -> None:
    tag = Tag.objects.create(name="Soon gone")
    target = admin_address(tag)
    form = Form(read_admin(strict, target).one("form[@id='tag_form']"), target)
    tag.delete()

    answer = form.send(strict, {"name": "A better name"})

    page = Page(answer, target)
    assert answer.status_code == 404
    assert "was deleted while you worked on it" in page.text("main")
    assert "A better name" in page.text("main")
    assert page.all("main//form") == []


def test_a_note_on_a_lead_that_was_merged_meanwhile_is_told_once_more(strict: Client) -> None:
    lead = an_object(Lead)
    target = admin_address(lead)
    form = Form(lead_form(read_admin(strict, target)), target)
    other = ask(Client(), email="other@example.com", slot="none", zone="UTC")
    Lead.objects.filter(pk=lead.pk).update(merged_into=other)

    answer = form.send(strict, {"note": "They called back."})

    assert "They called back." in said(strict.get(answer["Location"]))
