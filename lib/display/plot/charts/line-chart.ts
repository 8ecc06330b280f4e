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

interface BandPoint {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

/** Runs of points without a gap, with the edges of their band. */
function bandRuns({ x, y, spread = [] }: LineSeries): BandPoint[][] {
  const runs: BandPoint[][] = [[]];
  for (const [i, value] of y.entries()) {
    if (value === null) runs.push([]);
    else runs[runs.length - 1].push({ x: x[i], low: value - spread[i], high: value + spread[i] });
  }
  return runs.filter((run) => run.length > 0);
}

/** The band as polygons, one a run: forth along the upper edge, back along the lower; a null separates two. */
function bandOf(series: LineSeries, color: string): ScatterTrace {
  const outlines = bandRuns(series).map((run) => {
    const back = [...run].reverse();
    return {
      x: [...run, ...back, run[0]].map((point) => point.x),
      y: [...run.map(({ high }) => high), ...back.map(({ low }) => low), null],
    };
  });
  return {
    type: "scatter",
    name: `${series.name} (spread)`,
    mode: "lines",
    x: outlines.flatMap((outline) => outline.x),
    y: outlines.flatMap((outline) => outline.y),
    line: { width: 0 },
    fill: "toself",
    fillcolor: translucent(color, 0.16),
    hoverinfo: "skip",
    showlegend: false,
    legendgroup: series.name,
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
