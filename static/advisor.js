"use strict";

// After htmx has put in a new page, or a part of one: move the focus to what is wrong, or to the new heading.
document.addEventListener("htmx:afterSettle", ({ target }) => {
  const within = target.closest("#times") ?? document.querySelector("main");
  within.querySelector("[data-focus]")?.focus({ preventScroll: true });
  offer();
});

// A failed request must not look like a dead button: the browser goes there itself and shows what it gets.
for (const failure of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(failure, ({ detail }) => location.assign(detail.pathInfo.finalRequestPath));
}

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

// "None of these" excludes the others, as the server says too.
document.addEventListener("change", ({ target }) => {
  if (target.name !== "signal" || !target.checked) return;
  const none = target.value.startsWith("none.");
  for (const box of target.form.querySelectorAll("[name=signal]")) {
    if (box !== target && box.type === "checkbox" && box.value.startsWith("none.") !== none) box.checked = false;
  }
});

// Buttons that do nothing without scripts are shown only with them.
function offer() {
  for (const button of document.querySelectorAll("[data-copy], [data-print]")) button.hidden = false;
}
offer();

document.addEventListener("click", async ({ target }) => {
  if (target.matches("[data-print]")) window.print();
  if (!target.matches("[data-copy]")) return;
  let message = "Link copied";
  try {
    await navigator.clipboard.writeText(target.dataset.copy);
  } catch {
    message = "The link could not be copied; it is shown above";
  }
  target.textContent = message;
  document.querySelector("[data-status]").textContent = message;
});

// The times of a call are shown in the zone of this browser, unless someone has chosen one.
function guessZone() {
  const form = document.querySelector("form[data-guess-zone]");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!form || !zone || form.zone.value === zone) return;
  form.zone.value = zone;
  if (form.zone.value !== zone) form.zone.add(new Option(zone, zone, true, true));
  form.requestSubmit();
}
document.addEventListener("DOMContentLoaded", guessZone);
