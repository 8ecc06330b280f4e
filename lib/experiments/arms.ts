/** The experiments: each arm is the default post-training with some options changed. */
import { POST_TRAINING, type PostTrainConfig, postTrainConfig } from "../training/posttraining/config.ts";
import { differences, merged, type Part } from "../util/tree.ts";

/** In the order in which they are run; `drift-memory` goes on from the models of `main`. */
export const GROUPS = ["main", "control", "rewards", "objective", "curriculum", "efficiency", "drift-memory"] as const;
export type Group = (typeof GROUPS)[number];

export interface Arm {
  group: Group;
  name: string;
  config: Part<PostTrainConfig>;
  /** Share of its group's iterations. */
  share?: number;
  /** Is it trained, and measured, with a prior of the motions that does not depend on the noise level (`ModelConfig`)? */
  steadyPrior?: boolean;
}

/** Of the comparisons: half as long, one round and a half of the default curriculum, and on fewer prompts. */
export const ABLATION_ITERATIONS = 12;
const ABLATION: Part<PostTrainConfig> = { rollout: { prompts: 6 } };

/** Of the further training with rewards of drift and memory; one round. */
export const FURTHER_ITERATIONS = 8;
/** What comes of going on alone, under the two rewards of the paper: without it nothing can be said of further ones. */
export const FURTHER = "post-trained+further";
/** The same, but so that what is left out of commands is learnt. */
export const OBEDIENCE = "post-trained+obedience";
/** And with the memory reward beside them. */
export const OBEDIENCE_MEMORY = `${OBEDIENCE}+memory`;
/** Added to the seed of further training: with the seed of the main run it would see that run's first prompts again. */
export const FURTHER_SEED = 100;

const PLAIN: Part<PostTrainConfig> = {
  rollout: { exploration: { eta: 0, guidance: [1], neighbours: 0, omitting: 0, forgetting: 0 } },
};
const { branches } = POST_TRAINING.rollout;
const EVERY_BRANCH: Part<PostTrainConfig> = { rollout: { keep: branches / 2 } };
const EVERY_LEVEL: Part<PostTrainConfig> = { objective: { sigmas: POST_TRAINING.sampler.steps } };
/**
 * What the main run leaves to be learnt is to carry out every clip in full. In most groups all candidates do, so one of them
 * is told a part of the command; and the decision between motions goes on at a higher rate than the pictures, which would wear.
 */
const OBEY: Part<PostTrainConfig> = { rollout: { exploration: { omitting: 1 } }, optimiser: { decisionScale: 50 } };
const DRIFT: Part<PostTrainConfig> = { rewards: { appearance: 2 } };
/** By noise alone candidates hardly differ in what they remember; so half of them forget. */
const MEMORY: Part<PostTrainConfig> = {
  rollout: { revisits: 0.75, exploration: { forgetting: branches / 2 } },
  rewards: { memory: 2 },
};

const armsOf = (group: Group, configs: Record<string, Part<PostTrainConfig>>): Arm[] =>
  Object.entries(configs).map(([name, config]) => ({ group, name, config }));

