"""What ``make gallery`` takes pictures of: every public page and state, each on a site that is prepared for it.

A group of scenes has a site of its own. It is a generator: what stands before a scene prepares the site for it and for
all that follow.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NamedTuple

from playwright.sync_api import Page, expect

from advisor.decision import answers as reading
from advisor.limits.stamps import MIN_TIME
from tests.browser.staff import log_in, member
from tests.browser.states import ALIKE, STATES, at, fill_in_call, send_call
from tests.browser.steps import begin, fill_in, go_on, heading, summary
from tests.clock import CLOCK
from tests.decision.survey import recommended
from tests.guide_of_six import OF_CFO, SIX
from tests.guides import first_guide
from tests.server import RunningSite
from tests.site.hosting import add_host
from tests.site.walks import CODES, CTO, EDITION, GUIDE, PAGES

WAY = Callable[[Page], object]
"""How a visitor gets there."""


class Scene(NamedTuple):
    """A page in a state."""

    name: str
    go: WAY


def pages(site: RunningSite) -> Iterator[Scene]:
    """The site as it is set up: nobody takes calls, and no other guide is there."""
    for name, go in STATES.items():
        if not name.startswith("result "):
            yield Scene(name, go)
    for name in sorted(ALIKE & PAGES.keys()):
        yield Scene(name, at(PAGES[name]))
    yield Scene("question, on its way", waiting)
    yield Scene("question, without a connection", offline)
    for status, body in json.loads(site.manage("shell", "--no-imports", "--command", ERROR_PAGES)).items():
        yield Scene(f"error {status}", answered_with(int(status), body))


def results(site: RunningSite) -> Iterator[Scene]:
    """Each outcome with each certainty that somebody can get, and what stands beside a result."""
    found: dict[str, str] = {}
    for given, recommendation in recommended():
        name = f"{recommendation.outcome.key}, {recommendation.certainty.value}"
        found.setdefault(name, reading.query(first_guide(), given))
    for name, query in sorted(found.items()):
        yield Scene(f"result {name}", at(f"/{GUIDE}/result/?{query}&edition={EDITION}"))
    for name, go in STATES.items():
        if name.startswith("result "):
            yield Scene(name, go)


def calls(site: RunningSite) -> Iterator[Scene]:
    """Booking a call, and the call of one's own; a result by mail."""
    add_host(site, notice=1000)
    yield Scene("call, nothing is free", at(f"{CTO.call}&zone=Europe/Riga&week=2026-12-07"))
    site.manage(
        "shell", "--no-imports", "--command", "from advisor.booking.models import Host\nHost.objects.update(notice=0)"
    )
    yield Scene("call with times", at(f"{CTO.call}&zone=Europe/Riga"))
    yield Scene("call with times and errors", call_without_anything)
    yield Scene("call, unknown time zone", at(f"{CTO.call}&zone=Moon/Tranquillity"))
    yield Scene("call, confirmed", book)
    yield Scene("own call", lambda page: page.goto(own_call(page)))
    yield Scene("own call, another time", lambda page: page.goto(f"{own_call(page)}change/"))
    yield Scene("own call, to be cancelled", lambda page: page.goto(f"{own_call(page)}cancel/"))
    yield Scene("own call, changed", change)
    yield Scene("own call, cancelled", cancel)
    yield Scene("own call, over", lambda page: page.goto(past_call(page, site)))
    yield Scene("own call, expired link", at("/calls/no-such-token/"))
    yield Scene("mail, asked for an address", at(MAIL))
    yield Scene("mail, without an address", mail_without_an_address)
    yield Scene("mail, to be confirmed by its recipient", ask_for_mail)
    yield Scene("mail, confirm", lambda page: with_a_button(page, confirmation(page, site)))
    yield Scene("mail, confirmed", lambda page: press_on(page, confirmation(page, site)))
    yield Scene("mail, expired link", at("/r/mail/no-such-token/"))
    yield Scene("mail, stop", lambda page: with_a_button(page, stop_link(page, site)))
    yield Scene("mail, stopped", lambda page: press_on(page, stop_link(page, site)))


