import { UserError } from "../../../util/errors.ts";
import { type Chart, type ChartOptions, chartOf, endsOf, finite, type LineMark, type Values } from "../chart.ts";
import { paletteColor } from "../theme.ts";
import { thinnedLine } from "../thin.ts";

export interface LineSeries {
  name: string;
  x: readonly number[];
  /** What is null or not finite breaks the line. */
  y: Values;
  /** Half width of a band around the line (a standard deviation, say), in units of y. */
  spread?: Values;
  color?: string;
  dash?: "solid" | "dash" | "dot";
  /** Mark each point; default for up to 30 points. */
  points?: boolean;
}

function markOf(series: LineSeries, order: number, log: boolean): LineMark {
  const { name, spread, dash, color = paletteColor(order), points = series.x.length <= 30 } = series;
  const [x, y] = [finite(series.x), finite(series.y)];
  if (x.length !== y.length || (spread && spread.length !== y.length)) {
    throw new UserError(
      `series "${name}" has ${x.length} x, ${y.length} y values${spread ? ` and a spread of ${spread.length}` : ""}`,
      "give one y (and spread) for each x",
    );
  }
  return thinnedLine({ kind: "line", ...{ name, x, y, color, dash, points }, ...endsOf(y, spread) }, log);
}

/**
 * Quantities over a number (time, clip index, steps), each with a band for its spread.
 *
 * @throws UserError where a series has not one y for each x
 *
 * @example
 * ```ts
 * import { display, lineChart, plot } from "worldcompass";
 * const series = [{ name: "reward", x: [0, 1, 2], y: [0.2, 0.4, 0.5] }];
 * await display(plot(lineChart({ title: "a run", series })));
 * ```
 */
export function lineChart({ series, ...options }: ChartOptions & { series: readonly LineSeries[] }): Chart {
  const log = options.x?.type === "log";
  return chartOf(
    options,
    series.map((one, order) => markOf(one, order, log)),
  );
}
