"""Whatever the hands of staff do to a button comes to the same as one deliberate click.

Each button of each kind of page is pressed twice, by scripts and without, at one of three widths and with one of five
gaps in turn; and nothing that can be pressed moves when a field is entered or left.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, expect

from tests.browser.presses import ATTEMPTS, GAPS, SECRET, WIDTHS, Control, Hand, Outcome
from tests.browser.staff import chief, log_in
from tests.server import RunningSite, SqliteDatabase, is_postgresql

pytestmark = [
    pytest.mark.once,
    pytest.mark.slow,
    pytest.mark.skipif(is_postgresql(), reason="Between two presses the database is put back, which takes a file."),
]

GUIDE = "/admin/content/guide/1"
PRESSABLE = "#content :is(button, input[type=submit], a.deletelink, .add-row a, .inline-deletelink)"

PREPARE = """
from datetime import timedelta
from django.utils import timezone
from advisor.content.models import Cell
from advisor.content.previews import make_link
from advisor.content.models import Guide
from advisor.delivery.models import Endpoint, Message
now = timezone.now()
cell = Cell.objects.first()
cell.text = "Everything technical"
cell.save()
make_link(guide=Guide.objects.get(pk=1), by="chief", purpose="A colleague", days=7, now=now)
Endpoint.objects.create(name="CRM", address="https://127.0.0.1/hook", events=["lead.created"])
Message.objects.filter(state="waiting").update(due_at=now + timedelta(days=7))
"""

MOVED = """([pressable, fields]) => {
    const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled;
    const controls = [...document.querySelectorAll(pressable)].filter(shown);
    const places = () => controls.map((control) => {
        const { x, y } = control.getBoundingClientRect();
        return [Math.round(x + scrollX), Math.round(y + scrollY)].join();
    });
    const moved = [];
    let last = places();
    const look = (field, what) => {
        const now = places();
        const number = now.findIndex((place, number) => place !== last[number]);
        if (number !== -1) {
            const name = controls[number].innerText || controls[number].value;
            moved.push(`${what} ${field.name} moves “${name}” from ${last[number]} to ${now[number]}`);
        }
        last = now;
    };
    for (const field of [...document.querySelectorAll(fields)].filter(shown)) {
        field.focus({ preventScroll: true });
        look(field, "entering");
        if (field.matches("textarea, input[type=text]") && !field.readOnly) {
            document.execCommand("insertText", false, "x");
            // A text takes the room that it needs while one types.
            last = places();
        }
        field.blur();
        look(field, "leaving");
    }
    return moved;
}"""
FIELDS = "#content :is(input:not([type=hidden], [type=submit], [type=button]), textarea, select)"


@dataclass(frozen=True)
class Place:
    """A page, and what is typed into it before its buttons are pressed: selector to words."""

    path: str
    typed: tuple[tuple[str, str], ...] = ()
    ticked: str = ""


PLACES = {
    "guide": Place(f"{GUIDE}/"),
    "table": Place(f"{GUIDE}/table/", (("td textarea", "Something else"),)),
    "rules": Place(f"{GUIDE}/rules/", (("form.rows textarea", "Something else."),)),
    "order": Place(f"{GUIDE}/order/dimensions/"),
    "publish": Place(f"{GUIDE}/publish/", (("#id_note", "A shorter focus."),)),
    "previews": Place(f"{GUIDE}/previews/", (("#id_purpose", "Our lawyer"),)),
    "copy": Place(f"{GUIDE}/copy/", (("#id_key", "a-copy"), ("#id_title", "A copy"))),
    "words": Place(f"{GUIDE}/change/", (("#id_title", "Which do you need?"),)),
    "rule list": Place("/admin/content/rule/", ticked="[name=_selected_action]"),
    "delete a remark": Place("/admin/content/remark/1/delete/"),
    "lead list": Place("/admin/leads/lead/", ticked="[name=_selected_action]"),
    "lead": Place("/admin/leads/lead/{lead}/change/", (("#id_note", "They need it by June."),)),
    "board": Place("/admin/leads/lead/board/"),
    "merge": Place("/admin/leads/lead/{lead}/merge/?other={other}"),
    "tag": Place("/admin/leads/tag/add/", (("#id_name", "Conference"),)),
    "host": Place("/admin/booking/host/{host}/change/", (("#id_name", "The host"),)),
    "message": Place("/admin/delivery/message/{message}/change/"),
    "message list": Place("/admin/delivery/message/", ticked="[name=_selected_action]"),
    "endpoint": Place("/admin/delivery/endpoint/{endpoint}/change/"),
    "dashboard": Place("/admin/insights/"),
}


class StaffSite:
    """A site with the demonstration and someone who may do everything; it can be put back to where it was."""

    def __init__(self, site: RunningSite) -> None:
        site.manage("demo")
        site.manage("shell", "--no-imports", "--command", PREPARE)
        self.site, self.name = site, chief(site)
        assert isinstance(site.database, SqliteDatabase)
        self.path = site.database.path
        self.kept = sqlite3.connect(":memory:")
        self.keys = {
            "lead": "SELECT min(id) FROM leads_lead WHERE status = 'new' AND merged_into_id IS NULL",
            "other": "SELECT max(id) FROM leads_lead WHERE merged_into_id IS NULL",
            "host": "SELECT min(id) FROM booking_host",
            "message": "SELECT min(id) FROM delivery_message",
            "endpoint": "SELECT min(id) FROM delivery_endpoint",
        }
        self.keys = {name: str(site.database.query(query)[0][0]) for name, query in self.keys.items()}

    def keep(self) -> None:
        """Remember how everything is."""
        with closing(sqlite3.connect(self.path, timeout=10)) as live:
            live.backup(self.kept)

    def put_back(self) -> None:
        """Everything as it was when it was kept."""
        with closing(sqlite3.connect(self.path, timeout=10)) as live:
            self.kept.backup(live)

    def rows(self) -> dict[str, int]:
        """How many rows each table has; Django's log counts each form that came, which is true of both."""
        with closing(sqlite3.connect(self.path, timeout=10)) as live:
            tables = [name for (name,) in live.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            tables.remove("django_admin_log")
            return {name: live.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}

    def address(self, place: Place) -> str:
        return self.site.url + place.path.format(**self.keys)


@pytest.fixture(scope="module")
def staff_site() -> Iterator[StaffSite]:
    """A site of one's own, with someone of staff logged in to it."""
    with RunningSite(workers=1) as running:
        found = StaffSite(running)
        yield found
        found.kept.close()
        assert "Traceback" not in running.log


@pytest.fixture(scope="module")
def cookies(staff_site: StaffSite, browser: Browser) -> list[Any]:
    """What their browser keeps after logging in."""
    context = browser.new_context()
    log_in(context.new_page(), staff_site.name, staff_site.site.url)
    found: list[Any] = context.cookies()
    context.close()
    staff_site.keep()
    return found


@pytest.fixture(scope="module")
def new_page(browser: Browser, cookies: list[Any]) -> Iterator[Callable[..., Page]]:
    """Their pages, each in a browser of its own."""
    opened: list[BrowserContext] = []

    def new(*, width: int, scripts: bool) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts)
        opened.append(context)
        context.set_default_timeout(30_000)
        context.add_cookies(cookies)
        return context.new_page()

    yield new
    for context in opened:
        context.close()


