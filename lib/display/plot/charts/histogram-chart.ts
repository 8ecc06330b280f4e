import { UserError } from "../../../util/errors.ts";
import { type BarsMark, type Chart, type ChartOptions, chartOf, finite, type Values } from "../chart.ts";
import { SMALLEST, wholeWithin } from "../check.ts";
import { paletteColor } from "../theme.ts";
import { extentOf } from "../thin.ts";

export interface Sample {
  name: string;
  /** What is null or not finite is not counted. */
  values: Values;
  color?: string;
}

const BINS = [1, 1000] as const;
/** Numbers closer together than this share of their size fall into one bin: edges between them could not be told apart. */
const CLOSE = 1e-12;

/** The next of 1, 2, 5, 10, ... at any scale. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}

/** Distributions on common bins, laid over each other where there are several; heights are percent of each sample. */
export function histogramChart({
  samples,
  bins = 30,
  ...options
}: ChartOptions & { samples: readonly Sample[]; bins?: number }): Chart {
  wholeWithin("the number of bins", bins, BINS);
  const all = samples.map(({ values }) => finite(values));
  const extents = all.map(extentOf);
  const [low, high] = [Math.min(...extents.map(([a]) => a)), Math.max(...extents.map(([, b]) => b))];
  if (!(low <= high)) throw new UserError("a histogram of no finite values", "give at least one");
  const near = CLOSE * Math.max(Math.abs(low), Math.abs(high)) + SMALLEST;
  const size = roundStep(high - low > near ? (high - low) / bins : Math.max(1 / bins, near));
  const first = Math.floor(low / size);
  const count = Math.floor(high / size) - first + 1;
  const edges = Array.from({ length: count + 1 }, (_, i) => (first + i) * size);
  const marks = samples.map(({ name, color }, order): BarsMark => {
    const known = all[order].filter((value) => value !== null);
    const counts = new Float64Array(count);
    for (const value of known) counts[Math.min(count - 1, Math.max(0, Math.floor(value / size) - first))]++;
    return {
      ...{ kind: "bars", name, color: color ?? paletteColor(order), opacity: samples.length > 1 ? 0.6 : 1 },
      ...{
        from: edges.slice(0, -1),
        to: edges.slice(1),
        y: Array.from(counts, (n) => (100 * n) / Math.max(1, known.length)),
      },
      of: edges
        .slice(0, -1)
        .map((edge, i) => `${Number(edge.toPrecision(6))} to ${Number(edges[i + 1].toPrecision(6))}`),
    };
  });
  return chartOf({ ...options, y: { title: "share of the sample", unit: "%", ...options.y } }, marks);
}
