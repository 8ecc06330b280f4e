import { UserError } from "../../../util/errors.ts";
import { type Chart, type ChartOptions, chartOf, endsOf, finite, type PointsMark, type Values } from "../chart.ts";
import { within } from "../check.ts";
import { POINT_SIZE, paletteColor } from "../theme.ts";
import { thinnedPoints } from "../thin.ts";

export interface PointSeries {
  name: string;
  /** Points without a finite x and y are not shown. */
  x: Values;
  y: Values;
  /** Half length of the error bars in y. */
  spread?: Values;
  color?: string;
  /** Diameter in pixels; default 7. */
  size?: number;
}

/** Points of one or several groups. */
export function scatterChart({ series, ...options }: ChartOptions & { series: readonly PointSeries[] }): Chart {
  const log = { x: options.x?.type === "log", y: options.y?.type === "log" };
  const marks = series.map(({ name, spread, size = POINT_SIZE, ...given }, order): PointsMark => {
    within("the size of points", size, [0.1, 200]);
    const [x, y] = [finite(given.x), finite(given.y)];
    if (x.length !== y.length || (spread && spread.length !== y.length))
      throw new UserError(`series "${name}" has ${x.length} x, ${y.length} y values`, "give one y for each x");
    const color = given.color ?? paletteColor(order);
    return thinnedPoints({ kind: "points", name, x, y, color, size, ...endsOf(y, spread) }, log);
  });
  return chartOf(options, marks);
}
