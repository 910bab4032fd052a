// Bars and lines over categories: sources, months, stages.

const DASHES = ["solid", [7, 4], [2, 3], [9, 3, 2, 3]];
const SYMBOLS = ["circle", "rect", "triangle", "diamond"];
const HATCH = {
  symbol: "rect",
  dashArrayX: [1, 0],
  dashArrayY: [3, 3],
  rotation: -Math.PI / 4,
};

export const bar = (spec, look) => overTime(turned(spec, look), look, "bar");
export const line = (spec, look) => overTime(spec, look, "line");

function overTime(spec, look, kind) {
  const { ink, say } = look;
  const colours = spec.series.map(({ role }, i) => {
    const name = look.roleAt(role, i);
    // Large fields of ink are a little softer, as in the funnel.
    return kind === "bar" && name === "joint" ? look.mixed(name, 0.86) : ink(name);
  });
  const series = spec.series.flatMap((one, i) =>
    KINDS[kind](spec, one, i, colours[i], look),
  );
  if (series.length) Object.assign(series[0], guides(spec, look));
  const intervals = spec.series.flatMap((one, i) =>
    whiskers(spec, one, i, kind, colours[i]),
  );
  const option = { ...look.frame(), series: [...series, ...intervals] };
  const names = spec.series.map(({ name }) => name);
  option.legend = look.legend(names);
  if (names.length < 2 && !spec.target) option.grid.top = 12;
  Object.assign(option, axes(spec, look));
  Object.assign(option.tooltip, {
    trigger: kind === "line" ? "axis" : "item",
    axisPointer: { type: "line", lineStyle: { color: ink("line-strong") } },
    formatter: (found) => hint(spec, say, found),
  });
  if (spec.zoom) addZoom(option, look);
  return { option, marks: marksOf(spec, say, series), table: tableOf(spec, say) };
}

const KINDS = { bar: bars, line: lines };

function axes(spec, look) {
  const names = look.axis({ type: "category", data: spec.categories });
  names.splitLine = { show: false };
  // A few names all fit, broken into lines; of many dates some are left out.
  if (spec.categories.length <= 8 && !spec.horizontal)
    Object.assign(names.axisLabel, {
      interval: 0,
      width: (look.width - 60) / spec.categories.length - 6,
      overflow: "break",
      lineHeight: 14,
    });
  const values = look.axis({
    type: "value",
    axisLine: { show: false },
    axisLabel: { color: look.ink("ink-3"), formatter: look.say.short },
    max: spec.max,
    splitNumber: spec.horizontal && look.width < 480 ? 3 : 5,
  });
  return spec.horizontal
    ? { xAxis: values, yAxis: { ...names, inverse: true } }
    : { xAxis: names, yAxis: values };
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
function lines(spec, one, index, colour, { ink }) {
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
        const bar = (x1, y1, x2, y2) => ({
          type: "line",
          shape: { x1, y1, x2, y2 },
          style,
        });
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

function guides(spec, { ink, say, faded }) {
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
    lines_.push({
      xAxis: at,
      label: { formatter: label, color: ink("ink-2"), fontSize: 11.5 },
    });
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
      itemStyle: { color: faded("ink-3", 0.1) },
      label: { color: ink("ink-3"), fontSize: 11.5, position: "insideTop" },
      data: spec.spans.map(({ from, to, label }) => [
        { xAxis: from, name: label },
        { xAxis: to },
      ]),
    };
  return found;
}

function addZoom(option, { ink, faded }) {
  option.dataZoom = [
    { type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false },
    {
      type: "slider",
      height: 18,
      bottom: 2,
      borderColor: ink("line"),
      fillerColor: faded("ink-3", 0.14),
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
      value === null ||
      value === undefined ||
      (repeats && !spec.series[of].immature[dataIndex])
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
