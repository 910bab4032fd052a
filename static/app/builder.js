// The builder of a definition: a form that saves itself with every edit.
//
//   <form data-builder>       posts itself (htmx) when something changes, one request at
//                             a time; what is pressed meanwhile follows
//   [data-part="rules.0.1"]   a condition or group; [data-focus] on the one to go on with
//   [data-grip]               its grip: arrow keys move it, Delete removes it; can be dragged
//   [data-move="up"]          the button that does so without the grip
//   [data-unsaved]            something is not saved: leaving the page asks first

const PAUSE = 700;
const KEYS = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowRight: "into",
  ArrowLeft: "out",
  Delete: "remove",
};

let timer = 0;
let busy = false;
let next = null; // what to send once the answer is there: { id, act } or {}
let focused = ""; // the control of a part that was used: "grip", "what"
let leaving = false;

const builder = () => document.querySelector("form[data-builder]");

function send(submitter) {
  clearTimeout(timer);
  timer = 0;
  const form = builder();
  if (!form) return;
  if (submitter?.isConnected) form.requestSubmit(submitter);
  else form.requestSubmit();
}

document.addEventListener("input", ({ target }) => {
  if (target.form !== builder() || !target.matches("[type=text], [type=number], textarea"))
    return;
  clearTimeout(timer);
  timer = setTimeout(send, PAUSE);
});

document.addEventListener("change", ({ target }) => {
  if (target.form === builder()) send();
});

// In a list of values ([data-list]) suggestions complete the last one.
document.addEventListener("input", ({ target }) => {
  if (!target.list || target.form !== builder()) return;
  const before = target.matches("[data-list]")
    ? target.value.slice(0, target.value.lastIndexOf(",") + 1)
    : "";
  for (const option of target.list.options) {
    option.dataset.known ??= option.value;
    option.value = `${before}${before && " "}${option.dataset.known}`;
  }
});

// One request at a time: each carries the revision that the answer before it named.
document.addEventListener(
  "submit",
  (event) => {
    const form = builder();
    if (event.target !== form) return;
    clearTimeout(timer);
    timer = 0;
    const { submitter } = event;
    const part = submitter?.closest("[data-part]");
    if (submitter?.dataset.move && part && document.activeElement === submitter)
      focused = "menu";
    if (!busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!next?.id) next = submitter?.id ? { id: submitter.id } : {};
  },
  true,
);

const isOurs = (ctx) => ctx?.sourceElement && ctx.sourceElement === builder();

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (isOurs(ctx)) busy = true;
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (!isOurs(ctx)) return;
  busy = false;
  const waiting = next;
  next = null;
  if (waiting) send(waiting.id ? document.getElementById(waiting.id) : null);
});

// Go on with the part that was added or moved, at the control that was used.
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (!isOurs(ctx)) return;
  const part = builder()?.querySelector("[data-focus]");
  if (!part) return;
  delete part.dataset.focus;
  const first = part.querySelector("select, input:not([type=hidden])");
  const wanted = focused && document.getElementById(`${part.id}-${focused}`);
  focused = "";
  (wanted || first || part).focus();
});

document.addEventListener("keydown", (event) => {
  const grip = event.target.closest?.("[data-grip]");
  const move = KEYS[event.key];
  if (!grip || !move || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const part = grip.closest("[data-part]");
  const button = document.getElementById(`${part.id}-${move}`);
  if (!button || button.disabled) return;
  focused = "grip";
  send(button);
});

// Dragging a part by its grip above or below another one.

let dragged = null;

document.addEventListener("dragstart", (event) => {
  const grip = event.target.closest?.("[data-grip]");
  if (!grip) return;
  dragged = grip.closest("[data-part]");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.part);
  event.dataTransfer.setDragImage(dragged, 8, 8);
  dragged.classList.add("dragged");
});

function aim(event) {
  if (!dragged) return null;
  const over = event.target.closest?.(".rules [data-part]");
  if (!over || dragged.contains(over) || !over.querySelector("[data-grip]")) return null;
  const box = over.getBoundingClientRect();
  return { over, where: event.clientY < box.top + box.height / 2 ? "above" : "below" };
}

const unmark = () => {
  for (const each of document.querySelectorAll("[data-drop]")) delete each.dataset.drop;
};

document.addEventListener("dragover", (event) => {
  const goal = aim(event);
  unmark();
  if (!goal) return;
  event.preventDefault();
  goal.over.dataset.drop = goal.where;
});

document.addEventListener("drop", (event) => {
  const goal = aim(event);
  if (!goal) return;
  event.preventDefault();
  const button = document.createElement("button");
  button.name = "act";
  button.value = `${goal.where} ${dragged.dataset.part} ${goal.over.dataset.part}`;
  button.hidden = true;
  builder().append(button);
  focused = "grip";
  send(button);
  button.remove();
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  unmark();
});

// Nothing typed is lost by leaving.

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-builder-leave]")) leaving = true;
});

window.addEventListener("beforeunload", (event) => {
  if (leaving || !(timer || busy || document.querySelector("[data-unsaved]"))) return;
  event.preventDefault();
});
