// Messages at the edge of the page. They come with the page (Django's messages), from
// an answer's header  HX-Trigger: {"ui:message": {"text": …, "level": …, "undo": url}},
// or from another module by the same event. Good news leaves by itself, unless somebody
// points at it or stands on it; a warning stays until it is closed.

const list = document.getElementById("messages");
const pattern = document.getElementById("message-pattern");
const STAYS = { success: 8000, info: 8000, debug: 8000, undo: 20000 };

function leaveLater(item) {
  const wait = Number(item.dataset.stays);
  if (!wait) return;
  let timer;
  const start = () => {
    timer = setTimeout(() => item.remove(), wait);
  };
  const stop = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) item.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) item.addEventListener(name, start);
  start();
}

// The undo form is posted by the browser itself, so it carries the token as a field.
function csrfField() {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "csrfmiddlewaretoken";
  field.value = document.querySelector("meta[name='csrf-token']")?.content ?? "";
  return field;
}

function show({ text, level = "info", undo }) {
  const item = pattern.content.firstElementChild.cloneNode(true);
  item.querySelector("[data-text]").textContent = text;
  item.dataset.level = level;
  for (const icon of item.querySelectorAll("[data-for]"))
    if (!icon.dataset.for.split(" ").includes(level)) icon.remove();
  const form = item.querySelector("form");
  if (undo) {
    form.action = undo;
    form.append(csrfField());
  } else form.remove();
  const wait = undo ? STAYS.undo : STAYS[level];
  if (wait) item.dataset.stays = wait;
  list.append(item);
  window.htmx?.process(item);
  leaveLater(item);
}

if (list && pattern) {
  for (const item of list.children) {
    const wait = STAYS[item.dataset.level];
    if (wait) item.dataset.stays = wait;
    leaveLater(item);
  }
  document.addEventListener("ui:message", ({ detail }) => {
    if (detail?.text) show(detail);
  });
  list.addEventListener("click", ({ target }) => {
    if (target.closest("[data-message-close]")) target.closest("[data-level]").remove();
  });
}
