// Time left of a promise, counted in business time.
//   <time data-countdown datetime="DUE" data-at="SERVER NOW" data-left="581"
//         data-open='[["START","END"],…]' data-target="7200">0:09:41</time>
// data-left   business seconds left at data-at (negative: late by)
// data-open   the coming open intervals: only inside them time runs
// data-target business seconds promised in all; colours from it (75 %, 90 %, past)
// data-form   "clock" 0:09:41 or 1:52 · "words" 9 min 41 s
// data-day    what to show instead while the end lies on another day ("Mon 09:40")
// data-since  what to show where it is long past ("late since 3 May")
// data-paused stands still
// The words come from the server and stay where there is no script.

const texts = document.getElementById("ui-texts")?.dataset ?? {};
const lang = document.documentElement.lang || "en";
const zone = document.body.dataset.timeZone || undefined;
const WARN = 0.75;
const BAD = 0.9;

// How far this machine's clock is behind the server's, in milliseconds.
let skew = null;
const isRestored =
  performance.getEntriesByType("navigation")[0]?.type === "back_forward";

document.addEventListener("clock:server", ({ detail: { now } }) => {
  const found = now - Date.now();
  if (skew === null || Math.abs(found - skew) > 2000) skew = found;
});

const parsed = new WeakMap();

function read(element) {
  const known = parsed.get(element);
  const key = `${element.dataset.at} ${element.dataset.left}`;
  if (known?.key === key) return known;
  const at = Date.parse(element.dataset.at);
  if (skew === null && !isRestored) skew = at - Date.now();
  const clock = {
    key,
    at,
    left: Number(element.dataset.left),
    target: Number(element.dataset.target) || 0,
    due: Date.parse(element.dateTime || element.dataset.due),
    open: JSON.parse(element.dataset.open || "[]").map((pair) => pair.map(Date.parse)),
  };
  parsed.set(element, clock);
  return clock;
}

function openSeconds(intervals, from, to) {
  let total = 0;
  for (const [start, end] of intervals)
    total += Math.max(0, Math.min(end, to) - Math.max(start, from));
  return total / 1000;
}

const dayOf = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" });

const two = (number) => String(number).padStart(2, "0");

function asClock(seconds, exact = true) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours || !exact) return `${hours}:${two(minutes)}`;
  return `0:${two(minutes)}:${two(seconds % 60)}`;
}

const unit = (name) =>
  new Intl.NumberFormat(lang, { style: "unit", unit: name, unitDisplay: "short" });
const [hour, minute, second] = ["hour", "minute", "second"].map(unit);

function asWords(seconds, exact = true) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours) return `${hour.format(hours)} ${minute.format(minutes)}`;
  if (!exact) return minute.format(minutes);
  return `${minute.format(minutes)} ${second.format(seconds % 60)}`;
}

function wording(element, clock, left, now) {
  const late = left < 0;
  if (late && element.dataset.since) return element.dataset.since;
  const seconds = Math.abs(Math.trunc(left));
  const form = element.dataset.form === "words" ? asWords : asClock;
  if (late) return `${texts.late ?? ""} ${form(seconds, false)}`.trim();
  const otherDay = dayOf.format(clock.due) !== dayOf.format(now);
  return otherDay && element.dataset.day ? element.dataset.day : form(seconds);
}

function state(clock, left) {
  if (left < 0) return "late";
  if (!clock.target) return "ok";
  const used = 1 - left / clock.target;
  if (used >= BAD) return "bad";
  return used >= WARN ? "warn" : "ok";
}

function draw(element) {
  if ("paused" in element.dataset) return;
  const clock = read(element);
  const now = Date.now() + (skew ?? 0);
  const left = clock.left - openSeconds(clock.open, clock.at, now);
  const text = wording(element, clock, left, now);
  if (element.textContent !== text) element.textContent = text;
  const scope = element.closest("[data-countdown-scope]");
  for (const marked of scope ? [element, scope] : [element])
    if (marked.dataset.state !== state(clock, left))
      marked.dataset.state = state(clock, left);
  if (clock.target) turnRing(scope, 1 - left / clock.target);
}

function turnRing(scope, used) {
  const ring = scope?.querySelector(".ring-left");
  const share = Math.round(Math.min(Math.max(used, 0), 1) * 100);
  ring?.setAttribute("stroke-dasharray", `${share} 100`);
}

function drawAll() {
  if (document.hidden) return;
  for (const element of document.querySelectorAll("[data-countdown]")) draw(element);
}

drawAll();
setInterval(drawAll, 1000);
document.addEventListener("visibilitychange", drawAll);
document.addEventListener("htmx:after:swap", drawAll);
