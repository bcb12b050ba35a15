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

from playwright.sync_api import ElementHandle, Error, Page, Request

GAPS = (0, 40, 150, 300, 600)
"""Milliseconds between the two presses of a double press."""
WIDTHS = (360, 768, 1280)
HOLD = 60
"""Milliseconds between pressing and releasing, in which a page may move under the pointer."""
LATEST = 0.67
"""Seconds after which a second press is not one of a double press. Where a busy machine is later, it is tried again,
and a little earlier each time.
"""
ATTEMPTS = 30
QUIET = 0.15
"""Seconds without a request after which a page has come to rest that was pressed."""
LOADED = 0.03
"""The same for a page that was opened: what it asks for, it has asked for by the time it is loaded."""

PRESSABLE = "button, input[type=submit], input[type=button], .button, .actions a"
"""Buttons, and links that are used like buttons."""
FIELDS = "input:not([type=hidden], [type=submit], [type=button], [tabindex='-1']), textarea, select"
TYPED = {"email": "asker@example.com", "number": "1", "tel": "+371 2000 0000", "date": "01012027", "time": "0900"}
"""What is typed into fields of a type; "Words" into any other."""

# The closed folds around something, for which it cannot be seen. What stands in a fold on a small screen may stand
# open on a wide one, and so it is opened on each.
FOLDS = """(element) => {
    const closed = [];
    for (let at = element; at !== null; at = at.parentElement)
        if (at.matches("details:not([open])") && !at.firstElementChild.contains(element)) closed.push(at);
    return closed;
}"""
UNFOLD = f"(element) => {{ for (const fold of ({FOLDS})(element)) fold.open = true; }}"
SHOWN = """(element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled
    && element.getBoundingClientRect().width > 1"""
# The fields before something that can be pressed.
BEFORE = f"""(control, fields) => [...document.querySelectorAll(fields)].filter({SHOWN}).filter((field) =>
    field.compareDocumentPosition(control) & Node.DOCUMENT_POSITION_FOLLOWING)"""
# Numbered whether it is shown or not, as that may differ from screen to screen.
FIND = f"""([pressable, fields, inFolds]) => [...document.querySelectorAll(pressable)].map((element) => {{
    const folds = inFolds ? ({FOLDS})(element) : [];
    for (const fold of folds) fold.open = true;
    const name = (element.innerText || element.value).trim();
    const found = [name, ({SHOWN})(element), ({BEFORE})(element, fields).length];
    for (const fold of folds) fold.open = false;
    return found;
}})"""
ONE = "([pressable, number]) => document.querySelectorAll(pressable)[number]"
FIELD_BEFORE = f"(control, [fields, number]) => ({BEFORE})(control, fields)[number]"

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
        fields: [...document.querySelectorAll("input:not([type=hidden], [tabindex='-1']), textarea, select")]
            .map((field) => `${field.name}: ${value(field)}`),
        unfolded: [...document.querySelectorAll("details[open]")].map((element) => element.firstElementChild.innerText),
    };
}"""

BEING_CHANGED = """document.readyState !== 'complete' ||
    document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added, [aria-busy=true]') !== null"""

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

    ``count`` is asked when everything is over, for what cannot be seen. ``pressable`` is a selector; with
    ``in_folds``, so is what stands in closed folds, which are opened before. ``latency`` milliseconds pass before each
    answer of the site.
    """

    def __init__(
        self,
        page: Page,
        open_page: OpenPage,
        *,
        count: Count | None = None,
        pressable: str = PRESSABLE,
        in_folds: bool = False,
        latency: int = 0,
    ) -> None:
        self.page, self.open_page, self.count, self.latency = page, open_page, count, latency
        self._pressable, self._in_folds = pressable, in_folds
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
        found = self.page.evaluate(FIND, [self._pressable, FIELDS, self._in_folds])
        return [Control(number, name, fields) for number, (name, shown, fields) in enumerate(found) if shown]

    def press_once(self, control: Control, *, typed: bool = False) -> Outcome:
        """What comes of one click by someone who waits and looks before it."""
        self._open(control)
        if typed:
            self._type_before(control)
            # What moves when the last field is left has moved before the press.
            self.page.evaluate("document.activeElement.blur()")
        self._point_at(control)
        self._press(HOLD)
        return self._outcome()

    def press_twice(self, control: Control, gap: int) -> Outcome:
        """What comes of two presses at one place, ``gap`` milliseconds apart, whatever is there by then.

        Raises TimeoutError where even a press without a gap comes too late.
        """
        for attempt in range(ATTEMPTS):
            self._open(control)
            self._point_at(control)
            self._press(0)
            released = monotonic()
            # Without a look at what the browser tells meanwhile, which would take its own time.
            sleep(gap / 1000 * (1 - attempt / ATTEMPTS))
            self._press(0)
            late = monotonic() - released > LATEST
            seen = self._outcome()
            if not late:
                return seen
        raise TimeoutError(f"This machine is too busy to press twice within {gap} milliseconds.")

    def press_after_typing(self, control: Control) -> Outcome:
        """What comes of a press right after every field before it was filled in, while the last one has the focus."""
        self._open(control)
        self._type_before(control)
        self._point_at(control)
        self._press(HOLD)
        return self._outcome()

    def at_rest(self, quiet: float = QUIET) -> None:
        """Wait until the page is whole and has asked for nothing for so many seconds."""
        begun = monotonic()
        while self._in_flight or monotonic() - self._last < quiet or self._is_being_changed():
            assert monotonic() - begun < 30, f"{self.page.url} does not come to rest."
            self.page.wait_for_timeout(20)
        self.page.wait_for_load_state()

    def _is_being_changed(self) -> bool:
        """Whether the page still loads, waits for the answer to a press, or has yet to show that answer."""
        try:
            return bool(self.page.evaluate(BEING_CHANGED))
        except Error:
            # The page is going.
            return True

    def _open(self, control: Control | None = None) -> None:
        """At once, and with all time that somebody takes who looks at it."""
        self._let_pass(speed=1000, latency=0)
        # A tab shows again what was typed into the form for a call; this is somebody else's.
        self.page.evaluate("history.replaceState(null, '')")
        self.open_page(self.page)
        self.at_rest(LOADED)
        if control:
            self._element(control).evaluate(UNFOLD)
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
        element = self._element(control)
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
            element = self._element(control).evaluate_handle(FIELD_BEFORE, [FIELDS, number]).as_element()
            if element is None:
                break
            element.evaluate("(element) => element.focus({ preventScroll: true })")
            kind = element.evaluate("(element) => element.type")
            if kind in {"checkbox", "radio"}:
                self.page.keyboard.press("Space")
            elif kind.startswith("select"):
                self.page.keyboard.press("ArrowDown")
                # What it asks for has yet to be heard of.
                self._last = monotonic()
                self.at_rest()
            elif element.is_editable():
                self.page.keyboard.type(TYPED.get(kind, "Words"))

    def _element(self, control: Control) -> ElementHandle:
        element = self.page.evaluate_handle(ONE, [self._pressable, control.number]).as_element()
        assert element is not None, f"{control.name} is not there any more."
        return element

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
