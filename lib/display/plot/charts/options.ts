import type { Axis, Layout, ReferenceLine } from "../spec.ts";
import { MUTED } from "../theme.ts";

/** What an axis shows: a quantity and its unit. */
export interface AxisOptions {
  title?: string;
  /** Written after the title in brackets. */
  unit?: string;
  range?: readonly [number, number];
  type?: Axis["type"];
  tickvals?: readonly number[];
}

/** A level or upright line with a label: a chance level, a published number, a boundary. */
export interface Reference {
  /** The value on the y axis (a level line) ... */
  y?: number;
  /** ... or on the x axis (an upright one). */
  x?: number;
  label?: string;
  color?: string;
}

export interface ChartOptions {
  title?: string;
  x?: AxisOptions;
  y?: AxisOptions;
  references?: readonly Reference[];
  /** Pixels. */
  width?: number;
  height?: number;
}

function axisOf({ title, unit, ...axis }: AxisOptions = {}): Axis {
  const text = unit ? `${title ?? ""} (${unit})`.trim() : title;
  return { ...axis, title: text === undefined ? undefined : { text } };
}

function lineOf({ x, y, label, color = MUTED }: Reference): ReferenceLine {
  const place =
    y !== undefined
      ? { xref: "x domain", x0: 0, x1: 1, yref: "y", y0: y, y1: y }
      : { xref: "x", x0: x as number, x1: x as number, yref: "y domain", y0: 0, y1: 1 };
  const line = { color, width: 1.5, dash: "dash" } as const;
  return { type: "line", ...place, line, label: label === undefined ? undefined : { text: label, color } };
}

/** The layout of a chart with one panel. */
export function layoutOf({ title, x, y, references, width, height }: ChartOptions): Layout {
  return {
    title: title === undefined ? undefined : { text: title },
    width,
    height,
    xaxis: axisOf(x),
    yaxis: axisOf(y),
    shapes: references?.map(lineOf),
  };
}
