"use strict";

const SLOW = 5000; // Milliseconds after which we say that it takes long.
const GIVEN_UP = 10000; // Those after which what the browser itself fetches may have been stopped, without a word to us.

// What was pressed shows it at once and is sent once. What is on its way is marked by aria-busy.
const onItsWay = new Map();

function say(pressed, words, failed = false) {
  document.querySelector("#status").textContent = words;
  const place = pressed.closest("#times, form") ?? pressed.parentElement;
  const line = [...place.querySelectorAll(".says")].at(-1) ?? (failed && place.appendChild(document.createElement("span")));
  if (!line) return;
  line.textContent = words;
  line.className = failed ? "says failed" : "says";
}

function begin(pressed, region = pressed) {
  for (const element of [pressed, region]) element.setAttribute("aria-busy", "true");
  say(pressed, "One moment …");
  const late = () => say(pressed, "This is taking longer than usual. Please stay on this page.");
  onItsWay.set(pressed, { region, timer: setTimeout(late, SLOW) });
}

function end(pressed) {
  const { region, timer } = onItsWay.get(pressed) ?? {};
  if (!onItsWay.delete(pressed)) return;
  clearTimeout(timer);
  for (const element of [pressed, region]) element.removeAttribute("aria-busy");
  say(pressed, "");
}

// Back shows the page as it was left, so nothing on it waits any more.
addEventListener("pageshow", ({ persisted }) => { if (persisted) [...onItsWay.keys()].forEach(end); });

// Whatever a click would do in what waits for an answer: send it again, tick something more. Leaving is always possible.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[aria-busy=true]") || event.target.closest("a:not([data-hx-get])")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

// What could not be sent stays as it is, and one press tries again. What only asks for a page goes by itself as soon as
// there is a connection, unless something was changed in the meantime.
let unsent;
function fail(pressed, words) {
  end(pressed);
  say(pressed, `${words} Nothing is lost: please try again.`, true);
}
function failToReach(pressed) {
  if (pressed.method !== "post") unsent = pressed;
  fail(pressed, navigator.onLine ? "We cannot reach the site just now." : "You are offline.");
}
addEventListener("online", () => {
  if (unsent?.isConnected) unsent.matches("a") ? unsent.click() : unsent.requestSubmit(unsent.querySelector(".button"));
  unsent = null;
});
document.addEventListener("input", () => { unsent = null; });

// Fetched by htmx.
document.addEventListener("htmx:beforeRequest", ({ detail }) => begin(detail.elt, detail.target));
document.addEventListener("htmx:afterRequest", ({ detail: { xhr, requestConfig } }) => {
  // The browser goes on to where it was sent.
  if (xhr.getResponseHeader("HX-Redirect")) setTimeout(end, GIVEN_UP, requestConfig.elt);
  else end(requestConfig.elt);
});
document.addEventListener("htmx:sendError", ({ detail }) => failToReach(detail.elt));
document.addEventListener("htmx:timeout", ({ detail }) => fail(detail.elt, "There was no answer."));
document.addEventListener("htmx:responseError", ({ detail: { elt, xhr, pathInfo } }) => {
  if (xhr.status >= 500) fail(elt, "Something on our side is not available.");
  // A page that says what is wrong: the browser goes there itself, where nothing that was typed is left behind.
  else if (elt.matches("[data-hx-push-url]")) location.assign(pathInfo.finalRequestPath);
  else {
    const page = new DOMParser().parseFromString(xhr.response, "text/html");
    fail(elt, `This was not taken. ${page.querySelector("#main > p")?.textContent ?? ""}`.trim());
  }
});
// A form that is shown again holds what was typed, and says itself what is wrong, whatever its status. What is no page of
// ours, from a proxy or a network that wants a login first, would put nothing in the place of what was typed.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const isOurs = detail.serverResponse.includes('id="main"');
  if (!isOurs) Object.assign(detail, { shouldSwap: false, isError: true });
  else if (detail.serverResponse.includes("<form")) Object.assign(detail, { shouldSwap: true, isError: false });
});

// Fetched by the browser: a link to another page, and a form without htmx.
function handOver(event, pressed) {
  if (event.defaultPrevented) return;
  if (!navigator.onLine) {
    event.preventDefault();
    failToReach(pressed);
    return;
  }
  begin(pressed);
  setTimeout(end, GIVEN_UP, pressed);
}
document.addEventListener("submit", (event) => handOver(event, event.target));
document.addEventListener("click", (event) => {
  // A file, by its type or to be kept, may leave the page as it is without a word to us.
  const link = event.target.closest("a[href]:not([download], [target], [type])");
  const here = link && link.pathname + link.search === location.pathname + location.search;
  const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (link && !here && !elsewhere && link.origin === location.origin) handOver(event, link);
});

// After htmx has put in a new page, or a part of one: move the focus to what is wrong, or to the new heading.
document.addEventListener("htmx:afterSettle", ({ target }) => {
  const within = target.closest("#times, #fit") ?? document.querySelector("main");
  within.querySelector("[data-focus]")?.focus({ preventScroll: true });
  offer();
});

