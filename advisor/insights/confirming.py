"""What cannot be taken back asks for a login that is a short while old: erasure, files of people, publishing, rights.

Whoever finds an open screen can read, and cannot do these. The form is kept through the login like any other that is
refused.
"""

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest

from advisor.accounts.sessions import is_fresh

ASKING = {
    *(f"auth_{model}_{action}" for model in ("user", "group") for action in ("add", "change", "delete")),
    "auth_user_password_change",
    "content_guide_publish",
    "content_guide_publish_edition",
    "content_guide_state",
    "leads_lead_delete",
    "leads_lead_export",
    "leads_person_delete",
    "leads_person_disclosure_file",
    "passkeys",
    "second_factor",
    "set_up_second_factor",
}
"""Addresses of the admin, by name. What is sent there waits until the login is fresh."""

ASKING_LISTS = {"auth_user_changelist", "auth_group_changelist", "leads_lead_changelist", "leads_person_changelist"}
"""Lists, of which several can be deleted at once."""


def asks_again(request: HttpRequest) -> bool:
    """Whether a form that was sent waits for another login."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    # Django takes one of several, by the number of the button.
    deletes = "delete_selected" in request.POST.getlist("action") and ACTION_CHECKBOX_NAME in request.POST
    is_asking = name in ASKING or (name in ASKING_LISTS and deletes)
    return is_asking and not is_fresh(request.session)
