import { categoriesOf, positioner } from "./scale.ts";
import type { Axis, Coordinate, HistogramTrace, Trace } from "./spec.ts";

/** Counts of a histogram's bins (in percent of all values when the trace asks for it). */
export function binCounts({ x, xbins, histnorm }: HistogramTrace): number[] {
  const counts = new Array<number>(Math.round((xbins.end - xbins.start) / xbins.size)).fill(0);
  for (const value of x) {
    const bin = Math.floor((value - xbins.start) / xbins.size);
    if (bin >= 0 && bin < counts.length) counts[bin]++;
  }
  return histnorm === "percent" ? counts.map((count) => (100 * count) / x.length) : counts;
}

/** Everything of a trace that its x axis must show. */
export function xValues(trace: Trace): Coordinate[] {
  return trace.type === "histogram" ? [trace.xbins.start, trace.xbins.end] : [...trace.x];
}

/** Everything of a trace that its y axis must show: error bars with both ends, bars with their foot. */
export function yValues(trace: Trace): Coordinate[] {
  if (trace.type === "histogram") return [0, ...binCounts(trace)];
  if (trace.type === "heatmap") return [...trace.y];
  const spread = trace.error_y?.array;
  const ends = trace.y.flatMap((y, i) => (y === null ? [] : spread ? [y - spread[i], y + spread[i]] : [y]));
  return trace.type === "bar" ? [0, ...ends] : ends;
}

const PADDING = 0.04;

/** The range of an axis in its own units, with a little air; a bar's foot and a bin's edge stay on the frame. */
export function rangeOf(
  axis: Axis,
  values: readonly Coordinate[],
  flush: { low: boolean; high: boolean },
): [number, number] {
  const categories = categoriesOf(axis, values);
  if (axis.type === "category") return [-0.5, categories.length - 0.5];
  const positions = values.map(positioner(axis, categories)).filter(Number.isFinite);
  if (positions.length === 0) return [0, 1];
  const [low, high] = [Math.min(...positions), Math.max(...positions)];
  const air = high > low ? (high - low) * PADDING : Math.abs(high) * PADDING || 1;
  return [flush.low ? low : low - air, flush.high ? high : high + air];
}

/** Which ends of an axis carry no air: the foot of bars and counts, the outer edges of bins. */
export function flushOf(direction: "x" | "y", traces: readonly Trace[], values: readonly Coordinate[]) {
  const numbers = values.filter((value) => typeof value === "number");
  const only = (type: Trace["type"]) => traces.every((trace) => trace.type === type);
  if (direction === "x") return { low: only("histogram"), high: only("histogram") };
  const footed = traces.some((trace) => trace.type === "bar" || trace.type === "histogram");
  return { low: footed && Math.min(...numbers) === 0, high: footed && Math.max(...numbers) === 0 };
}
