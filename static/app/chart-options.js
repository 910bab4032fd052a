// From the page's figures to ECharts' options: one look for every chart. Tooltips are
// drawn on the canvas (rich text), because HTML ones need inline styles that the
// content policy refuses.

const FONT = "Inter, system-ui, sans-serif";
const PALETTE = ["joint", "sales", "marketing", "good", "warn", "ink-3"];
const DASHES = ["solid", [7, 4], [2, 3], [9, 3, 2, 3]];
const SYMBOLS = ["circle", "rect", "triangle", "diamond"];
const HATCH = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 3], rotation: -Math.PI / 4 };

/** Options, the marks a keyboard walks over, and the table, of one chart.
    @param kind bar, line, scatter, heatmap or sankey
    @param spec the page's figures, see docs/ui.md
    @param page {ink: name → colour, lang, width} */
export function toOptions(kind, spec, page) {
  const tools = { ...page, say: formatter(spec, page.lang) };
  return KINDS[kind](spec, tools, kind);
}

const KINDS = { bar: overTime, line: overTime, scatter, heatmap, sankey };

function formatter({ unit = "count", currency, digits }, lang) {
  const styles = {
    count: { maximumFractionDigits: digits ?? 0 },
    number: { maximumFractionDigits: digits ?? 1 },
    ratio: {
      style: "percent",
      minimumFractionDigits: digits ?? 1,
      maximumFractionDigits: digits ?? 1,
    },
    money: { style: "currency", currency: currency ?? "EUR", maximumFractionDigits: digits ?? 0 },
    days: { style: "unit", unit: "day", maximumFractionDigits: digits ?? 1 },
    hours: { style: "unit", unit: "hour", maximumFractionDigits: digits ?? 1 },
    minutes: { style: "unit", unit: "minute", maximumFractionDigits: digits ?? 0 },
  };
  const full = new Intl.NumberFormat(lang, styles[unit]);
  const short = new Intl.NumberFormat(lang, {
    ...styles[unit],
    minimumFractionDigits: 0,
    maximumFractionDigits: unit === "ratio" ? 0 : 1,
    ...(unit === "ratio" ? {} : { notation: "compact" }),
  });
  // One spelling of a percentage on every screen: a space that does not break.
  const spaced = (text) => text.replace(/\s*%/, "\u00a0%");
  const value = (number) =>
    number === null || number === undefined ? "–" : spaced(full.format(number));
  value.short = (number) => spaced(short.format(number));
  return value;
}

const parts = (rgb) => rgb.match(/[\d.]+/g).slice(0, 3).map(Number);
const faded = (rgb, share) => `rgba(${parts(rgb).join(", ")}, ${share})`;
const mixed = (rgb, ground, share) => {
  const below = parts(ground);
  const part = (value, i) => Math.round(value * share + below[i] * (1 - share));
  return `rgb(${parts(rgb).map(part).join(", ")})`;
};

function frame({ ink }) {
  return {
    textStyle: { fontFamily: FONT, fontSize: 12, color: ink("ink-2") },
    color: PALETTE.map(ink),
    grid: { left: 4, right: 12, top: 34, bottom: 4, containLabel: true },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: ink("paper"),
      borderColor: ink("line"),
      borderWidth: 1,
      padding: [8, 12],
      textStyle: { fontFamily: FONT, color: ink("ink"), fontSize: 12.5, lineHeight: 19 },
    },
  };
}

function axis({ ink }, more) {
  return {
    axisLine: { lineStyle: { color: ink("line") } },
    axisTick: { show: false },
    axisLabel: { color: ink("ink-3"), hideOverlap: true },
    splitLine: { lineStyle: { color: ink("line") } },
    nameTextStyle: { color: ink("ink-3") },
    ...more,
  };
}

function legend({ ink }, names) {
  return {
    show: names.length > 1,
    data: names,
    top: 0,
    left: 0,
    itemWidth: 18,
    itemHeight: 9,
    itemGap: 16,
    textStyle: { color: ink("ink-2") },
    inactiveColor: ink("line-strong"),
  };
}

