/** The experiments: each arm is the default post-training with some options changed. */
import { POST_TRAINING, type PostTrainConfig } from "../posttraining/config.ts";
import { UserError } from "../util/errors.ts";

export const GROUPS = ["main", "control", "rewards", "objective", "curriculum", "efficiency"] as const;
export type Group = (typeof GROUPS)[number];

export interface Arm {
  group: Group;
  name: string;
  config: Partial<PostTrainConfig>;
  /** Share of its group's iterations. */
  share?: number;
}

/** Of the comparisons; three rounds of the default curriculum. */
export const ABLATION_ITERATIONS = 24;

const PLAIN: Partial<PostTrainConfig> = { eta: 0, guidance: "1", neighbours: 0 };
const { branches, samplerSteps } = POST_TRAINING;
const EVERY_BRANCH = { keep: branches / 2 };
const EVERY_LEVEL = { sigmas: samplerSteps };

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
];

/** Seeds of a group where none are asked for. */
export const defaultSeeds = (group: Group): number[] => {
  if (group === "control") return [0];
  return group === "main" ? [0, 1, 2] : [0, 1];
};

const defaultIterations = (group: Group): number =>
  group === "main" || group === "control" ? POST_TRAINING.iterations : ABLATION_ITERATIONS;

/** One run of one arm. */
export interface Job {
  arm: Arm;
  config: PostTrainConfig;
}

/** @param iterations of the whole group; 0: its default */
export function jobOf(arm: Arm, seed: number, iterations = 0): Job {
  const all = iterations || defaultIterations(arm.group);
  return { arm, config: { ...POST_TRAINING, ...arm.config, seed, iterations: Math.ceil((arm.share ?? 1) * all) } };
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

/**
 * Folder of a job's run, below that of all experiments. Arms of equal configs are one run: it is in the folder of the first of
 * them. Supervised runs are their own.
 */
export function folderOf({ arm, config }: Job, iterations = 0): string {
  const equal = ({ group, ...rest }: Arm): boolean =>
    group !== "control" && sameConfig(jobOf({ group, ...rest }, config.seed, iterations).config, config);
  const owner = arm.group === "control" ? arm : (ARMS.find(equal) ?? arm);
  return `${owner.group}/${owner.name}-${config.seed}`;
}
