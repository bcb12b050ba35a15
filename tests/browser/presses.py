"""Presses as hands make them: once, twice in a row, or right after typing; and what came of them.

Each way of pressing has to come to the same as one deliberate click. A test says how its page is reached, in the same
state each time, and compares:

    hand = Hand(page, open_page)
    for control in hand.controls():
        expected = hand.press_once(control)
        for gap in GAPS:
            assert hand.press_twice(control, gap) == expected
        if control.fields:
            assert hand.press_after_typing(control) == hand.press_once(control, typed=True)

It works with scripts switched off. ``latency`` puts the site at the end of a slow network while something is pressed.
Pages that take no presses right after they have appeared, by an animation, do not keep anyone from opening them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic, sleep

from playwright.sync_api import ElementHandle, Error, JSHandle, Page, Request

GAPS = (0, 40, 150, 300, 600)
"""Milliseconds between the two presses of a double press."""
WIDTHS = (360, 768, 1280)
HOLD = 60
"""Milliseconds between pressing and releasing, in which a page may move under the pointer."""
LATEST = 0.67
"""Seconds after which a second press is not one of a double press; where the machine is that busy it is tried again."""
ATTEMPTS = 10
QUIET = 0.15
"""Seconds without a request after which a page has come to rest."""

PRESSABLE = "button, input[type=submit], input[type=button], .button, .actions a"
"""Buttons, and links that are used like buttons."""
FIELDS = "input:not([type=hidden], [type=submit], [type=button]), textarea, select"
TYPED = {"email": "asker@example.com", "number": "1", "tel": "+371 2000 0000", "date": "01012027", "time": "0900"}
"""What is typed into fields of a type; "Words" into any other."""

FIND = """([pressable, fields]) => {
    const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled
        && element.getBoundingClientRect().width > 1;
    const before = (control) => [...document.querySelectorAll(fields)].filter(shown).filter((field) =>
        field.compareDocumentPosition(control) & Node.DOCUMENT_POSITION_FOLLOWING);
    return [...document.querySelectorAll(pressable)].filter(shown)
        .map((element) => ({ element, name: (element.innerText || element.value).trim(), fields: before(element) }));
}"""

INTO_VIEW = "(element) => element.scrollIntoView({ block: 'center', behavior: 'instant' })"
# The middle of the first of its boxes: a link may be broken into several lines.
MIDDLE = """(element) => {
    const box = element.getClientRects()[0];
    return [box.x + box.width / 2, box.y + box.height / 2];
}"""

OUTCOME = """() => {
    const texts = (selector) => [...document.querySelectorAll(selector)]
        .filter((element) => element.checkVisibility()).map((element) => element.innerText.trim());
    const value = (field) =>
        ["checkbox", "radio"].includes(field.type) ? `${field.value} ${field.checked}` : field.value;
    return {
        address: location.pathname + location.search,
        headings: texts("h1"),
        told: texts("[role=alert], .errornote, .errorlist, .messagelist li"),
        fields: [...document.querySelectorAll("input:not([type=hidden]), textarea, select")]
            .map((field) => `${field.name}: ${value(field)}`),
        unfolded: [...document.querySelectorAll("details[open]")].map((element) => element.firstElementChild.innerText),
    };
}"""

SECRET = re.compile(r"[\w-]{20,}")
"""Keys and tokens in addresses, which differ each time."""

OpenPage = Callable[[Page], None]
Count = Callable[[], object]


@dataclass(frozen=True)
class Control:
    """Something that can be pressed: its place among all that can be, what it says, and how many fields that can be
    filled in stand before it.
    """

    number: int
    name: str
    fields: int


@dataclass(frozen=True)
class Outcome:
    """What the browser shows in the end; ``counted`` is what a test counts beside it, such as rows of the database."""

    address: str
    headings: list[str]
    told: list[str]
    fields: list[str]
    unfolded: list[str]
    counted: object = None


class Hand:
    """Presses what is on one page, reached anew each time by ``open_page``.

    ``count`` is asked when everything is over, for what cannot be seen. ``pressable`` is a selector. ``latency``
    milliseconds pass before each answer of the site.
    """

    def __init__(
        self,
        page: Page,
        open_page: OpenPage,
        *,
        count: Count | None = None,
        pressable: str = PRESSABLE,
        latency: int = 0,
    ) -> None:
        self.page, self.open_page, self.count = page, open_page, count
        self.pressable, self.latency = pressable, latency
        self._session = page.context.new_cdp_session(page)
        self._session.send("Animation.enable")
        self._session.send("Network.enable")
        self._in_flight: set[Request] = set()
        self._last = monotonic()
        page.on("request", self._began)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)

    def controls(self) -> list[Control]:
        """Everything on the page that can be pressed."""
        self._open()
        found = self.page.evaluate(
            f"(given) => ({FIND})(given).map(({{ name, fields }}) => [name, fields.length])", [self.pressable, FIELDS]
        )
        return [Control(number, name, fields) for number, (name, fields) in enumerate(found)]

    def press_once(self, control: Control, *, typed: bool = False) -> Outcome:
        """What comes of one click by someone who waits and looks before it."""
        self._open()
        if typed:
            self._type_before(control)
            # What moves when the last field is left has moved before the press.
            self.page.evaluate("document.activeElement.blur()")
        self._point_at(control)
        self._press(HOLD)
        return self._outcome()

    def press_twice(self, control: Control, gap: int) -> Outcome:
        """What comes of two presses at one place, ``gap`` milliseconds apart, whatever is there by then."""
        for _ in range(ATTEMPTS):
            self._open()
            self._point_at(control)
            self._press(0)
            released = monotonic()
            # Without a look at what the browser tells meanwhile, which would take its own time.
            sleep(gap / 1000)
            self._press(0)
            late = monotonic() - released > LATEST
            seen = self._outcome()
            if not late:
                return seen
        raise TimeoutError(f"This machine is too busy to press twice within {gap} milliseconds.")

    def press_after_typing(self, control: Control) -> Outcome:
        """What comes of a press right after every field before it was filled in, while the last one has the focus."""
        self._open()
        self._type_before(control)
        self._point_at(control)
        self._press(HOLD)
        return self._outcome()

    def at_rest(self) -> None:
        """Wait until the page is whole and has asked for nothing for a moment."""
        begun = monotonic()
        while self._in_flight or monotonic() - self._last < QUIET:
            assert monotonic() - begun < 10, f"{self.page.url} does not come to rest."
            self.page.wait_for_timeout(20)
        self.page.wait_for_load_state()

    def _open(self) -> None:
        """At once, and with all time that somebody takes who looks at it."""
        self._let_pass(speed=1000, latency=0)
        self.open_page(self.page)
        self.at_rest()
        self._let_pass(speed=1, latency=self.latency)

    def _let_pass(self, *, speed: int, latency: int) -> None:
        conditions = {"offline": False, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1}
        self._session.send("Network.emulateNetworkConditions", conditions)
        self._session.send("Animation.setPlaybackRate", {"playbackRate": speed})

    def _press(self, hold: int) -> None:
        self.page.mouse.down()
        if hold:
            self.page.wait_for_timeout(hold)
        self.page.mouse.up()
        self._last = monotonic()

    def _point_at(self, control: Control) -> None:
        """Bring it into view, without a press or the focus, and the pointer onto its middle once nothing scrolls."""
        element = self._found(control, "element").as_element()
        assert element is not None, f"{control.name} is not there any more."
        self._middle(element)
        element.evaluate(INTO_VIEW)
        self.page.mouse.move(*self._middle(element))

    def _middle(self, element: ElementHandle) -> tuple[float, float]:
        middle = None
        while (moved := element.evaluate(MIDDLE)) != middle:
            middle = moved
            self.page.wait_for_timeout(40)
        x, y = middle
        return x, y

    def _type_before(self, control: Control) -> None:
        """Fill in every field before it by keyboard: texts are typed, choices made, boxes ticked."""
        for number in range(control.fields):
            # Found anew, as what was done to one field may have put in others.
            element = self._found(control, "fields").get_property(str(number)).as_element()
            if element is None:
                break
            element.evaluate("(element) => element.focus({ preventScroll: true })")
            kind = element.evaluate("(element) => element.type")
            if kind in {"checkbox", "radio"}:
                self.page.keyboard.press("Space")
            elif kind.startswith("select"):
                self.page.keyboard.press("ArrowDown")
                self.at_rest()
            elif element.is_editable():
                self.page.keyboard.type(TYPED.get(kind, "Words"))

    def _found(self, control: Control, part: str) -> JSHandle:
        found = f"([given, number, part]) => ({FIND})(given)[number][part]"
        return self.page.evaluate_handle(found, [[self.pressable, FIELDS], control.number, part])

    def _outcome(self) -> Outcome:
        self.at_rest()
        try:
            shown = self.page.evaluate(OUTCOME)
        except Error:
            # The page went just now.
            self.at_rest()
            shown = self.page.evaluate(OUTCOME)
        seen = Outcome(**shown)
        return replace(seen, address=SECRET.sub("…", seen.address), counted=self.count() if self.count else None)

    def _began(self, request: Request) -> None:
        self._last = monotonic()
        self._in_flight.add(request)

    def _ended(self, request: Request) -> None:
        self._last = monotonic()
        self._in_flight.discard(request)
