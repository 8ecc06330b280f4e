/** The experiments: each arm is the default post-training with some options changed. */
import { POST_TRAINING, type PostTrainConfig } from "../training/posttraining/config.ts";
import { UserError } from "../util/errors.ts";

/** In the order in which they are run; `drift-memory` goes on from the models of `main`. */
export const GROUPS = ["main", "control", "rewards", "objective", "curriculum", "efficiency", "drift-memory"] as const;
export type Group = (typeof GROUPS)[number];

export interface Arm {
  group: Group;
  name: string;
  config: Partial<PostTrainConfig>;
  /** Share of its group's iterations. */
  share?: number;
  /** Is it trained, and measured, with a prior of the motions that does not depend on the noise level (`ModelConfig`)? */
  steadyPrior?: boolean;
}

/** Of the comparisons: half as long, one round and a half of the default curriculum, and on fewer prompts. */
export const ABLATION_ITERATIONS = 12;
const ABLATION: Partial<PostTrainConfig> = { prompts: 6 };

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

const PLAIN: Partial<PostTrainConfig> = { eta: 0, guidance: "1", neighbours: 0, omitting: 0, forgetting: 0 };
const { branches, samplerSteps } = POST_TRAINING;
const EVERY_BRANCH = { keep: branches / 2 };
const EVERY_LEVEL = { sigmas: samplerSteps };
/**
 * What the main run leaves to be learnt is to carry out every clip in full. In most groups all candidates do, so one of them
 * is told a part of the command; and the decision between motions goes on at a higher rate than the pictures, which would wear.
 */
const OBEY = { omitting: 1, decisionScale: 50 };
const DRIFT = { appearanceWeight: 2 };
/** By noise alone candidates hardly differ in what they remember; so half of them forget. */
const MEMORY = { revisits: 0.75, memoryWeight: 2, forgetting: branches / 2 };

const armsOf = (group: Group, configs: Record<string, Partial<PostTrainConfig>>): Arm[] =>
  Object.entries(configs).map(([name, config]) => ({ group, name, config }));

export const ARMS: readonly Arm[] = [
  ...armsOf("main", { "post-trained": {} }),
  ...armsOf("control", { "continued-pretraining": {} }),
  ...armsOf("rewards", {
    both: {},
    "interaction-only": { visualWeight: 0, fidelityWeight: 0 },
    "visual-only": { interactionWeight: 0 },
    // What the scorer alone is met by, and what it does beside the interaction reward.
    "scorer-only": { interactionWeight: 0, fidelityWeight: 0 },
    "without-fidelity": { fidelityWeight: 0 },
    "visual-doubled": { visualWeight: 2, fidelityWeight: 2 },
  }),
  ...armsOf("objective", {
    "true-old-policy": { oldPolicy: "true" },
    "stop-gradient": { oldPolicy: "stop-gradient" },
    "positive-only": { positiveOnly: true },
    "uniform-weight": { uniformWeight: true },
    kl: { klWeight: 0.1 },
    // Its likelihoods are those of the stochastic sampler's steps, and of the commanded action alone.
    "flow-grpo": { ...PLAIN, objective: "flow-grpo", eta: 0.5, etaShare: 1 },
  }),
  ...armsOf("curriculum", {
    min2max: { curriculum: "min2max" },
    max2min: { curriculum: "max2min" },
    random: { curriculum: "random" },
    progressive: { curriculum: "progressive" },
  }),
  // Without exploration, which whole sequences do not have.
  ...armsOf("efficiency", {
    clip: PLAIN,
    "clip-all-branches": { ...PLAIN, ...EVERY_BRANCH },
    "clip-all-levels": { ...PLAIN, ...EVERY_LEVEL },
    "clip-all": { ...PLAIN, ...EVERY_BRANCH, ...EVERY_LEVEL },
  }),
  // An iteration of sequences costs several of clips.
  { group: "efficiency", name: "sequence", config: { ...PLAIN, rollouts: "sequence" }, share: 0.5 },
  ...armsOf("drift-memory", { [FURTHER]: {} }),
  { group: "drift-memory", name: OBEDIENCE, config: OBEY, steadyPrior: true },
  { group: "drift-memory", name: OBEDIENCE_MEMORY, config: { ...OBEY, ...MEMORY }, steadyPrior: true },
  ...armsOf("drift-memory", {
    "post-trained+drift": DRIFT,
    "post-trained+memory": MEMORY,
    "post-trained+drift+memory": { ...DRIFT, ...MEMORY },
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
  return { arm, seed, config: { ...POST_TRAINING, ...size, ...arm.config, ...streams, ...length } };
}

/** @throws UserError if there is no such group */
export function groupOf(name: string): Group {
  const found = GROUPS.find((known) => known === name);
  if (found) return found;
  throw new UserError(`there is no group of experiments "${name}"`, `choose one of ${GROUPS.join(", ")}`);
}

/** The jobs of a group, seed by seed, so that a run that is stopped has whole comparisons. */
export function jobsOf(group: Group, seeds = defaultSeeds(group), iterations = 0): Job[] {
  const arms = ARMS.filter((arm) => arm.group === group);
  return seeds.flatMap((seed) => arms.map((arm) => jobOf(arm, seed, iterations)));
}

const sameConfig = (a: PostTrainConfig, b: PostTrainConfig): boolean =>
  Object.entries(a).every(([name, value]) => b[name as keyof PostTrainConfig] === value);

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
