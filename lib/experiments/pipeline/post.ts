/**
 * Post-trains a world's base model: the paper's two rewards, and beside it the controls that share everything with it but what
 * the rewards say (`placebo`), what the objective makes of them (`best-of-n`) or how much of the network may change
 * (`constant`).
 */
import { join } from "node:path";
import { loadDit, publishDit } from "../../model/dit/published.ts";
import { makeTrainableDit } from "../../model/dit/trainable.ts";
import { loadTokeniser } from "../../model/tokeniser/tokeniser.ts";
import { filtered, nft, type Objective } from "../../objective/index.ts";
import { loadActionEstimator } from "../../rewards/actions/estimators.ts";
import { actionRewards } from "../../rewards/actions/reward.ts";
import { driftReward, type Weighted } from "../../rewards/index.ts";
import { loadPreference } from "../../rewards/preference/index.ts";
import { targetClip } from "../../rollout/curriculum.ts";
import { type Prompt, promptsOf } from "../../rollout/prompt.ts";
import { openCorpus } from "../../training/base/corpus.ts";
import { POST_TRAINING, type PostConfig } from "../../training/post/config.ts";
import { postTrain } from "../../training/post/post.ts";
import { openDataset } from "../../world/dataset/read.ts";
import { dataDir, isPublished, networkDir, type Pipeline, runDir } from "./folders.ts";

export interface Arm {
  readonly name: string;
  readonly seeds: readonly number[];
  readonly objective: () => Objective;
  readonly config: PostConfig;
  /** Which parameters are trained, by name. Default: all. */
  readonly trains?: (name: string) => boolean;
}

/** How far attention reaches in each head, and the shifts, scales and gates of three of the cell blocks: 36 + 864 numbers, no matrix. */
export const isConstant = (name: string): boolean => /^blocks\.\d+\.scale$|^cells\.[012]\.modulation\.b$/.test(name);
/** So few numbers bear, and need, larger steps. */
const CONSTANT_LR = 1e-3;

/** A loss on real data beside the reward's, against the noise of the updates. */
const ANCHORED: PostConfig = { ...POST_TRAINING, update: { ...POST_TRAINING.update, anchor: 1 } };

export const ARMS: readonly Arm[] = [
  { name: "post-trained", seeds: [0, 1, 2], objective: () => nft(), config: ANCHORED },
  { name: "placebo", seeds: [0, 1, 2], objective: () => nft(), config: { ...ANCHORED, placebo: true } },
  { name: "best-of-n", seeds: [0], objective: filtered, config: ANCHORED },
  {
    name: "constant",
    seeds: [0],
    objective: () => nft(),
    config: { ...ANCHORED, update: { ...ANCHORED.update, lr: CONSTANT_LR } },
    trains: isConstant,
  },
];

/** Folder of an arm's network. */
export const armName = ({ name }: Pick<Arm, "name">, seed: number): string => `${name}-${seed}`;

/** Weights of the paper's released code: interaction 2, drift of quality 1. */
function rewardsOf(pipeline: Pipeline): Weighted[] {
  const [interaction] = actionRewards(loadActionEstimator(networkDir(pipeline, ""), "reward"), ["hard"]);
  const drift = driftReward(loadPreference(networkDir(pipeline, "preference")));
  return [
    { reward: interaction, weight: 2 },
    { reward: drift, weight: 1 },
  ];
}

/** The prompts of an iteration, in levels of their own. */
function promptsAt(pipeline: Pipeline, { prompts, combined, horizon }: PostConfig["rollout"], seed: number) {
  const some = Math.round(combined * prompts);
  return async (iteration: number): Promise<Prompt[]> => {
    const first = (seed * 1000 + iteration) * prompts;
    const [a, b] = await Promise.all([
      promptsOf(pipeline.world, "rl", "combined", some, horizon, first),
      promptsOf(pipeline.world, "rl", "basic", prompts - some, horizon, first + some),
    ]);
    return [...a, ...b];
  };
}

async function trainArm(pipeline: Pipeline, arm: Arm, seed: number): Promise<void> {
  const tokeniser = loadTokeniser(networkDir(pipeline, "tokeniser"));
  const { params, model, sha256 } = loadDit(networkDir(pipeline, "base"), tokeniser.sha256);
  const config: PostConfig = { ...arm.config, seed };
  const dir = networkDir(pipeline, armName(arm, seed));
  const facts = { world: pipeline.world.name, base: sha256, training: config };
  if (isPublished(dir, facts)) return;
  const corpus = openCorpus(await openDataset(dataDir(pipeline, "pretrain")), tokeniser, join(pipeline.dir, "latents"));
  const trained = await postTrain({
    dir: runDir(pipeline, armName(arm, seed)),
    base: makeTrainableDit(params, model, tokeniser),
    rewards: rewardsOf(pipeline),
    objective: arm.objective(),
    curriculum: (iteration, horizon) => targetClip("min2max", iteration, horizon, seed),
    prompts: promptsAt(pipeline, config.rollout, seed),
    config,
    trains: arm.trains,
    saveEvery: 2,
    anchor: { corpus, model },
  });
  publishDit(dir, trained, model, tokeniser.sha256, facts, {
    title: `${arm.name}, seed ${seed}: ${pipeline.world.name}`,
    body: `The base model after ${config.iterations} iterations of \`npm run train -- --world ${pipeline.world.name} --only post\`; the config is in config.json.`,
  });
}

export async function makePostTrained(pipeline: Pipeline): Promise<void> {
  for (const arm of ARMS) for (const seed of arm.seeds) await trainArm(pipeline, arm, seed);
}