def later(site: RunningSite) -> Iterator[Scene]:
    """A guide that was published anew, a second one of six roles, one that is not offered any more; no database."""
    yield Scene("since, nothing has changed", at(SINCE))
    token = site.manage("shell", "--no-imports", "--command", PREVIEW).strip()
    yield Scene("draft, landing", at(f"/preview/{token}/"))
    yield Scene("draft, result", at(f"/preview/{token}/result/?{CTO.query}"))
    for name, edit in EDITS.items():
        site.manage("shell", "--no-imports", "--command", f"{MODELS}\n{edit}\n{PUBLISH}")
        yield Scene(f"since, {name}", at(SINCE))
    yield Scene("result of an older edition", at(CTO.result))
    yield Scene(
        "people who answered different editions",
        at(f"/{GUIDE}/together/?code={CODES['head-of-ai']}&code={CODES['not-yet']}"),
    )
    add_guide_of_six(site)
    yield Scene("two guides", at("/"))
    yield Scene("six roles, landing", six_roles)
    yield Scene("six roles, result", at(f"/{SIX}/result/?{OF_CFO}"))
    site.manage("shell", "--no-imports", "--command", f"{MODELS}\n{RETIRE}")
    yield Scene("guide that is not offered any more", at(f"/{GUIDE}/"))
    booked: list[str] = []
    add_host(site)
    yield Scene("call of another guide", lambda page: booked.append(own_call(page, f"/{SIX}/call/?{OF_CFO}")))
    yield Scene("call, form that cannot be taken now", lambda page: send_without_a_database(page, site))
    yield Scene("page that cannot be shown now", lambda page: page.goto(booked[0]))


def crowd(site: RunningSite) -> Iterator[Scene]:
    """A site that so many ask at once that each confirms by a click; and what staff see of it."""
    add_host(site)
    in_shell(site, MANY_ASK)
    yield Scene("call, to be confirmed by mail", ask_for_call)
    yield Scene("call, confirm", lambda page: with_a_button(page, link_of_a_call(page, site)))
    yield Scene("call, confirm, and the time is gone", lambda page: too_late(page, site, TIME_IS_TAKEN))
    yield Scene("call, confirm, and no time is left", lambda page: too_late(page, site, NO_TIME_IS_LEFT))
    sales = member(site, "Sales")
    yield Scene("staff, calls that wait", lambda page: as_staff(page, site, sales, WAITING))
    yield Scene("staff, cancel and block", lambda page: block(page, site, sales))
    yield Scene("staff, calls that wait, with a blocked domain", lambda page: blocked(page, site, sales))
    in_shell(site, CALENDARS)
    yield Scene("staff, calendars of a host", lambda page: as_staff(page, site, sales, "A calendar of The host"))


def nothing_yet(site: RunningSite) -> Iterator[Scene]:
    """A site without a guide."""
    yield Scene("site without a guide", at("/"))


# On the way


def waiting(page: Page) -> None:
    """A step whose answer does not come."""
    begin(page)
    page.route(re.compile("asked="), lambda _: None)
    fill_in(page, CTO.pages["software"])
    go_on(page)
    expect(page.locator("form[aria-busy=true]")).to_be_visible()


def offline(page: Page) -> None:
    """A step without a connection."""
    begin(page)
    fill_in(page, CTO.pages["software"])
    page.context.set_offline(True)
    go_on(page)
    expect(page.locator("main .says.failed")).to_be_visible()


ERROR_PAGES = """
import json
from django.test import RequestFactory
from advisor import http
request, error = RequestFactory().get("/"), Exception()
answers = http.bad_request(request, error), http.forbidden(request, error), http.server_error(request)
print(json.dumps({answer.status_code: answer.content.decode() for answer in answers}))
"""
"""What no address leads to while everything works."""


def answered_with(status: int, body: str) -> WAY:
    """A page as the site would send it."""

    def go(page: Page) -> None:
        page.route("**/an-answer/", lambda route: route.fulfill(status=status, body=body, content_type="text/html"))
        page.goto("/an-answer/")

    return go


