import type { PlotSpec } from "../spec.ts";
import { paletteColor } from "../theme.ts";
import { type ChartOptions, layoutOf } from "./options.ts";

export interface PointSeries {
  name: string;
  x: readonly number[];
  y: readonly number[];
  /** Half length of the error bars in y. */
  spread?: readonly number[];
  color?: string;
  /** Diameter in pixels; default 7. */
  size?: number;
}

/** Points of one or several groups. */
export function scatterChart({ series, ...options }: ChartOptions & { series: readonly PointSeries[] }): PlotSpec {
  const data = series.map(({ name, x, y, spread, color, size = 7 }, order) => ({
    type: "scatter" as const,
    mode: "markers" as const,
    name,
    x,
    y,
    marker: { color: color ?? paletteColor(order), size },
    error_y: spread && { type: "data" as const, array: spread, width: 3, thickness: 1.2 },
  }));
  return { data, layout: layoutOf(options) };
}
