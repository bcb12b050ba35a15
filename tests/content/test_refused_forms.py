"""Every form of the admin, refused for its token or because the session is over, comes back with what was in it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from advisor.booking.models import Host
from advisor.content.models import Cell, Role
from advisor.delivery.models import Endpoint
from advisor.leads.models import Event, Lead, Tag
from tests.assessment.reading import Form, Page, Pair, Response
from tests.conftest import database_down
from tests.content.admin_pages import admin_address, admin_list, read_admin
from tests.content.making import draft
from tests.content.test_every_address import MODEL_PAGES, OWN, address, an_object, everything
from tests.leads.asking import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("something_of_everything")]

PASSWORD = "kept-nowhere-but-in-this-test"
FORM = "application/x-www-form-urlencoded"
ANOTHER_TOKEN = ("csrfmiddlewaretoken", "x" * 64)
NOT_TYPED = {"password", "file", "submit", "button", "hidden"}
NO_FORMS = {"logout-form", "changelist-search"}
IN_PLACE_OF_OTHERS = {"answers-address"}
"""An address that is pasted answers all that could be chosen beside it."""


@pytest.fixture
def chief(db: None) -> Any:
    return get_user_model().objects.create_superuser("chief", password=PASSWORD)


@pytest.fixture
def strict(chief: Any) -> Client:
    """A browser of someone who may do everything, whose forms are checked as in production."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(chief)
    return client


def typed_into(form: Element) -> Iterator[Pair]:
    """What a person chooses and types into each field: something other than what is there."""
    number = 0
    for control in form.iter():
        name, kind = control.get("name"), control.get("type", "text")
        if (
            not name
            or "disabled" in control.attrib
            or "readonly" in control.attrib
            or "__prefix__" in name
            or name in IN_PLACE_OF_OTHERS
        ):
            continue
        number += 1
        if control.tag == "textarea":
            yield name, f"Typed number {number}, “with” <signs> & more"
        elif control.tag == "select":
            options = [option for option in control.findall(".//option") if option.get("value")]
            if options:
                yield name, options[-1].attrib["value"]
        elif control.tag == "input" and kind in {"checkbox", "radio"}:
            if kind == "checkbox":
                yield name, control.get("value", "on")
        elif control.tag == "input" and kind not in NOT_TYPED:
            yield name, {"date": "2027-03-04", "time": "10:30", "number": "7"}.get(kind, f"Typed {number}")


def machinery_of(form: Element) -> list[Pair]:
    """What the page itself sends along."""
    return [
        (control.attrib["name"], control.get("value", ""))
        for control in form.iter("input")
        if control.get("type") == "hidden" and control.get("name") and "__prefix__" not in control.attrib["name"]
    ]


def forms_at(client: Client, target: str) -> list[Element]:
    """The forms of a page; none where it does not open."""
    opened = client.get(target)
    is_page = opened.status_code == 200 and "html" in opened["Content-Type"]
    return forms_of(Page(opened, target, strict=False)) if is_page else []


def lead_form(page: Page) -> Element:
    return page.one("form[@id='lead_form']")


def said(answer: Response) -> str:
    """The message at the top that is about the refusal."""
    words = Page(answer, strict=False).texts("ul[@class='messagelist']//li[@class='error']")
    return words[0] if words else ""


def forms_of(page: Page) -> list[Element]:
    return [form for form in page.all("form[@method='post']") if form.get("id") not in NO_FORMS]


def post(client: Client, target: str, pairs: list[Pair]) -> Response:
    return client.generic("POST", target, urlencode(pairs), FORM)


def missing(answer: Response, typed: list[Pair], target: str) -> Counter[Pair]:
    """What was typed and is in no field of the page."""
    page = Page(answer, target, strict=False)
    shown: Counter[Pair] = Counter()
    for form in forms_of(page):
        shown |= Counter((name, " ".join(value.split())) for name, value in Form(form, target).pairs())
    return Counter((name, " ".join(value.split())) for name, value in typed) - shown


def log_in(client: Client, answer: Response, target: str, name: str = "chief", password: str = PASSWORD) -> Response:
    """Fill in the login that an answer shows, and send it."""
    login = Form(Page(answer, target, strict=False).one("form[@id='login-form']"), target)
    return post(client, login.action, login.pairs({"log-in-username": name, "log-in-password": password}))


PAGES = [
    name
    for name in [*MODEL_PAGES, *OWN]
    # Only passwords are typed there, and those are never shown again.
    if not name.endswith(("_history", "_delete")) and name != "auth_user_password_change"
]


