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

// The form that is on its way; what it holds is not lost.
let sent = null;
// A link to a program, such as the one for mail, leaves the page where it is.
let isPassing = false;

document.addEventListener("submit", event => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.method === "get" || submitter?.matches("[data-saves-nothing]")) {
    return;
  }
  sent = form;
  expectAnswer();
});

document.addEventListener("click", ({ target }) => {
  const link = target.closest("a[href]");
  if (link && (!link.protocol.startsWith("http") || link.hasAttribute("download"))) {
    isPassing = true;
    setTimeout(() => { isPassing = false; }, 1000);
  }
});

window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) {
    sent = null;
  }
});

window.addEventListener("beforeunload", event => {
  const forms = document.querySelectorAll("#content form[method=post]");
  if (account && !isPassing && [...forms].some(form => form !== sent && isUnsaved(form))) {
    event.preventDefault();
    // Whoever stays may press again, and whoever leaves is gone by then.
    setTimeout(() => {
      sent = null;
      document.dispatchEvent(new Event("stayed"));
    }, 700);
  }
  isPassing = false;
});

// Drafts: of one account, in this tab, for a day at most.

const DRAFT = "draft ";
const SENT = "sent";
const DAY = 24 * 60 * 60 * 1000;
const SHOWN = 300;

function keyOf(field) {
  return `${DRAFT}${account} ${location.pathname} ${field.name}`;
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

function keep(field) {
  if (answer === undefined && !isChanged(field)) {
    sessionStorage.removeItem(keyOf(field));
    return;
  }
  try {
    sessionStorage.setItem(keyOf(field), JSON.stringify({ text: field.value, at: Date.now() }));
  } catch {
    // The room for drafts is full: the warning before leaving is there all the same.
  }
}

// The next page says what became of what was sent.
function expectAnswer() {
  sessionStorage.setItem(SENT, `${DRAFT}${account} ${location.pathname} `);
}

// It was saved where the server led on from what was sent, and not to a refusal or to the page for logging in.
function takeAnswer() {
  const [visit] = performance.getEntriesByType("navigation");
  const expected = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  const isSaved = account && answer === undefined && visit?.type === "navigate" && visit.redirectCount > 0
    && !document.querySelector(".messagelist .error");
  if (expected && isSaved) {
    forget(key => key.startsWith(expected));
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
    } else if (draft.text === field.value) {
      // Saved meanwhile, unless the browser itself has put it back.
      keep(field);
    } else {
      offer(field, draft.text);
    }
  }
}

document.addEventListener("input", ({ target }) => {
  if (account && target.matches("#content form[method=post] textarea[name]")) {
    keep(target);
  }
});

// Whoever erases somebody leaves no draft about them in this tab; which ones are, only they could say.
document.addEventListener("submit", ({ target }) => {
  if (target.matches(".app-leads.delete-confirmation #content form")) {
    forget(() => true);
  }
});

function begin() {
  if (goodbye !== undefined) {
    forget(() => true);
  }
  takeAnswer();
  if (!account) {
    return;
  }
  const oldest = Date.now() - DAY;
  forget(key => !key.startsWith(`${DRAFT}${account} `) || !(read(key)?.at > oldest));
  offerDrafts();
}

// At once, so that nothing is put in when somebody presses already.
begin();

// After the scripts of the admin, which begin when the page has loaded.
window.addEventListener("load", () => setTimeout(() => {
  document.querySelectorAll(LISTS).forEach(select => chosenAtFirst.set(select, listed(select)));
}));
