/** The figure as plotly.js JSON, with the same numbers, ranges and places as the still picture. */
import { plotlyText } from "../names.ts";
import type { Axis, Chart, Figure, Reference } from "./chart.ts";
import { domainOf } from "./domain.ts";
import { EDGE, layoutOf, type Place } from "./layout.ts";
import { legendEntries } from "./legend.ts";
import { AXIS, FONT_STACK, GRID, INK, LABEL_SIZE, MUTED, TICK_SIZE, TITLE_SIZE } from "./theme.ts";
import { dashOf, tracesOf } from "./traces.ts";

const HEADING = { color: INK, weight: 600 };

function axisJson(axis: Axis, range: readonly [number, number], heatmap: boolean) {
  const log = axis.type === "log";
  const dtick = log ? (Math.log10(range[1] / range[0]) <= 3 ? "D2" : 1) : undefined;
  const names = heatmap
    ? { type: "category" }
    : axis.categories && { tickvals: [...axis.categories.keys()], ticktext: axis.categories.map(plotlyText) };
  return {
    ...{
      type: axis.type,
      range: log ? range.map(Math.log10) : range,
      ...names,
      ...(dtick === undefined ? {} : { dtick }),
    },
    title: { text: plotlyText(axis.label ?? ""), font: { size: LABEL_SIZE, color: MUTED }, standoff: 8 },
    ...(axis.categories ? { showgrid: false } : { showgrid: true, gridcolor: GRID }),
    ...{ zeroline: false, ticks: "outside", tickcolor: AXIS, tickfont: { size: TICK_SIZE, color: MUTED } },
  };
}

const suffix = (n: number): string => (n === 0 ? "" : String(n + 1));

function referenceJson({ x, y, label, color }: Reference, n: number, chart: Chart) {
  const level = y !== undefined;
  const [axis, other] = level ? ["y", "x"] : ["x", "y"];
  const at = level ? y : (x as number);
  const place = { [`${axis}ref`]: `${axis}${suffix(n)}`, [`${other}ref`]: `${other}${suffix(n)} domain` };
  const line = { color, width: 1.5, dash: dashOf("dash") };
  const logged = (level ? chart.y : chart.x).type === "log" ? Math.log10(at) : at;
  const shape = {
    type: "line",
    ...place,
    [`${axis}0`]: at,
    [`${axis}1`]: at,
    [`${other}0`]: 0,
    [`${other}1`]: 1,
    line,
  };
  const anchors = level ? { xanchor: "right", yanchor: "bottom" } : { xanchor: "left", yanchor: "top" };
  const note = {
    text: plotlyText(label ?? ""),
    ...place,
    [axis]: logged,
    [other]: 1,
    ...anchors,
    showarrow: false,
    font: { color },
  };
  return { shape, notes: label === undefined ? [] : [note] };
}

/** Axes, lines and headings of panel number `n`, by plotly's names. */
function panelJson(chart: Chart, { area, turned }: Place, n: number, { width, height, charts }: Figure) {
  const heatmap = chart.marks.some(({ kind }) => kind === "cells");
  const [x, y] = [
    [area.left / width, area.right / width],
    [1 - area.bottom / height, 1 - area.top / height],
  ];
  const lines = chart.references.map((reference) => referenceJson(reference, n, chart));
  const paper = { xref: "paper", yref: "paper", xanchor: "left", yanchor: "bottom", showarrow: false };
  const heading = { text: plotlyText(chart.title ?? ""), x: x[0], y: y[1], ...paper, font: HEADING };
  const tickangle = -turned;
  return {
    axes: {
      [`xaxis${suffix(n)}`]: {
        ...axisJson(chart.x, domainOf(chart, "x"), heatmap),
        domain: x,
        anchor: `y${suffix(n)}`,
        tickangle,
      },
      [`yaxis${suffix(n)}`]: {
        ...axisJson(chart.y, domainOf(chart, "y"), heatmap),
        domain: y,
        anchor: `x${suffix(n)}`,
      },
    },
    shapes: lines.map(({ shape }) => shape),
    annotations: [...lines.flatMap(({ notes }) => notes), ...(charts.length > 1 && chart.title ? [heading] : [])],
  };
}

/** Title and legend hang from the figure's upper edge. */
function headJson(figure: Figure, legendTop: number) {
  const { title, width, height } = figure;
  const hung = { x: EDGE / width, xanchor: "left", yanchor: "top" };
  const font = { ...HEADING, size: TITLE_SIZE };
  const legend = { orientation: "h", ...hung, y: 1 - (legendTop - 18) / height, xref: "container", yref: "container" };
  return {
    ...(title === undefined
      ? {}
      : { title: { text: plotlyText(title), ...hung, y: 1 - EDGE / height, yref: "container", font } }),
    ...(legendEntries(figure).length > 0 ? { showlegend: true, legend } : { showlegend: false }),
  };
}

export function interactiveJson(figure: Figure) {
  const { width, height, charts } = figure;
  const { legendTop, places } = layoutOf(figure);
  const named = new Set<string>();
  const data = charts.flatMap((chart, n) =>
    tracesOf(chart, { x: places[n].area.right / width, y: 1 - places[n].area.top / height }).map((trace) => {
      const { name } = trace;
      const repeated = name !== undefined && named.has(name);
      if (name !== undefined) named.add(name);
      return { ...trace, ...(repeated ? { showlegend: false } : {}), xaxis: `x${suffix(n)}`, yaxis: `y${suffix(n)}` };
    }),
  );
  const panels = charts.map((chart, n) => panelJson(chart, places[n], n, figure));
  return {
    data,
    layout: {
      ...{ width, height, margin: { l: 0, r: 0, t: 0, b: 0, pad: 0, autoexpand: false } },
      ...headJson(figure, legendTop),
      font: { family: FONT_STACK, size: LABEL_SIZE, color: INK },
      ...{ paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff", hovermode: "closest" },
      ...(data.some(({ type }) => type === "bar") ? { barmode: "overlay" } : {}),
      shapes: panels.flatMap(({ shapes }) => shapes),
      annotations: panels.flatMap(({ annotations }) => annotations),
      ...Object.assign({}, ...panels.map(({ axes }) => axes)),
    },
    config: { responsive: false, displaylogo: false },
  };
}
