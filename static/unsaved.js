// Keeps staff from losing what they typed: a warning before a page is left, and a draft of long texts in this tab.
// A module, as pages have further scripts, and each its own names.

// Whose page it is, "" for nobody's; whether it answers what was sent, so that its fields hold what is not saved; and
// whether it is the one that says good-bye.
const { account = "", answer, goodbye } = document.querySelector("script[data-account]").dataset;

// What the fields of a page hold against what it came with.

// The two lists of a choice among many are made anew by Django's script, which leaves no trace of what was chosen first.
const LISTS = ".selector-chosen select";
const chosenAtFirst = new WeakMap();

function listed(select) {
  return [...select.options].map(option => option.value).sort().join("\n");
}

function isOptionsChanged(select) {
  if (select.closest(".selector")) {
    return chosenAtFirst.has(select) && chosenAtFirst.get(select) !== listed(select);
  }
  const options = [...select.options];
  const first = options.filter(option => option.defaultSelected);
  if (!select.multiple && !first.length) {
    return select.selectedIndex > 0;
  }
  const came = select.multiple ? first : first.slice(-1);
  return options.some(option => option.selected !== came.includes(option));
}

function isChanged(field) {
  if (!field.name || field.disabled || field.readOnly) {
    return false;
  }
  switch (field.type) {
    case "checkbox":
    case "radio":
      return field.checked !== field.defaultChecked;
    case "select-one":
    case "select-multiple":
      return isOptionsChanged(field);
    case "file":
      return field.files.length > 0;
    case "button":
    case "fieldset":
    case "hidden":
    case "image":
    case "output":
    case "reset":
    case "submit":
      return false;
    default:
      return field.value !== field.defaultValue;
  }
}

function isTyped(field) {
  return field.matches("textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=submit], [readonly])")
    && field.value !== "";
}

// What came back from the server unsaved is lost by leaving as well; a page that knows better says so.
function isUnsaved(form) {
  const fields = [...form.elements].filter(field => !field.closest("[data-not-saved]"));
  return form.dataset.unsaved === "yes"
    || (answer !== undefined && form.dataset.unsaved !== "no" && fields.some(isTyped))
    || fields.some(isChanged);
}

// Leaving.

// The form with which the page is about to be left; what it holds is not lost. Leaving follows at once, or not at all:
// where another script stops it, a file comes or the answer opens elsewhere.
let sent = null;
const AT_ONCE = 1000;
// A link to a program, such as the one for mail, leaves the page where it is.
let isPassing = false;

// After every other script, which may have stopped it.
window.addEventListener("submit", event => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.method === "get" || submitter?.matches("[data-saves-nothing]")) {
    return;
  }
  sent = form;
  expectAnswer(form);
  setTimeout(() => { sent = null; }, AT_ONCE);
});

document.addEventListener("click", ({ target }) => {
  const link = target.closest("a[href]");
  if (link && (!link.protocol.startsWith("http") || link.hasAttribute("download"))) {
    isPassing = true;
    setTimeout(() => { isPassing = false; }, AT_ONCE);
  }
});

window.addEventListener("beforeunload", event => {
  const forms = document.querySelectorAll("#content form[method=post]");
  if (account && !isPassing && [...forms].some(form => form !== sent && isUnsaved(form))) {
    event.preventDefault();
    // Whoever stays may press again, and whoever leaves is gone by then.
    setTimeout(() => document.dispatchEvent(new Event("stayed")), 700);
  }
  if (!sent) {
    // The next page is no answer to a form that was sent before and stopped.
    sessionStorage.removeItem(SENT);
  }
  sent = null;
  isPassing = false;
});

// Drafts: of one account, in this tab, for a day at most.

const DRAFT = "draft ";
const SENT = "sent";
const OWNER = "owner of drafts";
const HOUR = 60 * 60 * 1000;
const MAX_AGE = 24 * HOUR;
const MAX_DRAFTS = 200;
const MAX_LETTERS = 1_000_000;
const SHOWN = 300;

// Whose the drafts in all tabs are: an account, and a number that is drawn anew when somebody logs out or in as another.
let owner = localStorage.getItem(OWNER);

// What is added to is said by the query, such as the guide of a role.
const ADDRESS = location.pathname.endsWith("/add/") ? location.pathname + location.search : location.pathname;

function placeOf(form) {
  return `${DRAFT}${ADDRESS} ${form.getAttribute("id") ?? form.getAttribute("action") ?? ""} `;
}

function keyOf(field) {
  return placeOf(field.form) + field.name;
}

