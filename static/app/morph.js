// What a refreshed region keeps and shows: typing, what was opened, regions inside it
// that fetch themselves; and a short tint on what changed ([data-tint]). Regions are
// morphed in place by htmx; live.js says when.

// Typing is never lost: a form somebody has changed is left alone until it is sent or
// reset; a region that would lose such a form waits for it.

const touched = new WeakSet();
const waiting = new Set(); // live events kept back while somebody types
const isLive = (ctx) => ctx?.sourceEvent?.type?.startsWith("live:") ?? false;

document.addEventListener("input", ({ target }) => {
  if (target.form) touched.add(target.form);
});

function release() {
  const topics = [...waiting];
  waiting.clear();
  for (const topic of topics) document.body.dispatchEvent(new CustomEvent(topic));
}

document.addEventListener("submit", ({ target }) => touched.delete(target));
document.addEventListener("reset", ({ target }) => {
  touched.delete(target);
  release();
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (isLive(ctx)) return;
  // What was sent and taken is not typed again: its form is as the answer has it.
  // A form that saves itself ([data-autosave]) may be typed into again by then.
  const form = ctx.sourceElement?.closest?.("form");
  const typing = form?.hasAttribute("data-autosave") && touched.has(form);
  if (ctx.response?.status < 300 && ctx.request?.method !== "GET" && !typing)
    form?.reset();
  // A form that came back with errors still holds what somebody typed.
  if (ctx.response?.status >= 400)
    for (const form of ctx.target?.querySelectorAll?.("form") ?? []) touched.add(form);
  else if (waiting.size) release();
});

document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  if (!isLive(ctx)) return;
  const fragment = tasks.find((task) => task.type === "main")?.fragment;
  const losing = [...(ctx.target?.querySelectorAll?.("form") ?? [])].some(
    (form) =>
      touched.has(form) &&
      !(form.id && fragment?.querySelector(`[id="${CSS.escape(form.id)}"]`)),
  );
  if (!losing) return;
  event.preventDefault();
  waiting.add(ctx.sourceEvent.type);
});

// Morphing: what changed is tinted for a moment; what a person opened stays open.

const changed = new Set();
let swapping = null; // the region being swapped

document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  swapping = ctx.target;
});

// A region inside another that loads its own content: the outer answer holds only its
// place, which must not wipe what has come since.
const bringsItself = (node) =>
  node !== swapping && node.matches?.("[hx-get][hx-trigger*='load']");
const words = (node) => node.textContent.replace(/\s+/g, " ").trim();
const isOpenMenu = (element) =>
  element.classList.contains("show") && element.closest(".dropdown, .dropdown-menu");

window.htmx?.registerExtension("alignment", {
  htmx_before_morph_node(_, { oldNode, newNode }) {
    if (touched.has(oldNode) || bringsItself(oldNode)) return false;
    if (oldNode.matches?.("[data-tint]") && words(oldNode) !== words(newNode))
      changed.add(oldNode);
    return true;
  },
  htmx_before_morph_attr(element, { attrName }) {
    if (attrName === "open") return !element.matches("details, dialog");
    if (["class", "style", "aria-expanded"].includes(attrName))
      return !isOpenMenu(element);
    return true;
  },
});

document.addEventListener("htmx:after:swap", () => {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  for (const element of changed) {
    if (!element.isConnected) continue;
    element.animate(
      [{ backgroundColor: "var(--tint)" }, { backgroundColor: "transparent" }],
      {
        duration: 1800,
        easing: still ? "steps(1, end)" : "ease-in",
      },
    );
  }
  changed.clear();
});
