"""Members of staff in a browser: logged in, with the rights of a group."""

from typing import Any

from playwright.sync_api import Page

from tests.server import RunningSite

PASSWORD = "kept-nowhere-but-in-these-tests"

SESSIONS: dict[tuple[str, str], list[Any]] = {}

CUT_OFF = "[...document.querySelectorAll('.results')].some(list => list.scrollWidth > list.clientWidth)"
"""Whether a list of the admin has columns that nobody sees without scrolling."""

MAKE = """
from django.contrib.auth.models import Group, User
user, _ = User.objects.get_or_create(username={name!r}, is_staff=True)
user.set_password({password!r})
user.save()
user.groups.set(Group.objects.filter(name__in={groups!r}))
"""


def member(site: RunningSite, *groups: str) -> str:
    """The user name of someone who is in these groups."""
    name = "-and-".join(groups).lower()
    site.manage("shell", "--no-imports", "--command", MAKE.format(name=name, password=PASSWORD, groups=list(groups)))
    return name


def chief(site: RunningSite) -> str:
    """The user name of someone who may do everything."""
    name = member(site, "Chief")
    promote = (
        f"from django.contrib.auth.models import User; User.objects.filter(username={name!r}).update(is_superuser=True)"
    )
    site.manage("shell", "--no-imports", "--command", promote)
    return name


def log_in(page: Page, name: str, site: str = "") -> None:
    """By the admin's own form, and from then on by the session that came of it, which takes a second less; ``site`` is
    the address of one that is not the shared one.
    """
    page.context.add_cookies(SESSIONS.get((site, name), []))
    page.goto(f"{site}/admin/")
    if page.get_by_label("Username").is_visible():
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("heading", name="Site administration").wait_for()
        SESSIONS[site, name] = [*page.context.cookies()]
    page.get_by_role("heading", name="Site administration").wait_for()