@pytest.mark.parametrize("session", [True, False], ids=["another token", "no session"])
def test_every_form_of_the_admin_comes_back_with_everything_in_it(strict: Client, *, session: bool) -> None:
    lost: dict[str, Counter[Pair]] = {}
    silent: list[str] = []
    sent = 0
    before = everything()

    for name in PAGES:
        for form in forms_at(strict, address(name)):
            target, typed = Form(form, address(name)).action, list(typed_into(form))
            if not typed:
                continue
            sent += 1
            if session:
                answer = post(strict, target, [*machinery_of(form), *typed, ANOTHER_TOKEN])
            else:
                strict.session.flush()
                answer = log_in(strict, post(strict, target, [*machinery_of(form), *typed]), target)
            if gone := missing(answer, typed, target):
                lost[name] = gone
            if not said(answer).startswith(("Nothing was saved yet", "Nothing was done yet")):
                silent.append(name)

    assert (lost, silent) == ({}, [])
    assert sent > 20
    after = everything()
    # Logging in is written down, and nothing else.
    assert {label for label, rows in after.items() if rows != before[label]} <= {"auth.User"}


def test_no_button_does_anything_when_the_session_is_over_or_the_token_another(strict: Client) -> None:
    buttons = [
        (address(name), pairs)
        for name, pairs in {
            "content_guide_state": [],
            "content_preview_walk": [],
            "content_preview_revoke": [],
            "content_guide_order": [("shown", "1,2"), ("move", "down:1")],
            "leads_lead_move": [("status", "contacted"), ("shown", "new")],
            "leads_lead_export": [("format", "csv")],
            "leads_person_kept_file": [],
            "leads_tag_delete": [("post", "yes")],
            "leads_lead_delete": [("post", "yes")],
            "delivery_endpoint_change": [
                ("change_form-action", "renew_secret"),
                ("_selected_action", str(an_object(Endpoint).pk)),
            ],
            "leads_lead_changelist": [
                ("action", "delete_selected"),
                ("_selected_action", str(an_object(Lead).pk)),
                ("post", "yes"),
            ],
        }.items()
    ]
    before = everything()

    told = []
    for target, pairs in buttons:
        answer = post(strict, target, [*pairs, ANOTHER_TOKEN])
        told.append(said(strict.get(answer["Location"]) if "Location" in answer else answer))
    entered = []
    for target, pairs in buttons:
        strict.session.flush()
        token = ("csrfmiddlewaretoken", strict.cookies["csrftoken"].value)
        entered.append(log_in(strict, post(strict, target, [*pairs, token]), target))

    assert all(words.startswith(("Nothing was done yet", "Nothing was saved yet")) for words in told), told
    assert {answer.status_code for answer in entered} <= {200, 302}
    after = everything()
    assert {label for label, rows in after.items() if rows != before[label]} <= {"auth.User"}


def test_ticks_and_the_chosen_action_of_a_list_come_back(strict: Client) -> None:
    lead, role = an_object(Lead), draft().role_set.all()[0]

    for model, key, action in ((Lead, lead.pk, "status contacted"), (Role, role.pk, "delete_selected")):
        pairs = [("action", action), ("_selected_action", str(key)), ANOTHER_TOKEN]
        page = Page(post(strict, admin_list(model), pairs), admin_list(model), strict=False)

        assert ("_selected_action", str(key)) in page.ticked
        assert [option.get("value") for option in page.all("select[@name='action']//option[@selected]")] == [action]


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

    assert "With the account reader you may not do this" in Page(refused, target, strict=False).text("main")
    assert missing(shown, [("name", "Urgent")], target) == Counter()


def test_passwords_are_never_carried_or_shown(strict: Client) -> None:
    target = reverse("admin:auth_user_add")
    typed = [("username", "newcomer"), ("password1", PASSWORD), ("password2", PASSWORD)]

    with_session = post(strict, target, [*typed, ANOTHER_TOKEN])
    strict.cookies.clear()
    asked = post(strict, target, typed)
    shown = log_in(strict, asked, target)

    assert not [answer for answer in (with_session, asked, shown) if PASSWORD in answer.content.decode()]
    assert missing(with_session, typed[:1], target) == missing(shown, typed[:1], target) == Counter()


def test_a_form_of_another_site_is_not_carried_through_a_login(strict: Client) -> None:
    target = reverse("admin:leads_tag_add")
    strict.cookies.clear()

    answer = strict.post(target, {"name": "Not mine"}, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


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
        assert "has to be chosen again" in Page(answer, target, strict=False).text("ul[@class='messagelist']")
        assert missing(answer, [("key", "another-key")], target) == Counter()


def test_a_form_that_is_too_large_comes_back_cut(strict: Client) -> None:
    target = admin_address(an_object(Lead))
    form = Form(lead_form(read_admin(strict, target)), target)

    answer = form.send(strict, {"note": "n" * 3_000_000, "next_step": "Send the offer", "next_step_on": "2027-01-04"})

    assert "it is too long" in said(answer)
    assert missing(answer, [("next_step", "Send the offer")], target) == Counter()
    assert len(answer.content) < 400_000


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