function drafts() {
  return Object.keys(sessionStorage).filter(key => key.startsWith(DRAFT));
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function forget(isMeant) {
  drafts().filter(isMeant).forEach(key => sessionStorage.removeItem(key));
}

function forgetAll() {
  forget(() => true);
}

function forgetOld() {
  const now = Date.now();
  forget(key => {
    const draft = read(key);
    return draft?.owner !== owner || !(Math.abs(now - draft.at) < MAX_AGE);
  });
}

// In all tabs; those that are asleep find it out when they show their next page.
function startAnew() {
  owner = `${account} ${Math.random()}`;
  localStorage.setItem(OWNER, owner);
  forgetAll();
}

// The oldest go first.
function makeRoom() {
  const lengthOf = key => sessionStorage.getItem(key).length;
  const keys = drafts();
  let letters = keys.reduce((sum, key) => sum + lengthOf(key), 0);
  if (keys.length <= MAX_DRAFTS && letters <= MAX_LETTERS) {
    return;
  }
  keys.sort((one, other) => read(one).at - read(other).at);
  while (keys.length > MAX_DRAFTS || letters > MAX_LETTERS) {
    const oldest = keys.shift();
    letters -= lengthOf(oldest);
    sessionStorage.removeItem(oldest);
  }
}

function keep(field) {
  if (answer === undefined && !isChanged(field)) {
    sessionStorage.removeItem(keyOf(field));
    return;
  }
  const draft = JSON.stringify({ text: field.value, at: Date.now(), owner });
  // On a page that is older than a logout nothing is kept any more, and no text pushes out all others.
  if (owner !== localStorage.getItem(OWNER) || draft.length > MAX_LETTERS) {
    return;
  }
  try {
    sessionStorage.setItem(keyOf(field), draft);
    makeRoom();
  } catch {
    // The room for drafts is full: the warning before leaving is there all the same.
  }
}

// The next page says what became of what was sent.
function expectAnswer(form) {
  sessionStorage.setItem(SENT, JSON.stringify({ place: placeOf(form), at: Date.now() }));
}

// It was saved where the server led on from what was sent, and not to a refusal or to the page for logging in. What was
// opened by hand, as after a connection that failed, has no referrer. What was typed later was not sent.
function takeAnswer() {
  const [visit] = performance.getEntriesByType("navigation");
  const expected = read(SENT);
  sessionStorage.removeItem(SENT);
  const isSaved = account && answer === undefined && visit?.type === "navigate" && visit.redirectCount > 0
    && document.referrer && !document.querySelector(".messagelist .error");
  if (expected && isSaved) {
    forget(key => key.startsWith(expected.place) && !(read(key)?.at > expected.at));
  }
}

function button(words, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", press);
  return made;
}

// Says so above the field. What was pressed leaves its room behind, so that nothing moves under the pointer.
function offer(field, text) {
  const box = document.createElement("div");
  const words = document.createElement("p");
  const quoted = document.createElement("blockquote");
  const buttons = document.createElement("p");
  const name = field.getAttribute("aria-label") ?? field.labels[0]?.textContent.trim().replace(/:$/, "") ?? field.name;
  box.className = "draft";
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", `Unsaved text for: ${name}`);
  words.setAttribute("role", "status");
  words.textContent = "You typed this here before and did not save it:";
  quoted.textContent = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;

  function settle(told) {
    words.textContent = told;
    buttons.classList.add("done");
    field.focus({ preventScroll: true });
  }

  buttons.append(
    button("Put it back", () => {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      settle("It is back in the field, and not saved yet:");
    }),
    " ",
    button("Throw it away", () => {
      sessionStorage.removeItem(keyOf(field));
      settle("Thrown away:");
    }),
  );
  box.append(words, quoted, buttons);
  (field.closest(".flex-container") ?? field).before(box);
}

function offerDrafts() {
  for (const field of document.querySelectorAll("#content form[method=post] textarea[name]")) {
    const draft = read(keyOf(field));
    if (!draft || field.readOnly) {
      continue;
    }
    if (answer !== undefined) {
      // The page shows what was sent, and that is the newest.
      keep(field);
    } else if (draft.text !== field.value) {
      offer(field, draft.text);
    } else if (!isChanged(field)) {
      // Saved meanwhile; otherwise the browser itself has put it back.
      sessionStorage.removeItem(keyOf(field));
    }
  }
}

document.addEventListener("input", ({ target }) => {
  if (account && target.matches("#content form[method=post] textarea[name]")) {
    keep(target);
  }
});

// Whoever erases somebody leaves no draft about them in this tab; which ones are, only they could say. Whoever logs out
// means it, also when the session has ended before and no page says good-bye.
document.addEventListener("submit", ({ target }) => {
  if (target.matches(".app-leads.delete-confirmation #content form")) {
    forgetAll();
  } else if (target.matches("#logout-form")) {
    startAnew();
  }
});

// Somebody logged out in another tab, or in as another.
window.addEventListener("storage", ({ key }) => {
  if (key === OWNER) {
    forgetAll();
    document.querySelectorAll(".draft").forEach(box => box.remove());
  }
});

function begin() {
  if (goodbye !== undefined || (account && !owner?.startsWith(`${account} `))) {
    startAnew();
  }
  takeAnswer();
  forgetOld();
  setInterval(forgetOld, HOUR);
  if (account) {
    offerDrafts();
  }
}

// At once, so that nothing is put in when somebody presses already.
begin();

// After the scripts of the admin, which begin when the page has loaded.
window.addEventListener("load", () => setTimeout(() => {
  document.querySelectorAll(LISTS).forEach(select => chosenAtFirst.set(select, listed(select)));
}));
