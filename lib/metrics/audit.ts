/** Is a metric that needs no truth worth anything? Its rank correlation with what the truth says, at every depth. */
import { UserError } from "../util/errors.ts";
import { rankCorrelation } from "../util/statistics.ts";

/** Spearman's correlation at one depth, or over all of them. */
export interface Audit {
  /** -1..1; null where either side is constant or there are fewer than three videos. */
  readonly correlation: number | null;
  readonly videos: number;
}

const FEWEST = 3;

function correlate(metric: readonly number[], truth: readonly number[]): Audit {
  const kept = metric.map((_, i) => i).filter((i) => Number.isFinite(metric[i]) && Number.isFinite(truth[i]));
  const [a, b] = [kept.map((i) => metric[i]), kept.map((i) => truth[i])];
  const value = kept.length < FEWEST ? Number.NaN : rankCorrelation(a, b);
  return { correlation: Number.isFinite(value) ? value : null, videos: kept.length };
}

/**
 * The metric's rank correlation with the truth over videos, for each depth. A sound metric of quality is near 1, of
 * damage near -1; one that is near 0 at a depth says nothing there. Values that are not finite are left out.
 * @param metric,truth for every video one value a depth
 */
export function auditPerDepth(metric: readonly (readonly number[])[], truth: readonly (readonly number[])[]): Audit[] {
  const depths = metric[0]?.length ?? 0;
  const even = metric.length === truth.length && [...metric, ...truth].every((row) => row.length === depths);
  if (depths === 0 || !even)
    throw new UserError("an audit of unequal tables", "give the metric and the truth of the same videos and depths");
  return Array.from({ length: depths }, (_, d) => {
    const column = (rows: readonly (readonly number[])[]): number[] => rows.map((row) => row[d]);
    return correlate(column(metric), column(truth));
  });
}

/** The same of one value a video. */
export const audit = (metric: readonly number[], truth: readonly number[]): Audit =>
  auditPerDepth(
    metric.map((value) => [value]),
    truth.map((value) => [value]),
  )[0];
