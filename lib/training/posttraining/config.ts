/** Every number of a post-training run. Defaults follow WorldCompass (arXiv 2602.09022) where nothing else is said. */
import { z } from "zod";
import { grpo, nft, type Objective } from "../../objective/index.ts";
import { INTERACTION_VARIANTS } from "../../rewards/index.ts";
import { CURRICULA, checkExploration } from "../../rollout/index.ts";
import { parseConfig } from "../../util/config.ts";
import { UserError } from "../../util/errors.ts";
import { count, decay, positive, share, weight, whole } from "../../util/schema.ts";
import { merged, type Part } from "../../util/tree.ts";

/** Exploration beyond each branch's own noise; see lib/rollout/exploration.ts. */
const exploration = z.strictObject({
  eta: share().default(0).describe("Share of fresh noise in the sampler's early steps; 0 is the ODE."),
  etaShare: share().default(0.3).describe("Which share of the steps is early."),
  guidance: z
    .array(weight())
    .min(1)
    .default([1])
    .describe("Weights of action guidance, dealt out to the branches in turn; 1 is none."),
  neighbours: whole().default(0).describe("Branches of each prompt under a neighbouring action."),
  omitting: whole().default(0).describe("Branches of each prompt that are told a part of the command."),
  forgetting: whole().default(0).describe("Branches of each prompt that are shown the last picture alone."),
});

/** How whole videos or clips are rolled out. */
export const ROLLOUTS = ["clip", "sequence"] as const;

const rollout = z.strictObject({
  unit: z
    .enum(ROLLOUTS)
    .default("clip")
    .describe("clip: one clip is branched; sequence: whole videos, for the comparison."),
  horizon: count().default(8).describe("Clips of a whole video, N (paper: 16)."),
  curriculum: z.enum(CURRICULA).default("min2max").describe("Which clip of the video an iteration trains."),
  prompts: count().default(8).describe("Prompts of an iteration, P."),
  combined: share()
    .default(0.75)
    .describe("Share of prompts with combined commands; the base mostly obeys basic ones."),
  revisits: share()
    .default(0)
    .describe("Share of prompts that come back to earlier poses; without them the memory reward has nothing to say."),
  branches: count().default(12).describe("Branches of a prompt, G (paper: 12)."),
  keep: count().default(3).describe("Best and worst branches that are trained, each (paper: 3 + 3)."),
  exploration: exploration.prefault({}),
});

const sampler = z.strictObject({
  steps: count().default(6).describe("Euler steps (paper: 40)."),
  shift: positive().default(3).describe("Flow shift; larger spends more steps at high noise, 1 is none."),
  last: z.number().gt(0).lt(1).default(0.2).describe("The last noise level above 0."),
});

const objective = z.strictObject({
  name: z.enum(["nft", "flow-grpo"]).default("nft"),
  beta: positive().default(1).describe("Strength of the implicit negative policy (nft)."),
  uniformWeight: z.boolean().default(false).describe("NFT without the adaptive weight."),
  oldPolicy: z.enum(["true", "stop-gradient"]).default("true").describe("What the trained policy is compared with."),
  positiveOnly: z.boolean().default(false).describe("Train towards the best branches alone."),
  klWeight: weight().default(0).describe("Weight of the distance from the base model's predictions (paper: 0)."),
  ratioClip: positive().default(1e-3).describe("Flow-GRPO's clip of the probability ratio."),
  sigmas: count()
    .default(3)
    .describe("Noise levels at which each kept clip is trained, of the sampler's (paper: 20 of 40)."),
  independentNoise: z
    .boolean()
    .default(false)
    .describe("Draw levels and noise for each clip apart; otherwise the two of a pair share them (our addition)."),
});

const optimiser = z.strictObject({
  steps: count().default(3).describe("Steps of an iteration; the kept pairs are dealt out to them."),
  lr: positive().default(1e-4).describe("Muon's learning rate (paper: 1e-5, for a model of billions)."),
  adamwScale: positive().default(2).describe("What AdamW takes of it."),
  decisionScale: positive()
    .default(1)
    .describe("What the decision between motions takes of that: what obeys need not wear the pictures."),
  weightDecay: weight().default(1e-4),
  clipNorm: positive().default(2).describe("Gradients are scaled down to this norm."),
  warmup: whole().default(4).describe("Iterations of linear warm-up (our addition)."),
  cooldown: share()
    .default(0.3)
    .describe("Share of the run, at its end, in which the learning rate falls linearly (our addition)."),
});

