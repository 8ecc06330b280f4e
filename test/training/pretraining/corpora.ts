/** Small corpora of planned trajectories with random tokens, whose mean is all that can be learnt of them. */

import { latentPath } from "../../../lib/model/legacy/condition.ts";
import { CLIP_LATENTS, CLIP_SIZE } from "../../../lib/model/legacy/config.ts";
import type { Corpus } from "../../../lib/training/pretraining/corpus.ts";
import type { Pretraining } from "../../../lib/training/pretraining/train.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { RECORDED } from "../../../lib/world/index.ts";
import { planTrajectory } from "../../../lib/world/plane/index.ts";
import { SMALL } from "../../model/legacy/small.ts";

const MEAN = 1;

export function syntheticCorpus(trajectories: number, clips: number, seed: number): Corpus {
  const latents = clips * CLIP_LATENTS;
  const plans = Array.from({ length: trajectories }, (_, i) =>
    planTrajectory({ scene: i, latents, kind: "mix", rollover: RECORDED, rng: Rng.of(seed, "plan", i) }),
  );
  const paths = plans.map(({ poses }) => Array.from({ length: latents }, (_, latent) => latentPath(poses, latent)));
  const tokens = plans.map((_, i) =>
    Rng.of(seed, "tokens", i)
      .normals(clips * CLIP_SIZE)
      .map((v) => v + MEAN),
  );
  return {
    trajectories,
    clips,
    tokens: (i, clip) => tokens[i].subarray(clip * CLIP_SIZE, (clip + 1) * CLIP_SIZE),
    commanded: (i) => plans[i].commanded,
    paths: (i) => paths[i],
  };
}

/** Six steps of a small model, saved after three and at the end. */
export const sixSteps = (dir: string): Pretraining => ({
  dir,
  model: SMALL,
  config: {
    seed: 0,
    steps: 6,
    batch: 2,
    lr: 3e-3,
    adamwScale: 0.5,
    ema: 0.99,
    saveEvery: 3,
    remakeEvery: 3,
    remade: 2,
  },
  corpus: syntheticCorpus(3, 8, 1),
  validation: syntheticCorpus(2, 7, 2),
  validationWindows: 2,
});
