/**
 * Every number of a post-training run: ranges, defaults and what each is for. Defaults follow WorldCompass (arXiv 2602.09022)
 * where nothing else is said. What rewards, trains and is trained on is passed in beside them, as values.
 */
import { z } from "zod";
import { explorationChoices } from "../../rollout/explore.ts";
import { parseConfig } from "../../util/config.ts";
import { UserError } from "../../util/errors.ts";
import { count, decay, positive, share, weight, whole } from "../../util/schema.ts";
import { isTree, merged, type Part } from "../../util/tree.ts";

const rollout = z.strictObject({
  horizon: count(1000).default(16).describe("Clips of a whole video, N (paper: 16)."),
  prompts: count(10_000).default(8).describe("Prompts of an iteration, P."),
  combined: share().default(0.75).describe("Share of prompts with combined commands."),
  branches: count(1000).default(12).describe("Branches of a prompt, G (paper: 12)."),
  explore: explorationChoices.prefault({}),
});

const update = z.strictObject({
  keep: count().default(3).describe("Best and worst branches that are trained, each (paper: 3 + 3)."),
  sigmas: count().default(3).describe("Noise levels at which each kept clip is trained (paper: 20 of 40)."),
  independentNoise: z
    .boolean()
    .default(false)
    .describe("Draw levels and noise for each clip apart; otherwise the two clips of a pair share them (ours)."),
  steps: count(10_000).default(3).describe("Optimiser steps of an iteration; the kept pairs are dealt out to them."),
  lr: positive().default(1e-4).describe("Learning rate of Muon (paper: 1e-5, for a model of billions)."),
  adamwScale: positive().default(2).describe("AdamW takes this times as much."),
  weightDecay: weight().default(1e-4),
  clipNorm: positive().default(2).describe("Largest gradient norm."),
  warmup: whole().default(4).describe("Iterations of linear warm-up (ours)."),
  anchor: weight()
    .default(0)
    .describe("Weight of the flow-matching loss on real data beside the objective (ours; paper: none)."),
  anchorWindows: count(1000).default(2).describe("Windows of real data in each optimiser step."),
});

const policies = z.strictObject({
  oldStart: share().default(0.2).describe("Decay of the old policy: min(oldMax, oldStart + oldSlope * iteration)."),
  oldSlope: weight().default(0.01),
  oldMax: decay().default(0.9),
  ema: decay().default(0.9).describe("Decay of the average that is evaluated."),
});

export const postTraining = z.strictObject({
  seed: whole().default(0),
  iterations: count().default(64).describe("Iterations of rolling out, scoring and updating (paper: up to 100)."),
  rollout: rollout.prefault({}),
  update: update.prefault({}),
  policies: policies.prefault({}),
  placebo: z
    .boolean()
    .default(false)
    .describe("Control: each group's advantages are shuffled among its branches, so that the rewards say nothing."),
});
/** Every number of a post-training run. */
export type PostConfig = z.output<typeof postTraining>;

/** The defaults; see docs/commands.md for ranges. */
export const POST_TRAINING: PostConfig = postTraining.parse({});

/**
 * The config once it is certain that a run can use it, before anything is rolled out.
 * @param levels noise levels that the sampler has
 * @throws UserError naming the entry, its value and its range
 */
export function checkedPostConfig(given: PostConfig, levels: number): PostConfig {
  const config = parseConfig(postTraining, given);
  const { branches, explore } = config.rollout;
  const { keep, sigmas } = config.update;
  const fits = (name: string, value: number, most: number, why: string): void => {
    if (value > most) throw new UserError(`${name} is ${value}, of ${why}`, `give ${most} at most`);
  };
  fits("update.keep", keep, Math.floor(branches / 2), `the best and as many of the worst of ${branches} branches`);
  fits("update.sigmas", sigmas, levels, `the sampler's ${levels} noise levels`);
  fits("rollout.explore.perturbed", explore.perturbed, branches, `${branches} branches`);
  return config;
}

/**
 * The numbers of a post-training run: the defaults, with what is given in their places.
 *
 * @param part any entries, nested; ranges and meanings stand in docs/commands.md (`--post...` of `npm run train`)
 * @throws UserError at an unknown name, telling the nearest one, and at a value out of its range
 * @example
 * ```ts
 * import { postConfig } from "worldcompass";
 * const { rollout, update } = postConfig({ rollout: { branches: 6 } });
 * console.log(rollout.branches, rollout.prompts, update.keep); // => 6 8 3
 * ```
 */
export function postConfig(part: Part<PostConfig> = {}): PostConfig {
  if (!isTree(part)) throw new UserError(`the config is ${JSON.stringify(part)}`, "give its entries by name");
  return parseConfig(postTraining, merged(POST_TRAINING, part));
}
