// A press on a staff page shows at once that it was heard, is sent once, and does nothing on the page that comes next.
// Read before the page itself, so that no press comes too early for it.
"use strict";
{
  const DOUBLE = 700; // Milliseconds within which a second press belongs to the first.
  const SLOW = 5000; // Those after which we say that it takes long.
  const GIVEN_UP = 10000; // Those after which the browser may have been stopped, without a word to us.
  const PRESSED = "pressed";
  const MOVING = ".add-row a, .inline-deletelink, .datetimeshortcuts :is(a, button), a[href^='#']";

  // What is on its way: each form or link, with what was pressed and what is yet to be said about it.
  const onItsWay = new Map();

  function say(words) {
    const line = document.querySelector("#on-its-way");
    if (line) {
      line.textContent = words;
    }
  }

  function begin(sent, pressed) {
    for (const element of [sent, pressed]) {
      element.setAttribute("aria-busy", "true");
    }
    say("One moment …");
    // A file comes and leaves the page as it is.
    const isFile = sent.hasAttribute("data-file");
    const timers = [
      setTimeout(() => say("This is taking longer than usual. Please stay on this page."), isFile ? GIVEN_UP : SLOW),
      setTimeout(() => end(sent), isFile ? DOUBLE : GIVEN_UP),
    ];
    onItsWay.set(sent, { pressed, timers });
  }

  function end(sent) {
    const { pressed, timers } = onItsWay.get(sent) ?? {};
    if (!onItsWay.delete(sent)) {
      return;
    }
    timers.forEach(clearTimeout);
    for (const element of [sent, pressed]) {
      element.removeAttribute("aria-busy");
    }
    say("");
  }

  // Back shows a page as it was left, and nothing on it waits any more; nor does it where one chose to stay.
  function endAll() {
    [...onItsWay.keys()].forEach(end);
  }
  window.addEventListener("pageshow", event => event.persisted && endAll());
  document.addEventListener("stayed", endAll);

  document.addEventListener("submit", event => {
    if (onItsWay.has(event.target)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, { capture: true });
  document.addEventListener("submit", event => {
    if (!event.defaultPrevented) {
      begin(event.target, event.submitter ?? event.target);
    }
  });
  document.addEventListener("click", event => {
    const link = event.target.closest("a[href]:not([download], [target], [role=button])");
    const isElsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (!link || isElsewhere || event.defaultPrevented || link.origin !== location.origin) {
      return;
    }
    if (link.pathname + link.search !== location.pathname + location.search || !link.hash) {
      end(link);
      begin(link, link);
    }
  });

  // A second press that follows the first onto the next page: by the same hand, mouse or keyboard.
  function isKey(event) {
    return event.detail === 0;
  }

  document.addEventListener("click", event => {
    if (event.isTrusted && event.target.closest("a, button, input, summary")) {
      sessionStorage.setItem(PRESSED, JSON.stringify({ at: Date.now(), by: isKey(event) ? "key" : "mouse" }));
    }
  }, { capture: true });

  function holdOff() {
    const { at, by } = JSON.parse(sessionStorage.getItem(PRESSED) ?? "{}");
    const left = at + DOUBLE - Date.now();
    if (!(left > 0 && left <= DOUBLE)) {
      return;
    }
    // A pane over the page, which the style makes, takes the mouse; keys are taken here.
    const { classList } = document.documentElement;
    const events = by === "key" ? ["keydown", "keypress"] : [];
    const take = event => {
      if (["Enter", " "].includes(event.key)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    };
    classList.toggle("just-pressed", by === "mouse");
    events.forEach(name => document.addEventListener(name, take, { capture: true }));
    setTimeout(() => {
      classList.remove("just-pressed");
      events.forEach(name => document.removeEventListener(name, take, { capture: true }));
    }, left);
  }

  // What puts in or takes out a row, opens a clock or a calendar, or jumps to another part of the page, puts something
  // else under the pointer.
  let moving = { at: 0 };
  document.addEventListener("click", event => {
    const { clientX: x, clientY: y, timeStamp: at } = event;
    if (isKey(event)) {
      return;
    }
    if (at - moving.at < DOUBLE && Math.hypot(x - moving.x, y - moving.y) < 5) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (event.target.closest(MOVING)) {
      moving = { at, x, y };
    }
  }, { capture: true });

  // Whoever has typed something in between presses for the second time on purpose.
  document.addEventListener("input", () => { moving = { at: 0 }; });

  holdOff();
  document.addEventListener("DOMContentLoaded", () => {
    const line = document.createElement("p");
    line.id = "on-its-way";
    line.setAttribute("role", "status");
    document.querySelector("main").append(line);
  });
}
