import { UserError } from "../../../util/errors.ts";
import type { BarTrace, PlotSpec } from "../spec.ts";
import { paletteColor } from "../theme.ts";
import { type ChartOptions, layoutOf } from "./options.ts";

export interface BarSeries {
  name: string;
  /** One a category; null leaves its place empty. */
  values: readonly (number | null)[];
  /** Half length of the error bars (a standard deviation, say). */
  spread?: readonly (number | null)[];
  color?: string;
}

/** Grouped bars: one group a category, one bar a series, with error bars. */
export function barChart({
  categories,
  series,
  ...options
}: ChartOptions & { categories: readonly string[]; series: readonly BarSeries[] }): PlotSpec {
  const data = series.map(({ name, values, spread, color }, order): BarTrace => {
    if (values.length !== categories.length || (spread && spread.length !== values.length)) {
      throw new UserError(
        `series "${name}" has ${values.length} values for ${categories.length} categories`,
        "give one value (and spread) for each category",
      );
    }
    const error_y =
      spread &&
      ({ type: "data", array: spread.map((half) => half ?? 0), width: 4, thickness: 1.5, color: "#1f2933" } as const);
    return { type: "bar", name, x: categories, y: values, marker: { color: color ?? paletteColor(order) }, error_y };
  });
  const layout = layoutOf({ ...options, x: { type: "category", ...options.x } });
  return { data, layout: { ...layout, barmode: "group" } };
}