/** Decay of the old policy: min(oldMax, oldStart + oldSlope * iteration). */
const averages = z.strictObject({
  oldStart: decay().default(0.2).describe("Decay of the old policy at first,"),
  oldSlope: weight().default(0.01).describe("what is added to it at every iteration,"),
  oldMax: decay().default(0.9).describe("and at most."),
  ema: decay().default(0.9).describe("Decay of the average that is evaluated."),
});

const rewards = z.strictObject({
  variant: z.enum(INTERACTION_VARIANTS).default("hard").describe("How action following is scored."),
  interaction: weight().default(2).describe("Weight of action following."),
  visual: weight().default(1).describe("Of the preference model's score."),
  fidelity: weight()
    .default(1)
    .describe("Of the likeness in colour and sharpness to the first, true frame: the scorer alone is fooled (ours)."),
  drift: weight().default(0).describe("Of the paper's quality drift, -mean |q(frame) - q(first frame)|."),
  appearance: weight().default(0).describe("Of the change of appearance since the first clip (ours)."),
  memory: weight().default(0).describe("Of the likeness to the earlier picture where the camera comes back (ours)."),
});

const anchor = z.strictObject({
  weight: weight().default(0).describe("Weight of the flow-matching loss on real data (our addition; paper: none)."),
  batch: count().default(2).describe("Windows of real data in each optimiser step."),
});

/** The config's schema: types, ranges, defaults and what each entry means. */
export const postTraining = z.strictObject({
  seed: whole().default(0),
  iterations: count()
    .default(16)
    .describe("Iterations of rolling out, judging and updating (paper: up to 100): two rounds of the curriculum."),
  rollout: rollout.prefault({}),
  sampler: sampler.prefault({}),
  objective: objective.prefault({}),
  optimiser: optimiser.prefault({}),
  averages: averages.prefault({}),
  rewards: rewards.prefault({}),
  anchor: anchor.prefault({}),
});

export type PostTrainConfig = z.infer<typeof postTraining>;

/** The defaults. */
export const POST_TRAINING: PostTrainConfig = postTraining.parse({});

/** The defaults, with what the parts say in their place; later parts count more. */
export const postTrainConfig = (...parts: readonly Part<PostTrainConfig>[]): PostTrainConfig =>
  parseConfig(postTraining, merged(POST_TRAINING, ...parts));

export function objectiveOf({ objective: chosen }: PostTrainConfig): Objective {
  const { beta, uniformWeight, oldPolicy, positiveOnly, klWeight, ratioClip } = chosen;
  if (chosen.name === "flow-grpo") return grpo({ clip: ratioClip, klWeight });
  return nft({ beta, adaptiveWeight: !uniformWeight, oldPolicy, positiveOnly, klWeight });
}

/** Clips of the shortest video with a revisit: two legs of four latents. */
const SHORTEST_REVISIT = 3;

/** @throws UserError at the first thing that is out of its range, or does not fit the rest */
export function checkConfig(config: PostTrainConfig): void {
  parseConfig(postTraining, config);
  const { rollout: rolled, sampler: sampled, objective: chosen, optimiser: stepped, rewards: rewarded } = config;
  const { branches, keep, revisits, horizon } = rolled;
  checkExploration(rolled.exploration, branches);
  const refuse = (wrong: boolean, problem: string, mend: string): void => {
    if (wrong) throw new UserError(problem, mend);
  };
  refuse(2 * keep > branches, `${keep} best and worst of ${branches} branches`, "keep at most half of the branches");
  refuse(
    keep % stepped.steps !== 0,
    `${keep} pairs in ${stepped.steps} optimiser steps`,
    "let optimiser.steps divide rollout.keep",
  );
  refuse(
    rewarded.memory > 0 && (revisits === 0 || horizon < SHORTEST_REVISIT),
    `a memory reward with ${revisits} of the prompts returning within ${horizon} clips`,
    `give rollout.revisits above 0 and a horizon of ${SHORTEST_REVISIT} clips or more`,
  );
  refuse(chosen.sigmas > sampled.steps, `${chosen.sigmas} of ${sampled.steps} noise levels`, "give as many or fewer");
  refuse(
    chosen.name === "flow-grpo" && (rolled.exploration.eta === 0 || rolled.unit !== "clip"),
    "Flow-GRPO without stochastic clips",
    "give a rollout.exploration.eta above 0, and clip rollouts",
  );
}
