/** Does something grow for as long as it runs? */
import { UserError } from "../../lib/util/errors.ts";
import { mean } from "../../lib/util/statistics.ts";

/** What was counted at one moment: bytes, handles, files, tensors. */
export interface Sample {
  readonly at: number;
  readonly [what: string]: number;
}

export interface Growth {
  readonly what: string;
  /** Means of the second and of the last quarter of the samples: the first quarter still fills what is kept. */
  readonly before: number;
  readonly after: number;
  readonly grows: boolean;
}

/** Memory is given back late and in pieces; anything else is counted exactly. */
const MEMORY_SHARE = 0.1;
const MEMORY = "bytes";
export const FEWEST_SAMPLES = 8;

/** @throws UserError with too few samples to tell */
export function growthOf(samples: readonly Sample[]): Growth[] {
  if (samples.length < FEWEST_SAMPLES)
    throw new UserError(
      `${samples.length} samples do not tell whether anything grows`,
      "run more cells, or more minutes",
    );
  const quarter = Math.floor(samples.length / 4);
  const names = Object.keys(samples[0]).filter((name) => name !== "at");
  return names.map((what) => {
    const middle = (part: readonly Sample[]): number => mean(part.map((sample) => sample[what]));
    const [before, after] = [middle(samples.slice(quarter, 2 * quarter)), middle(samples.slice(-quarter))];
    return { what, before, after, grows: after > before * (what === MEMORY ? 1 + MEMORY_SHARE : 1) };
  });
}
