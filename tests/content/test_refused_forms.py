"""Every form of the admin, refused for its token or because the session is over, comes back with what was in it."""

from collections import Counter

import pytest
from django.test import Client

from advisor.content.models import Role
from advisor.delivery.models import Endpoint
from advisor.leads.models import Lead
from tests.assessment.reading import Form, Page, Pair
from tests.content.admin_pages import admin_list
from tests.content.making import draft
from tests.content.refusing import (
    ANOTHER_TOKEN,
    forms_at,
    log_in,
    machinery_of,
    missing,
    post,
    said,
    typed_into,
)
from tests.content.test_every_address import MODEL_PAGES, OWN, address, an_object, everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("something_of_everything")]

LOGGING_IN = {"auth.User", "accounts.KnownBrowser", "accounts.LoginEvent"}
"""What a login writes, and nothing else."""

PAGES = [
    name
    for name in [*MODEL_PAGES, *OWN]
    # Only passwords are typed there, and those are never shown again.
    if not name.endswith(("_history", "_delete")) and name != "auth_user_password_change"
]


@pytest.mark.parametrize("session", [True, False], ids=["another token", "no session"])
@pytest.mark.once
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
    assert {label for label, rows in after.items() if rows != before[label]} <= LOGGING_IN


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
            "leads_person_disclosure_file": [],
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
    assert {label for label, rows in after.items() if rows != before[label]} <= LOGGING_IN


def test_ticks_and_the_chosen_action_of_a_list_come_back(strict: Client) -> None:
    lead, role = an_object(Lead), draft().role_set.all()[0]

    for model, key, action in ((Lead, lead.pk, "status contacted"), (Role, role.pk, "delete_selected")):
        pairs = [("action", action), ("_selected_action", str(key)), ANOTHER_TOKEN]
        page = Page(post(strict, admin_list(model), pairs), admin_list(model), strict=False)

        assert ("_selected_action", str(key)) in page.ticked
        assert [option.get("value") for option in page.all("select[@name='action']//option[@selected]")] == [action]
