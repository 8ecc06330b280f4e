import { UserError } from "../../../util/errors.ts";
import { type BarsMark, type Chart, type ChartOptions, chartOf, endsOf, finite, type Values } from "../chart.ts";
import { paletteColor } from "../theme.ts";

export interface BarSeries {
  name: string;
  /** One a category; what is null or not finite leaves its place empty. */
  values: Values;
  /** Half length of the error bars (a standard deviation, say). */
  spread?: Values;
  color?: string;
}

/** Part of a category's place that its bars fill. */
const FILLED = 0.8;

/** Grouped bars: one group a category, one bar a series, with error bars. */
export function barChart({
  categories,
  series,
  ...options
}: ChartOptions & { categories: readonly string[]; series: readonly BarSeries[] }): Chart {
  const width = FILLED / series.length;
  const marks = series.map(({ name, values, spread, color }, i): BarsMark => {
    if (values.length !== categories.length || (spread && spread.length !== values.length)) {
      throw new UserError(
        `series "${name}" has ${values.length} values for ${categories.length} categories`,
        "give one value (and spread) for each category",
      );
    }
    const y = finite(values);
    const edge = (k: number): number[] => categories.map((_, n) => n - FILLED / 2 + k * width);
    return {
      kind: "bars",
      name,
      color: color ?? paletteColor(i),
      from: edge(i),
      to: edge(i + 1),
      y,
      opacity: 1,
      of: categories,
      ...endsOf(y, spread),
    };
  });
  return chartOf(options, marks, { x: categories });
}
