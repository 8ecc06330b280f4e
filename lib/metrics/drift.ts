/** Drift without truth: how a video changes away from how it began. */
import { UserError } from "../util/errors.ts";
import { appearanceDistance, meanAppearance } from "./appearance.ts";

/** Share of a video that counts as its start, and as its end (FramePack's). */
export const END_SHARE = 0.15;

/**
 * Distance between the mean appearance of the first and of the last 15 %; blind to a collapse in between that recovers.
 * @throws UserError on fewer than two frames
 */
export function appearanceContrast(descriptions: readonly Float32Array[]): number {
  if (descriptions.length < 2)
    throw new UserError(`drift over ${descriptions.length} frames`, "give two frames or more");
  const n = Math.max(1, Math.round(END_SHARE * descriptions.length));
  return appearanceDistance(meanAppearance(descriptions.slice(0, n)), meanAppearance(descriptions.slice(-n)));
}