# Calls


def book(page: Page, address: str = CTO.call) -> None:
    """The first time that is shown."""
    page.goto(f"{address}&zone=Europe/Riga")
    page.locator("#times input[type=radio]:visible").first.check()
    fill_in_call(page)
    send_call(page)
    expect(heading(page)).to_have_text("Thank you")


def own_call(page: Page, address: str = CTO.call) -> str:
    """The address of a new call."""
    book(page, address)
    return str(page.get_by_role("link", name=re.compile("^Your call:")).get_attribute("href"))


def call_without_anything(page: Page) -> None:
    """The form with times, sent as it is."""
    page.goto(f"{CTO.call}&zone=Europe/Riga")
    send_call(page)
    expect(summary(page)).to_be_focused()


def change(page: Page) -> None:
    """A call that was moved."""
    page.goto(f"{own_call(page)}change/")
    page.locator("#times input[type=radio]:visible").nth(2).check()
    send_call(page)
    expect(heading(page)).to_have_text("Your intro call")


def cancel(page: Page) -> None:
    """A call that was cancelled."""
    page.goto(f"{own_call(page)}cancel/")
    send_call(page)
    expect(page.get_by_role("main")).to_contain_text("was cancelled")


def past_call(page: Page, site: RunningSite) -> str:
    """The address of a call that is over."""
    address = own_call(page)
    hours_ago = (CLOCK.now() - timedelta(hours=5)).isoformat()
    site.manage(
        "shell", "--no-imports", "--command", PAST.format(token=address.strip("/").split("/")[-1], begins=hours_ago)
    )
    return address


PAST = """
from datetime import datetime, timedelta
from advisor.booking.models import Call
begins = datetime.fromisoformat({begins!r})
Call.objects.filter(token={token!r}).update(begins_at=begins, ends_at=begins + timedelta(minutes=30))
"""


def send_without_a_database(page: Page, site: RunningSite) -> None:
    """The form for a call, when it cannot be kept."""
    page.goto(f"/{SIX}/call/?{OF_CFO}&zone=Europe/Riga")
    page.locator("#times input[type=radio]:visible").first.check()
    fill_in_call(page)
    site.database.take_away()
    send_call(page)
    expect(summary(page)).to_be_focused()


# Mail

MAIL = f"/{GUIDE}/result/mail/?{CTO.query}&edition={EDITION}"
LINKS = re.compile(r"/r/mail/(?:stop/)?[\w:-]+/")
"""The links in the mail: the one that confirms, and the one that stops."""


def mail_without_an_address(page: Page) -> None:
    """The form, sent as it is."""
    page.goto(MAIL)
    send_call(page)
    expect(summary(page)).to_be_focused()


def ask_for_mail(page: Page) -> None:
    """The page after the form."""
    page.goto(MAIL)
    page.locator("main [name=email]").fill("founder@example.com")
    send_call(page)
    expect(heading(page)).to_have_text("Check your e-mail")


def in_the_mail(page: Page, site: RunningSite) -> list[str]:
    """Both links of the first mail that was asked for, as its recipient finds them."""
    sent = "SELECT text FROM delivery_message ORDER BY id"
    found = [links for (text,) in site.database.query(sent) if len(links := LINKS.findall(text)) > 1]
    if found:
        return found[0]
    ask_for_mail(page)
    return in_the_mail(page, site)


def confirmation(page: Page, site: RunningSite) -> str:
    """The link that confirms."""
    return next(link for link in in_the_mail(page, site) if "/stop/" not in link)


def stop_link(page: Page, site: RunningSite) -> str:
    """The other one."""
    return next(link for link in in_the_mail(page, site) if "/stop/" in link)


def with_a_button(page: Page, address: str) -> None:
    """A page of one button."""
    page.goto(address)
    expect(page.get_by_role("main").locator("form").get_by_role("button")).to_be_visible()


def press_on(page: Page, address: str) -> None:
    """Open a page of one button, and press it."""
    page.goto(address)
    asked = heading(page).inner_text()
    send_call(page)
    expect(heading(page)).not_to_have_text(asked)


