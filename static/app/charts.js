// Charts: <figure data-chart="bar" data-options-from="ID"> reads its figures from
// <script type="application/json" id="ID"> (Django's json_script), draws them in the
// colours of the page, and opens the records behind a mark. What the JSON holds is
// written in docs/ui.md; chart-time.js and chart-fields.js make ECharts' options of it.
//
// By keyboard: Tab to the picture, arrows from mark to mark, Enter opens its records,
// each mark read out. The same figures stand below as a table.

const source = document.querySelector("meta[name='chart-modules']")?.dataset ?? {};
const drawn = new Map(); // figure → {chart, text, option, marks, here}
const still = matchMedia("(prefers-reduced-motion: reduce)");
let modules;

function load() {
  modules ??= Promise.all([
    import(source.echarts),
    import(source.look),
    import(source.time),
    import(source.fields),
    document.fonts?.ready,
  ]).then(([echarts, { lookOf }, time, fields]) => ({
    echarts,
    build: (kind, spec, page) =>
      ({ ...time, ...fields })[kind](spec, lookOf(spec, page)),
  }));
  return modules;
}

// The page's colours as plain rgb, whatever the theme; a canvas knows no variables.
const probe = document.createElement("i");
probe.hidden = true;
document.body.append(probe);

function ink(name) {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

async function draw(figure) {
  const json = document.getElementById(figure.dataset.optionsFrom);
  const canvas = figure.querySelector(".chart-canvas");
  if (!json || !canvas) return;
  const { echarts, build } = await load();
  if (!figure.isConnected) return;
  const known = drawn.get(figure);
  const text = json.textContent;
  const kept = known?.canvas === canvas ? known : null;
  if (kept?.text === text && kept.theme === theme()) return;
  if (known && !kept) known.chart.dispose();
  const built = build(figure.dataset.chart, JSON.parse(text), {
    ink,
    lang: document.documentElement.lang || "en",
    width: canvas.clientWidth,
  });
  const chart = kept?.chart ?? start(echarts, figure, canvas);
  built.option.animation = !still.matches && !kept;
  chart.setOption(built.option, { notMerge: true });
  drawn.set(figure, {
    chart,
    canvas,
    text,
    theme: theme(),
    marks: built.marks,
    here: -1,
  });
  tabulate(figure, built.table);
}

const theme = () => ink("ink") + ink("paper");

function start(echarts, figure, canvas) {
  const chart = echarts.init(canvas, null, { renderer: "canvas" });
  chart.on("click", ({ data }) => {
    if (data?.url) location.assign(data.url);
  });
  new ResizeObserver(() => {
    if (!chart.isDisposed() && canvas.clientWidth) chart.resize();
  }).observe(canvas);
  canvas.addEventListener("keydown", (event) => step(event, drawn.get(figure), figure));
  canvas.addEventListener("blur", () => chart.dispatchAction({ type: "hideTip" }));
  return chart;
}

const STEPS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: "next", ArrowUp: "previous" };

function step(event, state, figure) {
  const { marks, here, chart } = state;
  if (!marks.length) return;
  if (event.key === "Enter") {
    if (marks[here]?.url) location.assign(marks[here].url);
    return;
  }
  const move = STEPS[event.key];
  if (!move) return;
  event.preventDefault();
  const next = target(marks, here, move);
  chart.dispatchAction({ type: "downplay" });
  state.here = next;
  const { seriesIndex, dataIndex } = marks[next];
  chart.dispatchAction({ type: "highlight", seriesIndex, dataIndex });
  chart.dispatchAction({ type: "showTip", seriesIndex, dataIndex });
  const spoken = figure.querySelector("[data-chart-spoken]");
  if (spoken) spoken.textContent = marks[next].text;
}

function target(marks, here, move) {
  if (here < 0) return 0;
  if (typeof move === "number")
    return Math.min(Math.max(here + move, 0), marks.length - 1);
  const { seriesIndex, dataIndex } = marks[here];
  const turn = move === "next" ? 1 : -1;
  const found = marks.findIndex(
    (mark) => mark.dataIndex === dataIndex && mark.seriesIndex === seriesIndex + turn,
  );
  return found < 0 ? here : found;
}

// The table below the picture, where the page has not written it itself.
function tabulate(figure, { columns, rows }) {
  const place = figure.querySelector("[data-chart-table]");
  if (!place) return;
  const table = document.createElement("table");
  table.className = "table";
  const head = table.createTHead().insertRow();
  for (const column of columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = column;
    if (column !== columns[0]) cell.className = "num";
    head.append(cell);
  }
  const bodyRows = table.createTBody();
  for (const [name, ...cells] of rows) {
    const row = bodyRows.insertRow();
    const first = document.createElement("th");
    first.scope = "row";
    first.textContent = name;
    row.append(first);
    for (const { text, url } of cells) {
      const cell = row.insertCell();
      cell.className = "num";
      const holder = url ? document.createElement("a") : cell;
      holder.textContent = text;
      if (url) {
        holder.href = url;
        holder.className = "num-link";
        cell.append(holder);
      }
    }
  }
  place.replaceChildren(table);
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target: figure } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(figure);
      draw(figure);
    }
  },
  { rootMargin: "300px" },
);

function look() {
  for (const [figure, { chart }] of drawn) {
    if (figure.isConnected) continue;
    chart.dispose();
    drawn.delete(figure);
  }
  for (const figure of document.querySelectorAll("figure[data-chart]"))
    if (drawn.has(figure)) draw(figure);
    else near.observe(figure);
}

// The rest when there is nothing better to do, so that paper and search find them too.
function drawRest() {
  for (const figure of document.querySelectorAll("figure[data-chart]"))
    if (!drawn.has(figure)) draw(figure);
}

look();
(window.requestIdleCallback ?? setTimeout)(() => setTimeout(drawRest, 400));
document.addEventListener("htmx:after:swap", look);
document.addEventListener("ui:theme", look);
window.addEventListener("beforeprint", () => {
  for (const { chart } of drawn.values()) chart.resize();
});
