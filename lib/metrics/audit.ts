/** Is a metric that needs no truth worth anything? Its rank correlation with what the truth says. */
import { UserError } from "../util/errors.ts";
import { rankCorrelation } from "../util/statistics.ts";

/** Spearman's correlation. */
export interface Audit {
  /** -1..1; null where either side is constant or there are fewer than three videos. */
  readonly correlation: number | null;
  readonly videos: number;
}

const FEWEST = 3;

/**
 * The metric's rank correlation with the truth over videos. A sound metric of quality is near 1, of damage near -1; one that is
 * near 0 says nothing. Values that are not finite are left out.
 * @param metric,truth one value a video
 * @throws UserError where they are of different videos
 */
export function audit(metric: readonly number[], truth: readonly number[]): Audit {
  if (metric.length === 0 || metric.length !== truth.length)
    throw new UserError(
      `an audit of ${metric.length} values by ${truth.length}`,
      "give the metric and the truth of the same videos",
    );
  const kept = metric.map((_, i) => i).filter((i) => Number.isFinite(metric[i]) && Number.isFinite(truth[i]));
  const [a, b] = [kept.map((i) => metric[i]), kept.map((i) => truth[i])];
  const value = kept.length < FEWEST ? Number.NaN : rankCorrelation(a, b);
  return { correlation: Number.isFinite(value) ? value : null, videos: kept.length };
}