// htmx notes the address, answers included, in the session's storage when it starts and goes on; nothing is kept here.
function keepNothing() {
  sessionStorage.removeItem("htmx-current-path-for-history");
}
keepNothing();
for (const event of ["htmx:pushedIntoHistory", "htmx:historyRestore"]) document.addEventListener(event, keepNothing);

// The page that is left keeps what was answered on it, so that Back shows it again.
document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (!target.matches("[data-hx-push-url]")) return;
  const answers = new URLSearchParams(new FormData(target));
  history.replaceState(history.state, "", `${target.action}?${answers}`);
});

// Back and reload fetch the form for a call anew where the browser has not kept the page, and the browser itself puts back
// only what was typed since the last answer. So the entry of the history holds what stands in the form: the time as well,
// and the one-time key, since what is sent again from there has to be the same request.
const callForm = () => document.querySelector("main input[name=key]")?.form;
const isTyped = (name) => name && !["csrfmiddlewaretoken", "zone", "week", "clock"].includes(name);
function keepTyped() {
  const form = callForm();
  if (form) history.replaceState({ ...history.state, typed: [...new FormData(form)].filter(([name]) => isTyped(name)) }, "");
}
function unfold(element) {
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}
function putBack() {
  const typed = new URLSearchParams(history.state?.typed);
  for (const field of (typed.has("key") && callForm()?.elements) || []) {
    if (["checkbox", "radio"].includes(field.type)) field.checked = typed.getAll(field.name).includes(field.value);
    else if (isTyped(field.name)) field.value = typed.get(field.name) ?? "";
    if (field.type === "radio" ? field.checked : typed.get(field.name)) unfold(field);
  }
  chosen = typed.get("slot");
  const zone = document.querySelector("form.zone");
  if (zone && chosen?.includes("T") && !document.querySelector(`#times [value="${chosen}"]`)) {
    // It lies in another week.
    zone.append(Object.assign(document.createElement("input"), { type: "hidden", name: "slot", value: chosen }));
    zone.requestSubmit();
  }
  keepTyped();
}
addEventListener("DOMContentLoaded", putBack);
for (const event of ["change", "htmx:afterSettle"]) document.addEventListener(event, keepTyped);
// Browsers take only so many changes in a minute.
let pause;
document.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(keepTyped, 500);
});

// "None of these" excludes the others, as the server says too.
document.addEventListener("change", ({ target }) => {
  if (target.name !== "signal" || !target.checked) return;
  const none = target.value.startsWith("none.");
  for (const box of target.form.querySelectorAll("[name=signal]")) {
    if (box !== target && box.type === "checkbox" && box.value.startsWith("none.") !== none) box.checked = false;
  }
});

// Buttons that do nothing without scripts are shown only with them; their place is kept, so that nothing moves.
function offer() {
  for (const button of document.querySelectorAll("[data-copy], [data-print]")) button.hidden = false;
  for (const button of document.querySelectorAll("[data-share]")) button.hidden = !navigator.share;
}
offer();

document.addEventListener("click", async ({ target }) => {
  if (target.matches("[data-print]")) window.print();
  // Whoever closes the device's sheet has not failed.
  if (target.matches("[data-share]")) navigator.share({ title: document.title, url: target.dataset.share }).catch(() => {});
  if (!target.matches("[data-copy]")) return;
  let message = "Link copied";
  try {
    await navigator.clipboard.writeText(target.dataset.copy);
  } catch {
    message = "The link could not be copied; it is shown above";
  }
  target.textContent = message;
  document.querySelector("#status").textContent = message;
});

// The times of a call. Others are not put in between pressing and releasing, when what lies below them would move; and
// a time that was chosen stays chosen, wherever it is among those that are shown.
let isPressing = false;
let chosen;
document.addEventListener("pointerdown", () => { isPressing = true; });
for (const release of ["pointerup", "pointercancel"]) {
  // The click comes after it.
  document.addEventListener(release, () => setTimeout(() => {
    isPressing = false;
    document.dispatchEvent(new Event("released"));
  }));
}
document.addEventListener("change", ({ target }) => {
  if (target.name === "slot") chosen = target.value;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, detail } = event;
  if (target.id !== "times" || !detail.shouldSwap || !isPressing) return;
  event.preventDefault();
  const swap = () => htmx.swap(target, detail.serverResponse, { swapStyle: "outerHTML" }, { select: "#times" });
  document.addEventListener("released", swap, { once: true });
});
document.addEventListener("htmx:afterSettle", () => {
  const field = chosen && document.querySelector(`#times [value="${chosen}"]`);
  if (!field) return;
  field.checked = true;
  unfold(field);
});

// They are shown in the zone of this browser, unless someone has chosen one.
function guessZone() {
  const form = document.querySelector("form[data-guess-zone]");
  if (!form) return;
  // Intl loads all it knows of dates first, which takes a phone a quarter of a second.
  const zone = globalThis.Temporal?.Now.timeZoneId() ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || form.zone.value === zone) return;
  form.zone.value = zone;
  if (form.zone.value !== zone) form.zone.add(new Option(zone, zone, true, true));
  form.requestSubmit();
}
document.addEventListener("DOMContentLoaded", guessZone);
