/** How fast an estimator reads. */

import { BATCH, type Estimator, estimateSteps } from "../../rewards/estimator/estimator.ts";
import { GROUP_BYTES } from "../../rewards/estimator/groups.ts";
import { Rng } from "../../util/rng.ts";

const BATCHES = 8;

/** Groups of five frames a second, from bytes to labels; the pictures do not matter, so they are noise. */
export function measureSpeed(estimator: Estimator): number {
  const rng = Rng.of(0, "speed");
  const groups = new Uint8Array(BATCHES * BATCH * GROUP_BYTES).map(() => rng.bits() & 255);
  estimateSteps(estimator, groups.subarray(0, BATCH * GROUP_BYTES));
  const start = performance.now();
  estimateSteps(estimator, groups);
  return (1000 * BATCHES * BATCH) / (performance.now() - start);
}