// Bars and lines over categories -------------------------------------------------

function overTime(given, tools, kind) {
  const { ink, say } = tools;
  const spec = kind === "bar" ? turned(given, tools) : given;
  const colours = spec.series.map(({ role }, i) => {
    const name = role ?? PALETTE[i % PALETTE.length];
    // Large fields of ink are a little softer, as in the funnel.
    return kind === "bar" && name === "joint" ? mixed(ink(name), ink("paper"), 0.86) : ink(name);
  });
  const series = spec.series.flatMap((one, i) =>
    kind === "bar" ? bars(spec, one, i, colours[i], tools) : lines(spec, one, colours[i], i, tools),
  );
  const intervals = spec.series.flatMap((one, i) => whiskers(spec, one, i, kind, colours[i]));
  if (series.length) series[0] = { ...series[0], ...guides(spec, tools) };
  const category = axis(tools, { type: "category", data: spec.categories });
  // A few names all fit, broken into lines; of many dates some are left out.
  if (spec.categories.length <= 8 && !spec.horizontal)
    Object.assign(category.axisLabel, {
      interval: 0,
      width: (tools.width - 60) / spec.categories.length - 6,
      overflow: "break",
      lineHeight: 14,
    });
  const value = axis(tools, {
    type: "value",
    axisLine: { show: false },
    axisLabel: { color: ink("ink-3"), formatter: say.short },
    max: spec.max,
  });
  category.splitLine = { show: false };
  const base = frame(tools);
  const option = {
    ...base,
    xAxis: spec.horizontal ? value : category,
    yAxis: spec.horizontal ? { ...category, inverse: true } : value,
    legend: legend(tools, spec.series.map(({ name }) => name)),
    series: [...series, ...intervals],
    tooltip: {
      ...base.tooltip,
      trigger: kind === "line" ? "axis" : "item",
      axisPointer: { type: "line", lineStyle: { color: ink("line-strong") } },
      formatter: (found) => hint(spec, say, found),
    },
  };
  if (spec.series.length < 2 && !spec.target) option.grid.top = 12;
  if (spec.zoom) addZoom(option, tools);
  return { option, marks: marksOf(spec, say, series), table: tableOf(spec, say) };
}

// A few names that would not fit under upright bars stand beside lying ones.
function turned(spec, { width }) {
  const few = spec.categories.length <= 8;
  const longest = Math.max(...spec.categories.map((name) => `${name}`.length));
  const narrow = (width - 60) / spec.categories.length < longest * 4.2;
  return few && narrow && !spec.zoom ? { ...spec, horizontal: true } : spec;
}

const item = (one, i, extra = {}) => ({
  value: one.values[i],
  url: one.urls?.[i],
  ...extra,
});

function bars(spec, one, index, colour, { ink }) {
  return [
    {
      type: "bar",
      name: one.name,
      of: index,
      stack: spec.stacked ? "all" : undefined,
      barMaxWidth: 44,
      cursor: one.urls ? "pointer" : "default",
      itemStyle: {
        color: colour,
        borderRadius: spec.stacked ? 0 : spec.horizontal ? [0, 4, 4, 0] : [4, 4, 0, 0],
        borderColor: spec.stacked ? ink("paper") : undefined,
        borderWidth: spec.stacked ? 1 : 0,
      },
      emphasis: { itemStyle: { color: colour, opacity: 0.85 } },
      data: spec.categories.map((_, i) =>
        item(one, i, {
          itemStyle: {
            ...(one.roles?.[i] ? { color: ink(one.roles[i]) } : {}),
            ...(one.immature?.[i] ? { decal: { ...HATCH, color: ink("paper") } } : {}),
          },
        }),
      ),
    },
  ];
}