class StaffHand(Hand):
    """Presses buttons of one place, on a site that is put back each time."""

    def __init__(self, page: Page, staff_site: StaffSite, place: Place) -> None:
        super().__init__(page, self.open_place, count=self.changed, pressable=PRESSABLE)
        self.staff_site, self.place = staff_site, place
        self.posts: list[str] = []
        self.before: dict[str, int] = {}
        page.on("request", self._note)

    def open_place(self, page: Page) -> None:
        page.context.clear_cookies(name="messages")
        if urlsplit(page.url).scheme == "http":
            # Hands are slower than this one, and what they typed and pressed before is forgotten.
            page.evaluate("sessionStorage.clear()")
        self.staff_site.put_back()
        page.goto(self.staff_site.address(self.place))
        for selector, words in self.place.typed:
            page.locator(selector).first.fill(words)
        if self.place.ticked:
            page.locator(self.place.ticked).first.check()
            page.locator("select[name=action]").select_option(index=1)
        self.posts.clear()
        self.before = self.staff_site.rows()

    def changed(self) -> dict[str, int]:
        """By how many rows each table has grown."""
        after = self.staff_site.rows()
        return {name: after[name] - count for name, count in self.before.items() if after[name] != count}

    def _outcome(self) -> Outcome:
        """A browser that is busy takes a moment before it asks for the next page."""
        for _ in range(ATTEMPTS):
            self.page.wait_for_timeout(150)
            with suppress(Error):
                return super()._outcome()
        raise TimeoutError(f"{self.page.url} does not come to rest.")

    def kinds(self) -> list[Control]:
        """One button of each name, from the middle of those that have it."""
        by_name: dict[str, list[Control]] = {}
        for control in self.controls():
            by_name.setdefault(control.name, []).append(control)
        return [found[len(found) // 2] for found in by_name.values()]

    def _note(self, request: Request) -> None:
        if request.method == "POST":
            self.posts.append(urlsplit(request.url).path)


def differences(once: Outcome, twice: Outcome) -> dict[str, tuple[object, object]]:
    """What one press and two led to, where it is not the same."""
    both = zip(asdict(once).items(), asdict(twice).values(), strict=True)
    return {name: (one, two) for (name, one), two in both if SECRET.sub("…", str(one)) != SECRET.sub("…", str(two))}


@pytest.mark.parametrize("name", PLACES)
def test_a_double_press_does_what_one_press_does(
    new_page: Callable[..., Page], staff_site: StaffSite, name: str
) -> None:
    place, number = PLACES[name], list(PLACES).index(name)
    widths, gaps = (
        cycle([*WIDTHS[number % 3 :], *WIDTHS[: number % 3]]),
        cycle([*GAPS[number % 5 :], *GAPS[: number % 5]]),
    )
    with_scripts = StaffHand(new_page(width=next(widths), scripts=True), staff_site, place)
    without = StaffHand(new_page(width=next(widths), scripts=False), staff_site, place)
    wrong = []

    for control in with_scripts.kinds():
        once = with_scripts.press_once(control)
        asked = [*with_scripts.posts]
        gap = next(gaps)
        twice = with_scripts.press_twice(control, gap)
        found = differences(once, twice) | ({} if with_scripts.posts == asked else {"posts": [*with_scripts.posts]})
        wrong += [f"{control.name}, {gap} ms: {found}"] if found else []
    for control in without.kinds():
        gap = next(gaps)
        once, twice = without.press_once(control), without.press_twice(control, gap)
        # The second answer may say that it is done already.
        if once.counted != twice.counted:
            wrong.append(f"{control.name}, {gap} ms, without scripts: {differences(once, twice)}")

    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("width", WIDTHS)
def test_no_button_moves_when_a_field_is_entered_or_left(
    new_page: Callable[..., Page], staff_site: StaffSite, width: int
) -> None:
    page, moved = new_page(width=width, scripts=True), {}
    staff_site.put_back()

    for name, place in PLACES.items():
        page.goto(staff_site.address(place))
        moved[name] = page.evaluate(MOVED, [PRESSABLE, FIELDS])

    assert {name: found for name, found in moved.items() if found} == {}


BELOW = {
    "Save the table": f"{GUIDE}/table/",
    "Add a rule at the end": f"{GUIDE}/rules/",
    "Save": "/admin/content/role/1/change/",
}


@pytest.mark.parametrize("words", BELOW)
def test_a_press_right_after_typing_is_sent(new_page: Callable[..., Page], staff_site: StaffSite, words: str) -> None:
    page = new_page(width=1280, scripts=True)
    staff_site.put_back()
    page.goto(staff_site.site.url + BELOW[words])
    button = page.locator("#content").get_by_role("button", name=words, exact=True).last
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box

    page.locator("#content textarea").last.press_sequentially("x")
    box = button.bounding_box() or box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(60)
    with page.expect_request(lambda request: request.method == "POST"):
        page.mouse.up()


REMEMBER_WHAT_IS_SAID = """() => {
    const line = document.querySelector("#on-its-way"), button = document.querySelector("button.main");
    new MutationObserver(() => {
        const before = sessionStorage.getItem("said") ?? "";
        if (line.innerText) sessionStorage.setItem("said", `${before}${line.innerText} ${button.ariaBusy}, `);
    }).observe(line, { childList: true });
}"""


def test_a_press_is_heard_at_once_sent_once_and_given_back_by_back(
    new_page: Callable[..., Page], staff_site: StaffSite
) -> None:
    page, posts = new_page(width=1280, scripts=True), []
    staff_site.put_back()
    page.goto(staff_site.address(PLACES["lead"]))
    page.get_by_label("Note", exact=True).fill("They need it by June.")
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    far = page.context.new_cdp_session(page)
    far.send("Network.enable")
    slow = {"offline": False, "latency": 6500, "downloadThroughput": -1, "uploadThroughput": -1}
    far.send("Network.emulateNetworkConditions", slow)
    save = page.get_by_role("button", name="Save", exact=True)

    # What is seen while the answer is on its way; Playwright itself would wait for it.
    page.evaluate(REMEMBER_WHAT_IS_SAID)

    save.click(no_wait_after=True)
    page.mouse.down()
    page.mouse.up()
    page.wait_for_timeout(5500)
    far.send("Network.emulateNetworkConditions", slow | {"latency": 0})
    expect(page.locator(".messagelist")).to_contain_text("Saved.", timeout=15_000)

    said = page.evaluate("sessionStorage.getItem('said')")
    assert said == "One moment … true, This is taking longer than usual. Please stay on this page. true, "
    assert len(posts) == 1
    page.go_back()
    expect(save).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("#on-its-way")).to_be_empty()


def test_a_file_leaves_the_button_as_it_was(new_page: Callable[..., Page], staff_site: StaffSite) -> None:
    page = new_page(width=1280, scripts=True)
    page.goto(f"{staff_site.site.url}/admin/leads/lead/export/")
    csv = page.get_by_role("button", name="CSV")

    with page.expect_download():
        csv.click()

    expect(csv).not_to_have_attribute("aria-busy", "true")
    with page.expect_download():
        csv.click()
