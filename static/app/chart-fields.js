// Points, cells and flows: what is no series over categories.

export function scatter(spec, look) {
  const { ink, say } = look;
  const base = look.frame();
  const text = (point) =>
    `${point.name}: ${spec.x_label} ${say(point.x)} · ${spec.y_label} ${say(point.y)}`;
  const option = {
    ...base,
    grid: { ...base.grid, top: 28, right: 24, bottom: 22 },
    xAxis: look.axis({
      type: "value",
      name: spec.x_label,
      nameLocation: "middle",
      nameGap: 28,
      scale: true,
    }),
    yAxis: look.axis({
      type: "value",
      name: spec.y_label,
      nameTextStyle: { align: "left", color: ink("ink-3") },
      scale: true,
    }),
    tooltip: {
      ...base.tooltip,
      formatter: ({ dataIndex }) => text(spec.points[dataIndex]),
    },
    series: [
      {
        type: "scatter",
        symbolSize: 11,
        data: spec.points.map(({ x, y, name, url, role }) => ({
          value: [x, y],
          name,
          url,
          itemStyle: {
            color: look.faded(role ?? "joint", 0.78),
            borderColor: ink("paper"),
          },
          symbol:
            role === "marketing" ? "rect" : role === "sales" ? "triangle" : "circle",
        })),
      },
    ],
  };
  const marks = spec.points.map((point, dataIndex) => ({
    seriesIndex: 0,
    dataIndex,
    url: point.url,
    text: text(point),
  }));
  const rows = spec.points.map(({ name, x, y, url }) => [
    name,
    { text: say(x) },
    { text: say(y), url },
  ]);
  return { option, marks, table: { columns: ["", spec.x_label, spec.y_label], rows } };
}

// Cells, such as cohorts by month.

export function heatmap(spec, look) {
  const { ink, say } = look;
  const base = look.frame();
  const growing = {
    color: ink("paper"),
    borderColor: ink("line-strong"),
    borderType: [3, 3],
    borderWidth: 1,
  };
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
    xAxis: look.axis({
      type: "category",
      data: spec.x,
      name: spec.x_label,
      nameLocation: "middle",
      nameGap: 26,
      splitLine: { show: false },
    }),
    yAxis: look.axis({
      type: "category",
      data: spec.y,
      inverse: true,
      splitLine: { show: false },
    }),
    visualMap: {
      show: false,
      min: 0,
      max: high || 1,
      // Never so strong that the figure inside would fall below 4.5 : 1.
      inRange: {
        color: [ink("track"), look.mixed(spec.role ?? "joint", 0.36)],
      },
    },
    tooltip: {
      ...base.tooltip,
      formatter: ({ dataIndex }) => text(spec.cells[dataIndex]),
    },
    series: [
      {
        type: "heatmap",
        data: cells,
        itemStyle: { borderColor: ink("paper"), borderWidth: 2, borderRadius: 4 },
        label: {
          show: look.width > 420,
          color: ink("ink"),
          fontSize: 11,
          formatter: ({ value }) => say(value[2]),
        },
        emphasis: { itemStyle: { borderColor: ink("focus"), borderWidth: 2 } },
      },
    ],
  };
  const marks = spec.cells.map((cell, dataIndex) => ({
    seriesIndex: 0,
    dataIndex,
    url: cell.url,
    text: text(cell),
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

// Flows, such as leads moved by a new definition.

export function sankey(spec, look) {
  const { ink, say } = look;
  const base = look.frame();
  const named = new Map(spec.nodes.map((node) => [node.id ?? node.name, node.name]));
  const text = ({ source, target, value }) =>
    `${named.get(source)} → ${named.get(target)}: ${say(value)}`;
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
        links: spec.links.map(({ source, target, value, url }) => ({
          source,
          target,
          value,
          url,
        })),
      },
    ],
  };
  const marks = spec.links.map((link, dataIndex) => ({
    seriesIndex: 0,
    dataIndex,
    url: link.url,
    text: text(link),
  }));
  const rows = spec.links.map((link) => [
    `${named.get(link.source)} → ${named.get(link.target)}`,
    { text: say(link.value), url: link.url },
  ]);
  return {
    option,
    marks,
    table: { columns: [spec.from_label ?? "", spec.value_label ?? ""], rows },
  };
}
