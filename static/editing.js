// What makes editing smoother; every page works without it.
"use strict";

// The length of a text, below its field. The eye sees it at once; a screen reader hears it when one pauses near the
// end of what fits, and not with every letter.
const NEAR = 20;
const PAUSE = 1000;

function countLetters(field) {
  const limit = field.maxLength > 0 ? field.maxLength : null;
  // What a text had better keep to; nothing stops it there.
  const advised = Number(field.dataset.count) || null;
  const seen = document.createElement("span");
  const heard = document.createElement("span");
  seen.className = "count";
  seen.setAttribute("aria-hidden", "true");
  heard.className = "visually-hidden";
  heard.setAttribute("role", "status");
  field.after(seen, heard);
  let pause;

  function show() {
    const length = [...field.value].length;
    const most = limit ?? advised;
    const words = most === null ? `${length} character${length === 1 ? "" : "s"}` : `${length} of ${limit === null ? "about " : ""}${most} characters`;
    const isNear = limit === null ? advised !== null && length > advised : limit - length <= NEAR;
    seen.textContent = words;
    seen.classList.toggle("nearly", isNear);
    return isNear ? words : "";
  }

  show();
  field.addEventListener("input", () => {
    const words = show();
    clearTimeout(pause);
    pause = setTimeout(() => { heard.textContent = words; }, PAUSE);
  });
}

// Dragging a part by its handle; letting go sends the new order.
function makeDraggable(form) {
  const list = form.querySelector(".order");
  const told = form.querySelector("[role=status]");
  let dragged = null;
  let before = [];

  function items() {
    return [...list.children];
  }

  function follow(event) {
    const over = items().find(item => {
      const box = item.getBoundingClientRect();
      return item !== dragged && event.clientY >= box.top && event.clientY <= box.bottom;
    });
    if (!over) {
      return;
    }
    const isBelow = items().indexOf(over) > items().indexOf(dragged);
    list.insertBefore(dragged, isBelow ? over.nextSibling : over);
    told.textContent = `Place ${items().indexOf(dragged) + 1} of ${items().length}`;
  }

  function stop() {
    dragged.classList.remove("dragged");
    dragged = null;
  }

  function send(name, value) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }

  for (const item of items()) {
    const handle = document.createElement("span");
    handle.className = "handle";
    handle.textContent = "⠿";
    handle.title = "Drag to move";
    handle.setAttribute("aria-hidden", "true");
    item.prepend(handle);
    handle.addEventListener("pointerdown", event => {
      if (event.button === 0) {
        event.preventDefault();
        // The list stays where it is; what is moved about in the page loses the pointer.
        list.setPointerCapture(event.pointerId);
        before = items();
        dragged = item;
        item.classList.add("dragged");
      }
    });
  }

  list.addEventListener("pointermove", event => {
    if (dragged) {
      follow(event);
    }
  });
  list.addEventListener("pointercancel", () => {
    if (dragged) {
      list.append(...before);
      stop();
    }
  });
  list.addEventListener("pointerup", () => {
    if (!dragged) {
      return;
    }
    const { key } = dragged.dataset;
    stop();
    if (items().some((other, place) => other !== before[place])) {
      send("order", items().map(other => other.dataset.key).join(","));
      send("dragged", key);
      form.requestSubmit();
    }
  });
}

function begin() {
  document.querySelectorAll("textarea[maxlength], textarea[data-count], input[type=text][maxlength]")
    .forEach(countLetters);
  document.querySelectorAll("form.ordering").forEach(makeDraggable);
}

begin();
