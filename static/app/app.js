// What htmx needs from us on every page: the CSRF token, whole-page redirects,
// busy marks, calm words for refusals and outages, and focus that is not lost.
//
// Modules of this folder import nothing: each is its own script tag and they talk by
// events on document (ui:message, ui:theme, clock:server), so that hashed file names need no
// rewriting and a page works with any one of them missing.

const html = document.documentElement;
html.dataset.js = "";

const READS = /^(GET|HEAD|OPTIONS)$/;
const texts = document.getElementById("ui-texts")?.dataset ?? {};

function say(text, level = "warning") {
  if (!text) return;
  document.dispatchEvent(new CustomEvent("ui:message", { detail: { text, level } }));
}

// A refresh nobody asked for by hand stays silent: live.js tries it again.
const isLive = (ctx) => ctx?.sourceEvent?.type?.startsWith("live:") ?? false;

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (READS.test(ctx.request.method)) return;
  const token = document.querySelector("meta[name='csrf-token']")?.content;
  if (token) ctx.request.headers["X-CSRFToken"] = token;
});

// A redirect is followed by the whole page (signed out, or done and moved on): its
// answer is a page of its own and has no place inside a region.
document.addEventListener("htmx:before:response", (event) => {
  const { raw } = event.detail.ctx.response;
  if (!raw.redirected) return;
  event.preventDefault();
  location.assign(raw.url);
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (!isLive(ctx)) ctx.target?.setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  ctx.target?.removeAttribute("aria-busy");
});

const REFUSALS = {
  401: "refusedSignedOut",
  403: "refusedRights",
  404: "refusedGone",
  413: "refusedLarge",
  429: "refusedOften",
  503: "refusedBusy",
};
// These come with a fragment that explains itself beside the form.
const EXPLAINED = new Set([400, 409, 412, 422]);

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const { status } = ctx.response;
  if (isLive(ctx) || EXPLAINED.has(status)) return;
  say(texts[REFUSALS[status] ?? "refusedError"]);
});

document.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
  if (ctx && !isLive(ctx) && error?.name !== "AbortError") say(texts.offline);
});

// Focus that was inside a region stays there when its element is gone.
let focusedRegion = null;

document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  const region = ctx.target;
  const inside = region !== document.body && region?.contains?.(document.activeElement);
  focusedRegion = inside ? region : null;
});

document.addEventListener("htmx:after:swap", () => {
  const lost = !document.activeElement || document.activeElement === document.body;
  if (!lost || !focusedRegion?.isConnected) return;
  const place = focusedRegion.querySelector("[autofocus]") ?? focusedRegion;
  if (place === focusedRegion && !place.hasAttribute("tabindex")) place.tabIndex = -1;
  place.focus({ preventScroll: true });
});

// One tick box for a whole list: <input data-check-all="NAME">; the bar for what is
// ticked: <div data-bulk="NAME" hidden> with <b data-bulk-count>.
document.addEventListener("change", ({ target }) => {
  const all = target.dataset?.checkAll;
  const name = all ?? target.name;
  if (target.type !== "checkbox" || !name) return;
  const boxes = [...document.querySelectorAll(`input[name="${CSS.escape(name)}"]`)];
  if (all) for (const box of boxes) box.checked = target.checked;
  const ticked = boxes.filter((box) => box.checked).length;
  for (const bar of document.querySelectorAll(`[data-bulk="${CSS.escape(name)}"]`)) {
    bar.hidden = ticked === 0;
    for (const count of bar.querySelectorAll("[data-bulk-count]"))
      count.textContent = ticked.toLocaleString(html.lang);
  }
  for (const head of document.querySelectorAll(
    `[data-check-all="${CSS.escape(name)}"]`,
  )) {
    head.checked = ticked > 0 && ticked === boxes.length;
    head.indeterminate = ticked > 0 && ticked < boxes.length;
  }
});

// Filters that apply themselves: <form data-auto>; its submit button is for pages
// without script.
document.addEventListener("change", ({ target }) => {
  const form = target.form;
  if (form?.hasAttribute("data-auto")) form.requestSubmit();
});

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-print]")) window.print();
});