# Many requests at once

MANY_ASK = """
from django.http import QueryDict
from django.utils import timezone
from advisor.assessment.visit import visit_at
from advisor.booking.intake import ask_for_call
from advisor.content.editions import edition_cache
from tests.booking.hosts import half_hour
from tests.leads.asking import EVERYTHING
from tests.site.walks import CTO, EDITION, GUIDE
visit = visit_at(edition_cache.edition(GUIDE, EDITION), QueryDict(CTO.query))
for number in range(30):
    domain = "bulk.example.com" if number % 3 else f"company-{number}.example.com"
    details = EVERYTHING | {"name": f"Asker {number}", "email": f"asker-{number}@{domain}"}
    del details["consent"]
    begins = half_hour(number) if number % 2 else None
    asked = {"begins": begins, "zone": "Europe/Riga" if begins else ""}
    network = f"203.0.{number % 8}.0/24"
    ask_for_call(
        key=f"asked-{number}", visit=visit, details=details, consent="Yes", network=network, now=timezone.now(), **asked
    )
"""
"""More than are taken at once, of an hour and of a mail domain."""
CONFIRM = re.compile(r"/calls/[\w-]+/confirm/")


def in_shell(site: RunningSite, script: str) -> None:
    """Run it on the site, with the limits of its visitors."""
    site.manage("shell", "--no-imports", "--command", script, DJANGO_SETTINGS_MODULE=SETTINGS["crowd"])


def ask_for_call(page: Page) -> None:
    """A request that waits until its address is confirmed."""
    page.goto(f"{CTO.call}&zone=Europe/Riga")
    page.locator("#times input[type=radio]:visible").first.check()
    fill_in_call(page)
    # Nobody fills in a form as fast as a program.
    page.wait_for_timeout(MIN_TIME / timedelta(milliseconds=1))
    send_call(page)
    expect(heading(page)).to_have_text("Check your e-mail")


def link_of_a_call(page: Page, site: RunningSite) -> str:
    """The link in the mail to the visitor who asked last."""
    ask_for_call(page)
    ((text,),) = site.database.query("SELECT text FROM delivery_message ORDER BY id DESC LIMIT 1")
    found = CONFIRM.search(text)
    assert found
    return found[0]


def too_late(page: Page, site: RunningSite, what_happened: str) -> None:
    """A link that is opened when the hold is over and its time is gone."""
    link = link_of_a_call(page, site)
    in_shell(site, f"{HOLD_IS_OVER}\n{what_happened}")
    page.goto(link)
    expect(heading(page)).to_have_text("Your time is gone: choose another one")


HOLD_IS_OVER = """
from advisor.booking.models import Host, Intake
from tests.booking.calendars_of_hosts import make_calendar
Intake.objects.update(held_until=None)
last, host = Intake.objects.latest("pk"), Host.objects.get()
host.busy_calendars.all().delete()
"""
TIME_IS_TAKEN = "make_calendar(host, [(last.begins_at, last.ends_at)])"
NO_TIME_IS_LEFT = "host.windows.all().delete()"
CALENDARS = """
from datetime import timedelta
from django.utils import timezone
from advisor.booking.models import Host
from tests.booking.calendars_of_hosts import make_calendar
host, now = Host.objects.get(), timezone.now()
host.busy_calendars.all().delete()
begins = [now + timedelta(hours=5 * number) for number in range(1, 31)]
busy = [(each, each + timedelta(hours=1)) for each in begins]
make_calendar(host, busy, read_at=now - timedelta(minutes=7), due_at=now + timedelta(minutes=3), unreadable_events=1)
error = "Nothing is at its address any more. Perhaps the secret address was renewed."
failing = {"failures": 7, "failing_since": now - timedelta(days=2), "last_error": error}
make_calendar(
    host, busy, read_at=now - timedelta(days=2), due_at=now + timedelta(hours=1),
    shown_address="a-very-long-name-of-a-server.with-many-parts.calendars.example.com:8443/…", **failing,
)
make_calendar(host, read_at=None, due_at=now)
"""
"""One that was read a moment ago, one that has failed for days, one that is about to be read."""
WAITING = re.compile("requests? for a call")


