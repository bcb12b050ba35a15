"""Members of staff in a browser: logged in, with the rights of a group."""

import time
from collections.abc import Callable
from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.server import RunningSite

PASSWORD = "kept-nowhere-but-in-these-tests"

SESSIONS: dict[tuple[str, str], tuple[float, list[Any]]] = {}
"""When each was begun, and its cookies."""

FRESH = 15 * 60.0
"""Seconds for which a session is used again: after half an hour some forms ask for another login."""

CUT_OFF = "[...document.querySelectorAll('.results')].some(list => list.scrollWidth > list.clientWidth)"
"""Whether a list of the admin has columns that nobody sees without scrolling."""

MAKE = """
from django.contrib.auth.models import Group, User
user = User.objects.create_user({name!r}, password={password!r}, is_staff=True, is_superuser={is_superuser!r})
user.groups.set(Group.objects.filter(name__in={groups!r}))
"""


def member(site: RunningSite, *groups: str) -> str:
    """The user name of someone who is in these groups."""
    return account(site.manage, "-and-".join(groups).lower(), groups)


def chief(site: RunningSite) -> str:
    """The user name of someone who may do everything."""
    return account(site.manage, "chief", is_superuser=True)


@cache
def account(manage: Callable[..., str], name: str, groups: tuple[str, ...] = (), *, is_superuser: bool = False) -> str:
    """The user name of an account of a site, which is made when it is asked for first."""
    make = MAKE.format(name=name, password=PASSWORD, groups=list(groups), is_superuser=is_superuser)
    manage("shell", "--no-imports", "--command", make)
    return name


def log_in(page: Page, name: str, site: str = "") -> None:
    """By the admin's own form, and from then on by the session that came of it, which takes a second less; ``site`` is
    the address of one that is not the shared one.
    """
    begun, cookies = SESSIONS.get((site, name), (0.0, []))
    page.context.add_cookies(cookies if time.monotonic() - begun < FRESH else [])
    page.goto(f"{site}/admin/")
    if page.get_by_label("Username").is_visible():
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("heading", name="Site administration").wait_for()
        SESSIONS[site, name] = time.monotonic(), [*page.context.cookies()]
    page.get_by_role("heading", name="Site administration").wait_for()