export const ARMS: readonly Arm[] = [
  ...armsOf("main", { "post-trained": {} }),
  ...armsOf("control", { "continued-pretraining": {} }),
  ...armsOf("rewards", {
    both: {},
    "interaction-only": { rewards: { visual: 0, fidelity: 0 } },
    "visual-only": { rewards: { interaction: 0 } },
    // What the scorer alone is met by, and what it does beside the interaction reward.
    "scorer-only": { rewards: { interaction: 0, fidelity: 0 } },
    "without-fidelity": { rewards: { fidelity: 0 } },
    "visual-doubled": { rewards: { visual: 2, fidelity: 2 } },
  }),
  ...armsOf("objective", {
    "true-old-policy": { objective: { oldPolicy: "true" } },
    "stop-gradient": { objective: { oldPolicy: "stop-gradient" } },
    "positive-only": { objective: { positiveOnly: true } },
    "uniform-weight": { objective: { uniformWeight: true } },
    kl: { objective: { klWeight: 0.1 } },
    // Its likelihoods are those of the stochastic sampler's steps, and of the commanded action alone.
    "flow-grpo": merged(PLAIN, {
      objective: { name: "flow-grpo" },
      rollout: { exploration: { eta: 0.5, etaShare: 1 } },
    }),
  }),
  ...armsOf("curriculum", {
    min2max: { rollout: { curriculum: "min2max" } },
    max2min: { rollout: { curriculum: "max2min" } },
    random: { rollout: { curriculum: "random" } },
    progressive: { rollout: { curriculum: "progressive" } },
  }),
  // Without exploration, which whole sequences do not have.
  ...armsOf("efficiency", {
    clip: PLAIN,
    "clip-all-branches": merged(PLAIN, EVERY_BRANCH),
    "clip-all-levels": merged(PLAIN, EVERY_LEVEL),
    "clip-all": merged(PLAIN, EVERY_BRANCH, EVERY_LEVEL),
  }),
  // An iteration of sequences costs several of clips.
  { group: "efficiency", name: "sequence", config: merged(PLAIN, { rollout: { unit: "sequence" } }), share: 0.5 },
  ...armsOf("drift-memory", { [FURTHER]: {} }),
  { group: "drift-memory", name: OBEDIENCE, config: OBEY, steadyPrior: true },
  { group: "drift-memory", name: OBEDIENCE_MEMORY, config: merged(OBEY, MEMORY), steadyPrior: true },
  ...armsOf("drift-memory", {
    "post-trained+drift": DRIFT,
    "post-trained+memory": MEMORY,
    "post-trained+drift+memory": merged(DRIFT, MEMORY),
  }),
];

/** Seeds of a group where none are asked for. */
export const defaultSeeds = (group: Group): number[] => {
  if (group === "control") return [0];
  return group === "main" || group === "drift-memory" ? [0, 1, 2] : [0, 1];
};

const isComparison = (group: Group): boolean => !["main", "control", "drift-memory"].includes(group);

function defaultIterations(group: Group): number {
  if (group === "drift-memory") return FURTHER_ITERATIONS;
  return isComparison(group) ? ABLATION_ITERATIONS : POST_TRAINING.iterations;
}

/** One run of one arm. */
export interface Job {
  arm: Arm;
  /** Which of the group's runs it is; further training goes on from the main run of this seed. */
  seed: number;
  /** Its seed is that of the random streams. */
  config: PostTrainConfig;
}

/** @param iterations of the whole group; 0: its default */
export function jobOf(arm: Arm, seed: number, iterations = 0): Job {
  const all = iterations || defaultIterations(arm.group);
  const streams = { seed: arm.group === "drift-memory" ? FURTHER_SEED + seed : seed };
  const length = { iterations: Math.ceil((arm.share ?? 1) * all) };
  const size = isComparison(arm.group) ? ABLATION : {};
  return { arm, seed, config: postTrainConfig(size, arm.config, streams, length) };
}

/** The jobs of a group, seed by seed, so that a run that is stopped has whole comparisons. */
export function jobsOf(group: Group, seeds = defaultSeeds(group), iterations = 0): Job[] {
  const arms = ARMS.filter((arm) => arm.group === group);
  return seeds.flatMap((seed) => arms.map((arm) => jobOf(arm, seed, iterations)));
}

const sameConfig = (a: PostTrainConfig, b: PostTrainConfig): boolean => differences(a, b).length === 0;

/** Groups whose runs are not those of the base model by reinforcement learning, so that an equal config says nothing. */
const APART: readonly Group[] = ["control", "drift-memory"];

/**
 * Folder of a job's run, below that of all experiments. Arms of equal configs are one run: it is in the folder of the first of
 * them. Supervised and further runs are their own.
 */
export function folderOf({ arm, seed, config }: Job, iterations = 0): string {
  const equal = (other: Arm): boolean =>
    !APART.includes(other.group) && sameConfig(jobOf(other, seed, iterations).config, config);
  const owner = APART.includes(arm.group) ? arm : (ARMS.find(equal) ?? arm);
  return `${owner.group}/${owner.name}-${seed}`;
}