// What is not mature yet is dashed, never a fall: a second line of the same name.
function lines(spec, one, colour, index, { ink }) {
  const soft = one.immature ?? [];
  const line = (data, type, more = {}) => ({
    type: "line",
    name: one.name,
    of: index,
    data,
    symbol: SYMBOLS[index % SYMBOLS.length],
    symbolSize: 7,
    showSymbol: spec.categories.length <= 40,
    cursor: one.urls ? "pointer" : "default",
    connectNulls: false,
    lineStyle: { color: colour, width: 2, type },
    itemStyle: { color: colour },
    emphasis: { focus: "none" },
    ...more,
  });
  const firm = spec.categories.map((_, i) =>
    soft[i] ? { value: null } : item(one, i),
  );
  const drawn = [line(firm, DASHES[index % DASHES.length])];
  if (!soft.some(Boolean)) return drawn;
  const open = spec.categories.map((_, i) =>
    soft[i] || soft[i + 1] ? item(one, i) : { value: null },
  );
  drawn.push(
    line(open, [2, 4], {
      itemStyle: { color: ink("paper"), borderColor: colour, borderWidth: 1.5 },
      repeats: true,
    }),
  );
  return drawn;
}

// 95 % intervals as whiskers beside each mark.
function whiskers(spec, one, index, kind, colour) {
  if (!one.low || spec.horizontal) return [];
  const count = kind === "bar" && !spec.stacked ? spec.series.length : 1;
  return [
    {
      type: "custom",
      name: one.name,
      silent: true,
      z: 5,
      tooltip: { show: false },
      itemStyle: { color: colour },
      data: one.low.map((low, i) => [i, low, one.high[i]]),
      renderItem: (_, api) => {
        if (Number.isNaN(api.value(1))) return null;
        const [x, top] = api.coord([api.value(0), api.value(2)]);
        const [, bottom] = api.coord([api.value(0), api.value(1)]);
        const band = Math.min(api.size([1, 0])[0] * 0.8, 44 * count);
        const at = x + (count > 1 ? (index - (count - 1) / 2) * (band / count) : 0);
        const style = { stroke: colour, lineWidth: 1.25, opacity: 0.75 };
        const bar = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style });
        return {
          type: "group",
          children: [
            bar(at, top, at, bottom),
            bar(at - 4, top, at + 4, top),
            bar(at - 4, bottom, at + 4, bottom),
          ],
        };
      },
    },
  ];
}

function guides(spec, { ink, say }) {
  const found = {};
  const lines_ = [];
  if (spec.target !== undefined && spec.target !== null)
    lines_.push({
      [spec.horizontal ? "xAxis" : "yAxis"]: spec.target,
      label: {
        formatter: `${spec.target_label ?? ""} ${say(spec.target)}`.trim(),
        position: spec.horizontal ? "end" : "insideStartTop",
        color: ink("ink-2"),
        fontSize: 11.5,
      },
    });
  for (const { at, label } of spec.moments ?? [])
    lines_.push({ xAxis: at, label: { formatter: label, color: ink("ink-2"), fontSize: 11.5 } });
  if (lines_.length)
    found.markLine = {
      silent: true,
      symbol: "none",
      data: lines_,
      lineStyle: { color: ink("ink-2"), type: [4, 4], width: 1.25 },
    };
  if (spec.spans?.length)
    found.markArea = {
      silent: true,
      itemStyle: { color: faded(ink("ink-3"), 0.1) },
      label: { color: ink("ink-3"), fontSize: 11.5, position: "insideTop" },
      data: spec.spans.map(({ from, to, label }) => [{ xAxis: from, name: label }, { xAxis: to }]),
    };
  return found;
}

function addZoom(option, { ink }) {
  option.dataZoom = [
    { type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false },
    {
      type: "slider",
      height: 18,
      bottom: 2,
      borderColor: ink("line"),
      fillerColor: faded(ink("ink-3"), 0.14),
      handleStyle: { color: ink("paper"), borderColor: ink("line-strong") },
      moveHandleSize: 0,
      textStyle: { color: ink("ink-3") },
      brushSelect: false,
      showDataShadow: false,
    },
  ];
  option.grid.bottom = 32;
}

