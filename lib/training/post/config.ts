/** Every number of a post-training run. Defaults follow WorldCompass (arXiv 2602.09022) where nothing else is said. */
import { z } from "zod";
import type { ExplorationConfig } from "../../rollout/explore.ts";
import { parseConfig } from "../../util/config.ts";
import { UserError } from "../../util/errors.ts";
import { count, decay, positive, share, weight, whole } from "../../util/schema.ts";

export interface PostConfig {
  readonly seed: number;
  /** Iterations of rolling out, judging and updating (paper: up to 100). */
  readonly iterations: number;
  readonly rollout: {
    /** Clips of a whole video, N (paper: 16). */
    readonly horizon: number;
    /** Prompts of an iteration, P. */
    readonly prompts: number;
    /** Share of prompts with combined commands. */
    readonly combined: number;
    /** Branches of a prompt, G (paper: 12). */
    readonly branches: number;
    readonly explore: ExplorationConfig;
  };
  readonly update: {
    /** Best and worst branches that are trained, each (paper: 3 + 3). */
    readonly keep: number;
    /** Noise levels at which each kept clip is trained, of the sampler's (paper: 20 of 40). */
    readonly sigmas: number;
    /** Draw levels and noise for each clip apart; otherwise the two clips of a pair share them (our addition). */
    readonly independentNoise: boolean;
    /** Optimiser steps of an iteration; the kept pairs are dealt out to them. */
    readonly steps: number;
    /** Muon's learning rate (paper: 1e-5, for a model of billions). */
    readonly lr: number;
    /** AdamW takes this times as much. */
    readonly adamwScale: number;
    readonly weightDecay: number;
    readonly clipNorm: number;
    /** Iterations of linear warm-up (our addition). */
    readonly warmup: number;
    /** Weight of the flow-matching loss on real data beside the objective (our addition; paper: none). */
    readonly anchor: number;
    /** Windows of real data in each optimiser step. */
    readonly anchorWindows: number;
  };
  readonly policies: {
    /** Decay of the old policy: min(oldMax, oldStart + oldSlope * iteration). */
    readonly oldStart: number;
    readonly oldSlope: number;
    readonly oldMax: number;
    /** Decay of the average that is evaluated. */
    readonly ema: number;
  };
  /** Control: the advantages of each group are shuffled among its branches, so that the rewards say nothing. */
  readonly placebo: boolean;
}

export const POST_TRAINING: PostConfig = {
  seed: 0,
  iterations: 64,
  rollout: {
    horizon: 16,
    prompts: 8,
    combined: 0.75,
    branches: 12,
    explore: { eta: 0, guidance: [1], perturbed: 0 },
  },
  update: {
    keep: 3,
    sigmas: 3,
    independentNoise: false,
    steps: 3,
    lr: 1e-4,
    adamwScale: 2,
    weightDecay: 1e-4,
    clipNorm: 2,
    warmup: 4,
    anchor: 0,
    anchorWindows: 2,
  },
  policies: { oldStart: 0.2, oldSlope: 0.01, oldMax: 0.9, ema: 0.9 },
  placebo: false,
};

const ranges = z.strictObject({
  seed: whole(),
  iterations: count(),
  rollout: z.strictObject({
    horizon: count(),
    prompts: count(),
    combined: share(),
    branches: count(),
    explore: z.strictObject({ eta: share(), guidance: z.array(weight()).min(1), perturbed: whole() }),
  }),
  update: z.strictObject({
    keep: count(),
    sigmas: count(),
    independentNoise: z.boolean(),
    steps: count(),
    lr: positive(),
    adamwScale: positive(),
    weightDecay: weight(),
    clipNorm: positive(),
    warmup: whole(),
    anchor: weight(),
    anchorWindows: count(),
  }),
  policies: z.strictObject({ oldStart: share(), oldSlope: weight(), oldMax: decay(), ema: decay() }),
  placebo: z.boolean(),
});

/**
 * Refuses what a run could not use, before anything is rolled out.
 * @param levels noise levels that the sampler has
 * @throws UserError naming the entry, its value and its range
 */
export function checkPostConfig(config: PostConfig, levels: number): void {
  const { rollout, update } = parseConfig(ranges, config);
  const { branches, explore } = rollout;
  const fits = (name: string, value: number, most: number, why: string): void => {
    if (value > most) throw new UserError(`${name} is ${value}, of ${why}`, `give ${most} at most`);
  };
  fits(
    "update.keep",
    update.keep,
    Math.floor(branches / 2),
    `the best and as many of the worst of ${branches} branches`,
  );
  fits("update.sigmas", update.sigmas, levels, `the sampler's ${levels} noise levels`);
  fits("rollout.explore.perturbed", explore.perturbed, branches, `${branches} branches`);
}