def as_staff(page: Page, site: RunningSite, name: str, link: str | re.Pattern[str]) -> None:
    """A page that a link on the first page of staff leads to."""
    log_in(page, name, site.url)
    page.get_by_role("link", name=link).click()
    expect(page.locator("#content")).to_be_visible()


def block(page: Page, site: RunningSite, name: str) -> None:
    """Whoever blocks a mail domain is asked first."""
    as_staff(page, site, name, WAITING)
    page.get_by_role("button", name="Cancel and block all of bulk.example.com").click()
    expect(page.locator("#content")).to_contain_text("bulk.example.com")


def blocked(page: Page, site: RunningSite, name: str) -> None:
    """The list after that."""
    block(page, site, name)
    page.locator("#content").get_by_role("button").first.click()
    expect(page.locator("#content")).to_contain_text("Nothing is taken from there for a week")


# Later

SINCE = f"/{GUIDE}/result/since/?{CTO.query}&edition={EDITION}"
MODELS = "from advisor.content.models import *"
PREVIEW = f"""
from django.utils import timezone
from advisor.content.models import Guide
from advisor.content.previews import make_link
guide = Guide.objects.get(key="{GUIDE}")
print(make_link(guide=guide, by="editor", purpose="To look at", days=7, now=timezone.now()).token)
"""
EDITS = {
    "the same advice": 'Guide.objects.update(title="Fractional CTO or Head of AI?")',
    "other words": (
        'Question.objects.filter(key="software").update(text="Is your core problem building software?")\n'
        'Signal.objects.filter(key="messy-stack").update(text="Everything is deployed by hand.")'
    ),
    "other advice": (
        'one, other = (Outcome.objects.get(key=key) for key in ("fractional-cto", "head-of-ai"))\n'
        "of_one, of_other = (list(outcome.rule_set.values_list('pk', flat=True)) for outcome in (one, other))\n"
        "Rule.objects.filter(pk__in=of_one).update(outcome=other)\n"
        "Rule.objects.filter(pk__in=of_other).update(outcome=one)"
    ),
}
"""What is changed before each of the editions that follow the first."""
PUBLISH = f"""
from django.utils import timezone
from advisor.content.actions import publish
Scenario.objects.update(expected_to_change=True)
publish(guide=Guide.objects.get(key="{GUIDE}"), by="editor", note="Once more.", now=timezone.now())
"""
RETIRE = f"""
from advisor.content.actions import make_default, retire
make_default(guide=Guide.objects.get(key="{SIX}"))
retire(guide=Guide.objects.get(key="{GUIDE}"))
"""


def add_guide_of_six(site: RunningSite) -> None:
    """The guide of six roles, published beside the first."""
    site.manage("shell", "--no-imports", "--command", IMPORT)


IMPORT = """
from django.utils import timezone
from advisor.content.actions import publish
from advisor.content.portable import import_guide, write_file
from tests.guide_of_six import GUIDE_OF_SIX
guide = import_guide(write_file(GUIDE_OF_SIX, []).encode())
publish(guide=guide, by="editor", note="Six roles.", now=timezone.now())
"""


def six_roles(page: Page) -> None:
    """The landing of the guide of six roles with its table unfolded."""
    page.goto(f"/{SIX}/")
    page.locator("summary", has_text="side by side").click()


GROUPS: dict[str, Callable[[RunningSite], Iterator[Scene]]] = {
    "pages": pages,
    "results": results,
    "calls": calls,
    "crowd": crowd,
    "later": later,
    "nothing yet": nothing_yet,
}
SETTINGS = {"crowd": "tests.site.with_limits"}
"""Of the site of a group, where they are others than those of every site."""


def site_of(group: str) -> RunningSite:
    """Where the scenes of a group are."""
    return RunningSite(
        workers=1, seeded=group != "nothing yet", settings_module=SETTINGS.get(group, "advisor.settings")
    )