const words = (spec, say, of, i) => {
  const one = spec.series[of];
  const parts = [`${one.name}: ${say(one.values[i])}`];
  if (one.low && one.low[i] !== null)
    parts.push(`${say(one.low[i])} – ${say(one.high[i])}`);
  if (one.n) parts.push(`n = ${one.n[i]}`);
  if (one.immature?.[i] && spec.immature_label) parts.push(spec.immature_label);
  return parts.join(" · ");
};

function hint(spec, say, found) {
  const list = Array.isArray(found) ? found : [found];
  const i = list[0].dataIndex;
  const seen = new Set(list.map(({ seriesName }) => seriesName));
  const rows = spec.series.flatMap((one, of) =>
    seen.has(one.name) ? [words(spec, say, of, i)] : [],
  );
  return [`${spec.categories[i]}`, ...rows].join("\n");
}

const marksOf = (spec, say, series) =>
  series.flatMap(({ of, repeats, data }, seriesIndex) =>
    data.flatMap(({ value, url }, dataIndex) =>
      value === null || value === undefined || (repeats && !spec.series[of].immature[dataIndex])
        ? []
        : [
            {
              seriesIndex,
              dataIndex,
              url,
              text: `${spec.categories[dataIndex]}: ${words(spec, say, of, dataIndex)}`,
            },
          ],
    ),
  );

const tableOf = (spec, say) => ({
  columns: [spec.category_label ?? "", ...spec.series.map(({ name }) => name)],
  rows: spec.categories.map((name, i) => [
    name,
    ...spec.series.map((one) => ({ text: say(one.values[i]), url: one.urls?.[i] })),
  ]),
});

// Points -------------------------------------------------------------------------

function scatter(spec, tools) {
  const { ink, say } = tools;
  const base = frame(tools);
  const text = (point) =>
    `${point.name}: ${spec.x_label} ${say(point.x)} · ${spec.y_label} ${say(point.y)}`;
  const option = {
    ...base,
    grid: { ...base.grid, top: 28, right: 24, bottom: 22 },
    xAxis: axis(tools, { type: "value", name: spec.x_label, nameLocation: "middle", nameGap: 28, scale: true }),
    yAxis: axis(tools, { type: "value", name: spec.y_label, nameTextStyle: { align: "left", color: ink("ink-3") }, scale: true }),
    tooltip: { ...base.tooltip, formatter: ({ dataIndex }) => text(spec.points[dataIndex]) },
    series: [
      {
        type: "scatter",
        symbolSize: 11,
        data: spec.points.map(({ x, y, name, url, role }) => ({
          value: [x, y],
          name,
          url,
          itemStyle: { color: faded(ink(role ?? "joint"), 0.78), borderColor: ink("paper") },
          symbol: role === "marketing" ? "rect" : role === "sales" ? "triangle" : "circle",
        })),
      },
    ],
  };
  const marks = spec.points.map((point, dataIndex) => ({
    seriesIndex: 0, dataIndex, url: point.url, text: text(point),
  }));
  const rows = spec.points.map(({ name, x, y, url }) => [name, { text: say(x) }, { text: say(y), url }]);
  return { option, marks, table: { columns: ["", spec.x_label, spec.y_label], rows } };
}

// Cells, such as cohorts by month --------------------------------------------------

