/** Marks as traces of plotly.js. */
import { plotlyText } from "../names.ts";
import type { CellsMark, Chart, Mark, Values } from "./chart.ts";
import {
  BAND_OPACITY,
  DASHES,
  INK,
  LABEL_SIZE,
  LINE_WIDTH,
  MUTED,
  POINT_SIZE,
  SEQUENTIAL,
  TICK_SIZE,
} from "./theme.ts";

export interface PlotlyTrace {
  [attribute: string]: unknown;
  type: string;
  name?: string;
}

/** Lengths of dashes and gaps as plotly writes them. */
export const dashOf = (dash: keyof typeof DASHES = "solid"): string =>
  DASHES[dash]?.replaceAll(" ", "px,").concat("px") ?? "solid";

/** Runs of points without a gap, as positions in the list. */
function runsOf(low: Values, high: Values): number[][] {
  const runs: number[][] = [[]];
  for (const i of low.keys()) {
    if (low[i] === null || high[i] === null) runs.push([]);
    else runs[runs.length - 1].push(i);
  }
  return runs.filter((run) => run.length > 0);
}

/** A band as polygons, one a run: forth along the upper edge, back along the lower; a null separates two. */
function bandJson({ x, low = [], high = [], color, name }: Extract<Mark, { kind: "line" }>) {
  const outlines = runsOf(low, high).map((run) => ({
    x: [...run, ...run.toReversed(), run[0], run[0]].map((i) => x[i]),
    y: [...run.map((i) => high[i]), ...run.toReversed().map((i) => low[i]), high[run[0]], null],
  }));
  return {
    ...{ type: "scatter", mode: "lines", line: { width: 0 }, fill: "toself", fillcolor: color, opacity: BAND_OPACITY },
    x: outlines.flatMap((outline) => outline.x),
    y: outlines.flatMap((outline) => outline.y),
    ...{ hoverinfo: "skip", showlegend: false, legendgroup: plotlyText(name) },
  };
}

function errorJson(y: Values, low: Values | undefined, high: Values | undefined) {
  if (!low || !high) return {};
  const length = (a: number | null, b: number | null): number => (a === null || b === null ? 0 : a - b);
  const [array, arrayminus] = [y.map((v, i) => length(high[i], v)), y.map((v, i) => length(v, low[i]))];
  return { error_y: { type: "data", symmetric: false, array, arrayminus, color: INK, thickness: 1.4, width: 0 } };
}

function cellsJson(
  { values, limits: [zmin, zmax], quantity, decimals }: CellsMark,
  { x, y }: Chart,
  at: { x: number; y: number },
) {
  const colorscale = SEQUENTIAL.map((color, i) => [i / (SEQUENTIAL.length - 1), color]);
  const text = values.map((row) => row.map((value) => (value === null ? "" : value.toFixed(decimals))));
  return {
    ...{
      type: "heatmap",
      z: values,
      x: x.categories?.map(plotlyText),
      y: y.categories?.map(plotlyText),
      colorscale,
      zmin,
      zmax,
    },
    colorbar: {
      title: { text: plotlyText(quantity), side: "top", font: { size: LABEL_SIZE, color: MUTED } },
      ...{ orientation: "h", thickness: 12, len: 204, lenmode: "pixels", outlinewidth: 0 },
      ...{ ...at, xanchor: "right", yanchor: "bottom", ypad: 4, xpad: 0 },
      tickfont: { size: TICK_SIZE, color: MUTED },
    },
    ...(decimals === undefined ? {} : { text, texttemplate: "%{text}" }),
  };
}

/** Points between two gaps: a line through them alone would not be seen. */
function lonely(x: Values, y: Values): number[] {
  const gap = (i: number): boolean => (x[i] ?? null) === null || (y[i] ?? null) === null;
  return [...y.keys()].filter((i) => !gap(i) && gap(i - 1) && gap(i + 1));
}

function traceJson(mark: Mark, chart: Chart, corner: { x: number; y: number }): PlotlyTrace {
  if (mark.kind === "cells") return cellsJson(mark, chart, corner);
  const { color, y, low, high } = mark;
  const name = plotlyText(mark.name);
  const shared = { name, y, legendgroup: name };
  if (mark.kind === "bars") {
    const { from, to, of, opacity } = mark;
    const middles = from.map((left, i) => (left + to[i]) / 2);
    const widths = from.map((left, i) => to[i] - left);
    const hover = { customdata: of.map(plotlyText), hovertemplate: "%{customdata}: %{y}" };
    return {
      type: "bar",
      ...shared,
      x: middles,
      width: widths,
      marker: { color },
      opacity,
      ...hover,
      ...errorJson(y, low, high),
    };
  }
  const { x } = mark;
  const marker = (size: number | number[]) => ({ marker: { color, size } });
  if (mark.kind === "points")
    return { type: "scatter", mode: "markers", ...shared, x, ...marker(mark.size), ...errorJson(y, low, high) };
  const line = { color, width: LINE_WIDTH, dash: dashOf(mark.dash) };
  const alone = mark.points ? [] : lonely(x, y);
  const sizes = alone.length > 0 ? y.map((_, i) => (alone.includes(i) ? LINE_WIDTH : 0)) : POINT_SIZE;
  const marked = mark.points || alone.length > 0;
  return {
    type: "scatter",
    mode: marked ? "lines+markers" : "lines",
    ...shared,
    x,
    line,
    ...(marked ? marker(sizes) : {}),
  };
}

/** Bands first: they lie under all lines. */
export const tracesOf = (chart: Chart, corner: { x: number; y: number }): PlotlyTrace[] => [
  ...chart.marks.flatMap((mark) => (mark.kind === "line" && mark.low && mark.high ? [bandJson(mark)] : [])),
  ...chart.marks.map((mark) => traceJson(mark, chart, corner)),
];
