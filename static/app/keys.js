// Every action by keyboard.
//   / search   ? all keys   j k  next and previous   Enter opens
//   g then a letter         <a data-key-go="q">
//   one letter              <button data-key="a">, and <… data-key-label> names it in the list
//   a list to walk          <ul data-key-list> of [data-key-item] (a link or button each);
//                           data-key-list="follow" opens each one it comes to
// Off with body[data-keys="off"], with a switch in the "?" dialog (cookie `shortcuts`);
// never in a field, never with Ctrl, Alt or Meta, never behind an open dialog.

const dialog = document.getElementById("keys");
const body = document.body;
const TYPING =
  "input, textarea, select, [contenteditable]:not([contenteditable=false])";
let going = 0;

const isOff = () => body.dataset.keys === "off";

// Ticking a box or pressing a button is not typing.
function isTyping(target) {
  const field = target.closest?.(TYPING);
  return (
    Boolean(field) && !["checkbox", "radio", "button", "submit"].includes(field.type)
  );
}

const isSeen = (element) =>
  element.checkVisibility?.() ?? element.offsetParent !== null;

function press(selector) {
  const element = [...document.querySelectorAll(selector)].find(
    (found) => isSeen(found) && !found.disabled,
  );
  element?.click();
  return Boolean(element);
}

function walk(step) {
  const list = document.querySelector("[data-key-list]");
  const items = [...(list?.querySelectorAll("[data-key-item]") ?? [])].filter(isSeen);
  if (!items.length) return false;
  const here = items.findIndex(
    (item) => item === document.activeElement || item.contains(document.activeElement),
  );
  const current = here >= 0 ? here : items.findIndex((item) => item.ariaCurrent);
  const next = Math.min(Math.max(current + step, 0), items.length - 1);
  items[next].focus();
  items[next].scrollIntoView({ block: "nearest" });
  if (list.dataset.keyList === "follow" && next !== current) items[next].click();
  return true;
}

// The chosen one of a long list is in sight from the start.
document
  .querySelector("[data-key-list] [aria-current]")
  ?.scrollIntoView({ block: "nearest" });

function find() {
  const field = document.querySelector("[data-key-find], .find input");
  field?.focus();
  field?.select();
  return Boolean(field);
}

// Works without letters being on: it is a shortcut with Ctrl, as in any program.
document.addEventListener("keydown", (event) => {
  if (
    (event.ctrlKey || event.metaKey) &&
    event.key.toLowerCase() === "k" &&
    !event.altKey
  ) {
    if (find()) event.preventDefault();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.defaultPrevented || isOff() || isTyping(event.target)) return;
  if (document.querySelector("dialog:modal")) return;
  if (act(event)) event.preventDefault();
});

function act({ key }) {
  if (going && performance.now() - going < 1500) {
    going = 0;
    return press(`[data-key-go="${CSS.escape(key.toLowerCase())}"]`);
  }
  going = 0;
  switch (key) {
    case "g":
      going = performance.now();
      return true;
    case "/":
      return find();
    case "?":
      return showAll();
    case "j":
      return walk(1);
    case "k":
      return walk(-1);
    default:
      return key.length === 1 && press(`[data-key="${CSS.escape(key.toLowerCase())}"]`);
  }
}

function entry(keys, label) {
  const term = document.createElement("dt");
  for (const key of keys) {
    const cap = document.createElement("kbd");
    cap.textContent = key.toUpperCase();
    term.append(cap, " ");
  }
  const text = document.createElement("dd");
  text.textContent = label;
  return [term, text];
}

// The words of a button without its <kbd>.
function labelOf(element) {
  if (element.dataset.keyLabel) return element.dataset.keyLabel;
  const copy = element.cloneNode(true);
  for (const part of copy.querySelectorAll("kbd, svg")) part.remove();
  return (copy.textContent.trim() || element.ariaLabel || element.title).replace(
    /\s+/g,
    " ",
  );
}

function fill(list, attribute, keysOf) {
  const seen = new Set();
  const entries = [];
  for (const element of document.querySelectorAll(`[${attribute}]`)) {
    const key = element.getAttribute(attribute);
    if (seen.has(key)) continue;
    seen.add(key);
    entries.push(...entry(keysOf(key), labelOf(element)));
  }
  list.replaceChildren(...entries);
  list.hidden = entries.length === 0;
  const head = list.previousElementSibling;
  if (head?.matches("h3")) head.hidden = list.hidden;
}

function showAll() {
  if (!dialog) return false;
  fill(dialog.querySelector("[data-keys-page]"), "data-key", (key) => [key]);
  fill(dialog.querySelector("[data-keys-go]"), "data-key-go", (key) => ["g", key]);
  dialog.querySelector("[data-keys-switch]").checked = !isOff();
  dialog.showModal();
  return true;
}

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-keys-show]")) showAll();
});

dialog?.querySelector("[data-keys-switch]").addEventListener("change", ({ target }) => {
  body.dataset.keys = target.checked ? "on" : "off";
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `shortcuts=${body.dataset.keys}; path=/; max-age=31536000; samesite=lax${secure}`;
  document.dispatchEvent(new CustomEvent("ui:keys", { detail: body.dataset.keys }));
});
