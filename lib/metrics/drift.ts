/**
 * Drift: how a video changes away from how it began. Every function takes one number (or description) a frame or clip, so
 * that any measure can be looked at in each way; none of them needs the true pictures.
 */
import { UserError } from "../util/errors.ts";
import { mean } from "../util/statistics.ts";
import { appearanceDistance, meanAppearance } from "./appearance.ts";

/** Share of a video that counts as its start, and as its end (FramePack's). */
export const END_SHARE = 0.15;

/** The first and the last `share` of a list, at least one element each. */
function ends<T>(items: readonly T[], share: number): [start: T[], end: T[]] {
  if (items.length < 2) throw new UserError(`drift over ${items.length} frames`, "give two frames or more");
  const n = Math.max(1, Math.round(share * items.length));
  return [items.slice(0, n), items.slice(-n)];
}

/** Start-to-end contrast |M(first 15 %) - M(last 15 %)|; blind to a collapse in between that recovers. */
export function startEndContrast(values: readonly number[], share = END_SHARE): number {
  const [start, end] = ends(values, share).map(mean);
  return Math.abs(start - end);
}

/** The same of descriptions: the distance between the mean appearance of the first and of the last 15 %. */
export function appearanceContrast(descriptions: readonly Float32Array[], share = END_SHARE): number {
  const [start, end] = ends(descriptions, share).map(meanAppearance);
  return appearanceDistance(start, end);
}

/**
 * Cuts a list into consecutive segments whose lengths differ by one at most.
 * @throws UserError if there are fewer elements than segments
 */
export function segmentsOf<T>(items: readonly T[], count: number): T[][] {
  if (!Number.isInteger(count) || count < 1 || items.length < count)
    throw new UserError(`${items.length} values in ${count} segments`, "ask for one segment a value, or fewer");
  const edge = (k: number): number => Math.round((k * items.length) / count);
  return Array.from({ length: count }, (_, k) => items.slice(edge(k), edge(k + 1)));
}

export const segmentMeans = (values: readonly number[], count: number): number[] => segmentsOf(values, count).map(mean);

/** Loss of a score from the first segment to the last, and to the worst one, which a look at both ends may miss. */
export interface SegmentLoss {
  readonly last: number;
  readonly worst: number;
}

/** @param values higher is better */
export function segmentLoss(values: readonly number[], count: number): SegmentLoss {
  const means = segmentMeans(values, count);
  return { last: means[0] - means[means.length - 1], worst: means[0] - Math.min(...means) };
}

/** Mean distance between the appearances of frames `lag` apart, for every lag; NaN where the video is too short. */
export function lagDistances(descriptions: readonly Float32Array[], lags: readonly number[]): number[] {
  return lags.map((lag) => {
    const pairs = descriptions.slice(lag).map((later, i) => appearanceDistance(descriptions[i], later));
    return mean(pairs);
  });
}

/** |v(frame) - v(first frame)| of any score, the paper's form of quality drift. */
export const changeFromFirst = (values: readonly number[]): number[] => values.map((v) => Math.abs(v - values[0]));

/** Distance of every description from the mean of the first `count` ones. */
export function distanceFromStart(descriptions: readonly Float32Array[], count: number): number[] {
  const start = meanAppearance(descriptions.slice(0, count));
  return descriptions.map((own) => appearanceDistance(own, start));
}
