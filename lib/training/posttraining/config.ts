/** Every number of a post-training run. Defaults follow WorldCompass (arXiv 2602.09022) where nothing else is said. */

import type { SamplerConfig } from "../../model/legacy/sampler.ts";
import { grpo, nft, type Objective } from "../../objective/index.ts";
import { checkExploration, curriculumOf, type Exploration } from "../../rollout/index.ts";
import { UserError } from "../../util/errors.ts";

export const POST_TRAINING = {
  seed: 0,
  /** Iterations of rolling out, judging and updating (paper: up to 100): two rounds of the curriculum. */
  iterations: 16,
  /** Clips of a whole video, N (paper: 16). */
  horizon: 8,
  /** min2max, max2min, random or progressive. */
  curriculum: "min2max",
  /** `clip`: one clip is branched; `sequence`: whole videos, for the comparison. */
  rollouts: "clip",
  /** Prompts of an iteration, P. */
  prompts: 8,
  /** Share of prompts with combined commands; more than half, since the base mostly obeys basic ones (our choice). */
  combined: 0.75,
  /** Branches of a prompt, G (paper: 12). */
  branches: 12,
  /** Best and worst branches that are trained, each (paper: 3 + 3). */
  keep: 3,
  /** Euler steps of the sampler (paper: 40). */
  samplerSteps: 6,
  shift: 3,
  /** The sampler's last noise level above 0. */
  lastSigma: 0.2,
  /** Noise levels at which each kept clip is trained, of the sampler's (paper: 20 of 40). */
  sigmas: 3,
  /** Draw levels and noise for each clip apart; otherwise the two clips of a pair share them (our addition). */
  independentNoise: false,
  /** Optimiser steps of an iteration; the kept pairs are dealt out to them. */
  optimiserSteps: 3,
  /** Muon's learning rate (paper: 1e-5, for a model of billions). */
  lr: 1e-4,
  /** AdamW, which trains the decision between motions among others, takes this times as much, */
  adamwScale: 2,
  /** and for that decision alone (model/decision.ts) this times as much again: what obeys need not wear the pictures. */
  decisionScale: 1,
  weightDecay: 1e-4,
  clipNorm: 2,
  /** Iterations of linear warm-up (our addition). */
  warmup: 4,
  /** Share of the run, at its end, in which the learning rate falls linearly (our addition). */
  cooldown: 0.3,
  /** nft or flow-grpo. */
  objective: "nft",
  beta: 1,
  /** NFT without the adaptive weight. */
  uniformWeight: false,
  /** true or stop-gradient. */
  oldPolicy: "true",
  positiveOnly: false,
  /** Weight of the distance from the base model's predictions (paper: 0). */
  klWeight: 0,
  /** Flow-GRPO's clip of the probability ratio. */
  ratioClip: 1e-3,
  /** Decay of the old policy: min(oldMax, oldStart + oldSlope * iteration). */
  oldStart: 0.2,
  oldSlope: 0.01,
  oldMax: 0.9,
  /** Decay of the average that is evaluated. */
  ema: 0.9,
  /** Exploration beyond each branch's own noise; see lib/rollout/exploration.ts. Guidance: weights, comma-separated. */
  eta: 0,
  etaShare: 0.3,
  guidance: "1",
  neighbours: 0,
  omitting: 0,
  forgetting: 0,
  /** hard or soft. */
  interaction: "hard",
  interactionWeight: 2,
  visualWeight: 1,
  /** Of the likeness in colour and sharpness to the first, true frame: the scorer alone is fooled (our addition). */
  fidelityWeight: 1,
  /** Of the paper's quality drift, -mean |q(frame) - q(first frame)|. */
  driftWeight: 0,
  /** Of the change of appearance since the first clip (our addition). */
  appearanceWeight: 0,
  /** Of the likeness to the earlier picture where the camera comes back (our addition). */
  memoryWeight: 0,
  /** Share of the prompts that come back to earlier poses, 0..1; without them the memory reward has nothing to say. */
  revisits: 0,
  /** Weight of the flow-matching loss on real data beside the objective (our addition; paper: none). */
  anchorWeight: 0,
  /** Windows of real data in each optimiser step. */
  anchorBatch: 2,
};