function heatmap(spec, tools) {
  const { ink, say } = tools;
  const base = frame(tools);
  const growing = { color: ink("paper"), borderColor: ink("line-strong"), borderType: [3, 3], borderWidth: 1 };
  const cells = spec.cells.map(({ x, y, value, url, immature }) => ({
    value: [x, y, value],
    url,
    ...(immature ? { visualMap: false, itemStyle: growing } : {}),
  }));
  const values = spec.cells.map(({ value }) => value).filter((value) => value !== null);
  const high = Math.max(...values, 0);
  const text = ({ x, y, value, n }) =>
    `${spec.y[y]}, ${spec.x[x]}: ${say(value)}${n === undefined ? "" : ` · n = ${n}`}`;
  const option = {
    ...base,
    grid: { ...base.grid, top: 4, bottom: 28 },
    xAxis: axis(tools, { type: "category", data: spec.x, name: spec.x_label, nameLocation: "middle", nameGap: 26, splitLine: { show: false } }),
    yAxis: axis(tools, { type: "category", data: spec.y, inverse: true, splitLine: { show: false } }),
    visualMap: {
      show: false,
      min: 0,
      max: high || 1,
      // Never so strong that the figure inside would fall below 4.5 : 1.
      inRange: { color: [ink("track"), mixed(ink(spec.role ?? "joint"), ink("paper"), 0.36)] },
    },
    tooltip: { ...base.tooltip, formatter: ({ dataIndex }) => text(spec.cells[dataIndex]) },
    series: [
      {
        type: "heatmap",
        data: cells,
        itemStyle: { borderColor: ink("paper"), borderWidth: 2, borderRadius: 4 },
        label: {
          show: tools.width > 420,
          color: ink("ink"),
          fontSize: 11,
          formatter: ({ value }) => say(value[2]),
        },
        emphasis: { itemStyle: { borderColor: ink("focus"), borderWidth: 2 } },
      },
    ],
  };
  const marks = spec.cells.map((cell, dataIndex) => ({
    seriesIndex: 0, dataIndex, url: cell.url, text: text(cell),
  }));
  const rows = spec.y.map((name, y) => [
    name,
    ...spec.x.map((_, x) => {
      const cell = spec.cells.find((one) => one.x === x && one.y === y);
      return { text: cell ? say(cell.value) : "", url: cell?.url };
    }),
  ]);
  return { option, marks, table: { columns: [spec.y_label ?? "", ...spec.x], rows } };
}

// Flows, such as leads moved by a new definition ---------------------------------

function sankey(spec, tools) {
  const { ink, say } = tools;
  const base = frame(tools);
  const named = new Map(spec.nodes.map((node) => [node.id ?? node.name, node.name]));
  const text = ({ source, target, value }) => `${named.get(source)} → ${named.get(target)}: ${say(value)}`;
  const option = {
    ...base,
    tooltip: {
      ...base.tooltip,
      formatter: ({ dataType, data, value }) =>
        dataType === "edge" ? text(data) : `${named.get(data.name)}: ${say(value)}`,
    },
    series: [
      {
        type: "sankey",
        left: 4,
        right: 6.6 * Math.max(...spec.nodes.map(({ name }) => name.length + 7)),
        top: 8,
        bottom: 8,
        nodeWidth: 12,
        nodeGap: 14,
        draggable: false,
        emphasis: { focus: "adjacency" },
        label: {
          color: ink("ink"),
          fontSize: 12,
          formatter: ({ name, value }) => `${named.get(name)}  ${say(value)}`,
        },
        lineStyle: { color: "source", opacity: 0.22, curveness: 0.5 },
        data: spec.nodes.map(({ id, name, role, url, depth }) => ({
          name: id ?? name,
          url,
          depth,
          itemStyle: { color: ink(role ?? "joint"), borderWidth: 0 },
        })),
        links: spec.links.map(({ source, target, value, url }) => ({ source, target, value, url })),
      },
    ],
  };
  const marks = spec.links.map((link, dataIndex) => ({
    seriesIndex: 0, dataIndex, url: link.url, text: text(link),
  }));
  const rows = spec.links.map((link) => [
    `${named.get(link.source)} → ${named.get(link.target)}`,
    { text: say(link.value), url: link.url },
  ]);
  return { option, marks, table: { columns: [spec.from_label ?? "", spec.value_label ?? ""], rows } };
}
