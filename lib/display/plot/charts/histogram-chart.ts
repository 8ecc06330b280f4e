import { UserError } from "../../../util/errors.ts";
import type { PlotSpec } from "../spec.ts";
import { paletteColor } from "../theme.ts";
import { niceStep } from "../ticks.ts";
import { type ChartOptions, layoutOf } from "./options.ts";

export interface Sample {
  name: string;
  values: readonly number[];
  color?: string;
}

/** Distributions on common bins, laid over each other where there are several; heights are percent of each sample. */
export function histogramChart({
  samples,
  bins = 30,
  ...options
}: ChartOptions & { samples: readonly Sample[]; bins?: number }): PlotSpec {
  const all = samples.flatMap(({ values }) => [...values]);
  if (all.length === 0) throw new UserError("a histogram of no values", "give at least one");
  const [low, high] = all.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  const size = niceStep(low, high > low ? high : low + 1, bins);
  const start = Math.floor(low / size) * size;
  const end = start + (Math.floor((high - start) / size) + 1) * size;
  const data = samples.map(({ name, values, color }, order) => ({
    type: "histogram" as const,
    name,
    x: values,
    xbins: { start, end, size },
    autobinx: false as const,
    histnorm: "percent" as const,
    marker: { color: color ?? paletteColor(order) },
    opacity: samples.length > 1 ? 0.6 : 1,
  }));
  const layout = layoutOf({ ...options, y: { title: "share of the sample", unit: "%", ...options.y } });
  return { data, layout: { ...layout, barmode: "overlay" } };
}
