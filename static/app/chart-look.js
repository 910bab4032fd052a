// The look all charts share: colours of the page, numbers in its language, axes.
// Tooltips are drawn on the canvas (rich text), because HTML ones need inline styles
// that the content policy refuses. chart-time.js and chart-fields.js draw with it.

const FONT = "Inter, system-ui, sans-serif";
const PALETTE = ["joint", "sales", "marketing", "good", "warn", "ink-3"];

/** What a chart draws with.
    @param spec the page's figures, see docs/ui.md
    @param page {ink: name → colour as rgb(), lang, width} */
export function lookOf(spec, page) {
  const { ink } = page;
  return {
    ...page,
    say: formatter(spec, page.lang),
    roleAt: (role, i) => role ?? PALETTE[i % PALETTE.length],
    faded: (name, share) => `rgba(${parts(ink(name)).join(", ")}, ${share})`,
    mixed: (name, share) => mixed(ink(name), ink("paper"), share),
    frame: () => frame(ink),
    axis: (more) => axis(ink, more),
    legend: (names) => legend(ink, names),
  };
}

function formatter({ unit = "count", currency, digits }, lang) {
  const styles = {
    count: { maximumFractionDigits: digits ?? 0 },
    number: { maximumFractionDigits: digits ?? 1 },
    ratio: {
      style: "percent",
      minimumFractionDigits: digits ?? 1,
      maximumFractionDigits: digits ?? 1,
    },
    money: {
      style: "currency",
      currency: currency ?? "EUR",
      maximumFractionDigits: digits ?? 0,
    },
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

const parts = (rgb) =>
  rgb
    .match(/[\d.]+/g)
    .slice(0, 3)
    .map(Number);

function mixed(rgb, ground, share) {
  const below = parts(ground);
  const part = (value, i) => Math.round(value * share + below[i] * (1 - share));
  return `rgb(${parts(rgb).map(part).join(", ")})`;
}

function frame(ink) {
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
      textStyle: {
        fontFamily: FONT,
        color: ink("ink"),
        fontSize: 12.5,
        lineHeight: 19,
      },
    },
  };
}

function axis(ink, more) {
  return {
    axisLine: { lineStyle: { color: ink("line") } },
    axisTick: { show: false },
    axisLabel: { color: ink("ink-3"), hideOverlap: true },
    splitLine: { lineStyle: { color: ink("line") } },
    nameTextStyle: { color: ink("ink-3") },
    ...more,
  };
}

function legend(ink, names) {
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
