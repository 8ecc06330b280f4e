/** The pictures an estimator learns from, halved: true renders, and what the tokeniser makes of them. */

import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { groupsOfVideo, HALF_GROUP, halve } from "../../rewards/estimator/groups.ts";
import { Progress } from "../../util/progress.ts";
import { Rng } from "../../util/rng.ts";
import type { Dataset } from "../../world/data/index.ts";

export interface Bank {
  /** Halved groups [n, 5, 24, 120] of each version of the same n groups; the first version is the truth. */
  readonly versions: Uint16Array[];
  /** [n] executed actions. */
  readonly actions: Uint8Array;
}

export interface BankOptions {
  readonly seed: number;
  /** Trajectories taken from the data set: `first` to `first + count - 1`. */
  readonly first: number;
  readonly count: number;
  /** Standard deviations of the noise on latents: one reconstructed version each, drawn evenly up to this for each video. */
  readonly latentNoise: readonly number[];
}

/** Reads, reconstructs and halves. Without a tokeniser there is the true version alone. */
export function fillBank(data: Dataset, tokeniser: Tokeniser | undefined, options: BankOptions): Bank {
  const { seed, first, count, latentNoise } = options;
  const groups = data.manifest.config.latents - 1;
  const size = groups * HALF_GROUP;
  const levels = tokeniser ? latentNoise : [];
  const versions = Array.from({ length: 1 + levels.length }, () => new Uint16Array(count * size));
  const actions = new Uint8Array(count * groups);
  const progress = new Progress("pictures", count);
  for (let i = 0; i < count; i++) {
    const { frames, executed } = data.read(first + i);
    actions.set(executed.subarray(1), i * groups);
    versions[0].set(halve(groupsOfVideo(frames)), i * size);
    const latents = tokeniser?.encode(frames);
    levels.forEach((level, v) => {
      const rng = Rng.of(seed, "latent noise", v, first + i);
      const video = (tokeniser as Tokeniser).decode(withNoise(latents as Float32Array, rng.uniform(0, level), rng));
      versions[1 + v].set(halve(groupsOfVideo(video)), i * size);
    });
    progress.update(i + 1);
  }
  progress.finish();
  return { versions, actions };
}

const withNoise = (values: Float32Array, deviation: number, rng: Rng): Float32Array =>
  values.map((v) => v + deviation * rng.normal());
