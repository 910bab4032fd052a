// A number that changes anywhere changes on this page within two seconds.
//
// The page says where to ask and what it shows:
//   <body data-live-url="/live/" data-live-at="8412">
//   <section id="clocks" hx-get="…" hx-trigger="live:clocks from:body" hx-swap="outerMorph">
// One request a second from a visible tab, for all topics on the page together:
//   GET /live/?topics=clocks,leads&at=8412  →  204, or {"position": 8413, "topics": ["leads"]}
// The topics that moved become events on body; htmx refreshes the regions and morphs
// them in place. [data-live-hold] holds the page where it is.

const EVERY = 1000;
const SLOWEST = 30000;
const PATIENCE = 8000;
const TOPIC = /live:([\w.-]+)/g;

const { body } = document;
const texts = document.getElementById("ui-texts")?.dataset ?? {};
const lang = document.documentElement.lang || "en";

let at = Number(body.dataset.liveAt ?? 0);
let held = false;
let stopped = false;
let failures = 0;
let timer = 0;
let asking = false;
const again = new Set(); // topics whose refresh failed

function topics() {
  const found = new Set();
  for (const region of document.querySelectorAll("[hx-trigger*='live:']"))
    for (const [, topic] of region.getAttribute("hx-trigger").matchAll(TOPIC))
      found.add(topic);
  return [...found].sort();
}

const isQuiet = () => held || stopped || document.hidden || !body.dataset.liveUrl;

function later(delay) {
  clearTimeout(timer);
  if (!isQuiet()) timer = setTimeout(poll, delay * (0.9 + Math.random() * 0.2));
}

async function poll() {
  const shown = topics();
  if (isQuiet() || asking) return;
  if (!shown.length) return later(EVERY);
  asking = true;
  try {
    await ask(shown);
    failures = 0;
  } catch {
    failures += 1;
    tell("offline");
  } finally {
    asking = false;
  }
  later(Math.min(EVERY * 2 ** failures, SLOWEST));
}

async function ask(shown) {
  const url = new URL(body.dataset.liveUrl, location.href);
  url.searchParams.set("topics", shown.join(","));
  url.searchParams.set("at", at);
  const answer = await fetch(url, {
    headers: { Accept: "application/json" },
    cache: "no-store",
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (
    answer.type === "opaqueredirect" ||
    answer.status === 401 ||
    answer.status === 403
  )
    return signedOut();
  if (!answer.ok) throw new Error(`live: ${answer.status}`);
  const moved =
    answer.status === 204 ? { position: at, topics: [] } : await answer.json();
  if (held) return;
  at = Math.max(at, moved.position);
  body.dataset.liveAt = at;
  confirmed(answer);
  const stale = [...again];
  again.clear();
  announce(new Set([...moved.topics, ...stale]));
}

function announce(moved) {
  for (const topic of moved)
    body.dispatchEvent(new CustomEvent(`live:${topic}`, { detail: { position: at } }));
}

function confirmed(answer) {
  const now = Date.parse(answer.headers.get("Date") ?? "") || Date.now();
  document.dispatchEvent(new CustomEvent("clock:server", { detail: { now } }));
  const time = new Intl.DateTimeFormat(lang, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZone: body.dataset.timeZone || undefined,
  });
  for (const element of document.querySelectorAll("[data-live-time]")) {
    element.textContent = time.format(now);
    element.dateTime = new Date(now).toISOString();
  }
  for (const element of document.querySelectorAll("[data-live-position]"))
    element.textContent = at.toLocaleString(lang);
  tell("live");
}

function tell(state) {
  body.dataset.live = state;
  const word = { live: texts.live, held: texts.held, offline: texts.notReached }[state];
  for (const element of document.querySelectorAll("[data-live-state]"))
    if (element.textContent !== word) element.textContent = word ?? state;
}

function signedOut() {
  stopped = true;
  tell("offline");
  document.dispatchEvent(
    new CustomEvent("ui:message", {
      detail: { text: texts.refusedSignedOut, level: "warning" },
    }),
  );
}

// Hold

function hold(on) {
  held = on;
  for (const button of document.querySelectorAll("[data-live-hold]")) {
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? button.dataset.release : button.dataset.hold;
  }
  if (on) {
    clearTimeout(timer);
    tell("held");
  } else poll();
}

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-live-hold]")) hold(!held);
});

const isLive = (ctx) => ctx?.sourceEvent?.type?.startsWith("live:") ?? false;
const topicOf = (ctx) => ctx.sourceEvent.type.slice("live:".length);

// A region that could not be refreshed is tried again with the next answer, and shows
// it if that lasts.

function failed({ detail: { ctx } }) {
  if (!isLive(ctx)) return;
  again.add(topicOf(ctx));
  const region = ctx.target;
  const times = Number(region?.dataset.failed ?? 0) + 1;
  if (!region) return;
  region.dataset.failed = times;
  if (times > 2) region.dataset.stale = "";
}

document.addEventListener("htmx:response:error", failed);
document.addEventListener("htmx:error", failed);
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  delete ctx.target?.dataset?.failed;
  delete ctx.target?.dataset?.stale;
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) poll();
});
window.addEventListener("online", () => poll());
later(EVERY);