export type PostTrainConfig = typeof POST_TRAINING;

/** How whole videos or clips are rolled out. */
export const ROLLOUTS = ["clip", "sequence"] as const;

export function objectiveOf(config: PostTrainConfig): Objective {
  const { objective, beta, uniformWeight, oldPolicy, positiveOnly, klWeight, ratioClip } = config;
  if (objective === "flow-grpo") return grpo({ clip: ratioClip, klWeight });
  if (objective !== "nft") throw new UserError(`there is no objective "${objective}"`, "choose nft or flow-grpo");
  if (oldPolicy !== "true" && oldPolicy !== "stop-gradient") {
    throw new UserError(`there is no old policy "${oldPolicy}"`, "choose true or stop-gradient");
  }
  return nft({ beta, adaptiveWeight: !uniformWeight, oldPolicy, positiveOnly, klWeight });
}

export const samplerOf = ({ samplerSteps, shift, lastSigma }: PostTrainConfig): SamplerConfig => ({
  steps: samplerSteps,
  shift,
  last: lastSigma,
});

export const explorationOf = ({
  eta,
  etaShare,
  guidance,
  neighbours,
  omitting,
  forgetting,
}: PostTrainConfig): Exploration => ({
  eta,
  etaShare,
  guidance: guidance.split(",").map(Number),
  neighbours,
  omitting,
  forgetting,
});

/** Clips of the shortest video with a revisit: two legs of four latents. */
const SHORTEST_REVISIT = 3;

const COUNTS = ["iterations", "horizon", "prompts", "branches", "keep", "samplerSteps", "sigmas", "optimiserSteps"];

/** @throws UserError at the first thing that cannot be run */
export function checkConfig(config: PostTrainConfig): void {
  for (const [name, value] of Object.entries(config)) {
    if (COUNTS.includes(name) && !(Number.isInteger(value) && Number(value) >= 1)) {
      throw new UserError(`${name} is ${value}`, "give a whole number, 1 or more");
    }
  }
  const { branches, keep, optimiserSteps, sigmas, samplerSteps, rollouts, objective, eta } = config;
  curriculumOf(config.curriculum);
  objectiveOf(config);
  checkExploration(explorationOf(config), branches);
  const refuse = (wrong: boolean, problem: string, mend: string): void => {
    if (wrong) throw new UserError(problem, mend);
  };
  refuse(2 * keep > branches, `${keep} best and worst of ${branches} branches`, "keep at most half of the branches");
  refuse(
    keep % optimiserSteps !== 0,
    `${keep} pairs in ${optimiserSteps} optimiser steps`,
    "let optimiserSteps divide keep",
  );
  const { combined, revisits, memoryWeight, horizon, cooldown } = config;
  refuse(!(cooldown >= 0 && cooldown <= 1), `a cooldown of ${cooldown} of the run`, "give a share from 0 to 1");
  refuse(!(combined >= 0 && combined <= 1), `${combined} of the prompts combined`, "give a share from 0 to 1");
  refuse(!(revisits >= 0 && revisits <= 1), `${revisits} of the prompts with revisits`, "give a share from 0 to 1");
  refuse(
    memoryWeight > 0 && (revisits === 0 || horizon < SHORTEST_REVISIT),
    `a memory reward with ${revisits} of the prompts returning within ${horizon} clips`,
    `give revisits above 0 and a horizon of ${SHORTEST_REVISIT} clips or more`,
  );
  refuse(sigmas > samplerSteps, `${sigmas} of ${samplerSteps} noise levels`, "give as many or fewer");
  refuse(!ROLLOUTS.some((r) => r === rollouts), `rollouts "${rollouts}"`, `choose one of ${ROLLOUTS.join(", ")}`);
  refuse(
    objective === "flow-grpo" && (eta === 0 || rollouts !== "clip"),
    "Flow-GRPO without stochastic clips",
    "give an eta above 0, and clip rollouts",
  );
}
