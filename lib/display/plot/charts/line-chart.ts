import { UserError } from "../../../util/errors.ts";
import type { PlotSpec, ScatterTrace } from "../spec.ts";
import { paletteColor, translucent } from "../theme.ts";
import { type ChartOptions, layoutOf } from "./options.ts";

export interface LineSeries {
  name: string;
  x: readonly number[];
  /** A null breaks the line. */
  y: readonly (number | null)[];
  /** Half width of a band around the line (a standard deviation, say), in units of y. */
  spread?: readonly number[];
  color?: string;
  dash?: "solid" | "dash" | "dot";
  /** Mark each point; default for up to 30 points. */
  points?: boolean;
}

/** The band around a line as one polygon: forth along the upper edge, back along the lower. Gaps carry no band. */
function bandOf({ x, y, spread = [], name }: LineSeries, color: string): ScatterTrace {
  const known = y.flatMap((value, i) => (value === null ? [] : [{ x: x[i], y: value, half: spread[i] }]));
  const back = [...known].reverse();
  return {
    type: "scatter",
    name: `${name} (spread)`,
    mode: "lines",
    x: [...known, ...back].map((point) => point.x),
    y: [...known.map((point) => point.y + point.half), ...back.map((point) => point.y - point.half)],
    line: { width: 0 },
    fill: "toself",
    fillcolor: translucent(color, 0.16),
    hoverinfo: "skip",
    showlegend: false,
    legendgroup: name,
  };
}

function tracesOf(series: LineSeries, order: number): ScatterTrace[] {
  const { name, x, y, spread, dash, color = paletteColor(order), points = x.length <= 30 } = series;
  if (x.length !== y.length || (spread && spread.length !== y.length)) {
    throw new UserError(
      `series "${name}" has ${x.length} x, ${y.length} y values`,
      "give one y (and spread) for each x",
    );
  }
  const mode = points ? "lines+markers" : "lines";
  const line: ScatterTrace = {
    type: "scatter",
    name,
    mode,
    x,
    y,
    line: { color, width: 2.2, dash },
    legendgroup: name,
  };
  return [...(spread ? [bandOf(series, color)] : []), { ...line, ...(points ? { marker: { color, size: 7 } } : {}) }];
}

/** Quantities over a number (time, clip index, steps), each with a band for its spread. */
export function lineChart({ series, ...options }: ChartOptions & { series: readonly LineSeries[] }): PlotSpec {
  const bandsFirst = series
    .flatMap(tracesOf)
    .sort((a, b) => Number(b.fill !== undefined) - Number(a.fill !== undefined));
  return { data: bandsFirst, layout: layoutOf(options) };
}
