/**
 * Post-trains a world's base model: the paper's two rewards, and beside it the controls that share everything with it but what
 * the rewards say (`placebo`), what the objective makes of them (`best-of-n`) or how much of the network may change
 * (`constant`).
 */
import { join } from "node:path";
import { ditCarrier } from "../../model/dit/portable.ts";
import { loadDit, publishDit } from "../../model/dit/published.ts";
import { makeTrainableDit } from "../../model/dit/trainable.ts";
import { loadTokeniser } from "../../model/tokeniser/tokeniser.ts";
import type { Weighted } from "../../rewards/reward.ts";
import { openRemotes } from "../../rewards/wire/address.ts";
import { type Prompt, promptsOf } from "../../rollout/prompt.ts";
import { rollOutOn } from "../../rollout/roll-out.ts";
import { openCorpus } from "../../training/base/corpus.ts";
import type { PostConfig } from "../../training/post/config.ts";
import { postTrain } from "../../training/post/post.ts";
import { lookUp, type RewardNetworks, rewardNetworksIn } from "../../training/registry.ts";
import { merged, type Part } from "../../util/tree.ts";
import { openDataset } from "../../world/dataset/read.ts";
import { CONFIGS, type PostChoices } from "./config.ts";
import { dataDir, isPublished, networkDir, type Pipeline, runDir } from "./folders.ts";
import { watched } from "./watched.ts";

export interface Arm {
  readonly name: string;
  readonly seeds: readonly number[];
  /** What it changes of the configuration that all share. */
  readonly change: Part<PostChoices>;
  /** Which parameters are trained, by name. Default: all. */
  readonly trains?: (name: string) => boolean;
}

/** How far attention reaches in each head, and the shifts, scales and gates of three of the cell blocks: 36 + 864 numbers, no matrix. */
export const isConstant = (name: string): boolean => /^blocks\.\d+\.scale$|^cells\.[012]\.modulation\.b$/.test(name);
/** So few numbers bear, and need, larger steps. */
const CONSTANT_LR = 1e-3;

export const ARMS: readonly Arm[] = [
  { name: "post-trained", seeds: [0, 1, 2], change: {} },
  { name: "placebo", seeds: [0, 1, 2], change: { placebo: true } },
  { name: "best-of-n", seeds: [0], change: { objective: { name: "filtered" } } },
  { name: "constant", seeds: [0], change: { update: { lr: CONSTANT_LR } }, trains: isConstant },
];

/** Folder of an arm's network. */
export const armName = ({ name }: Pick<Arm, "name">, seed: number): string => `${name}-${seed}`;

/** What all arms make. */
export const ARM_NAMES: readonly string[] = ARMS.flatMap((arm) => arm.seeds.map((seed) => armName(arm, seed)));

/** The values that a configuration names. */
export function valuesOf(
  { rewards, objective, curriculum, exploration, rollout }: PostChoices,
  evaluators: RewardNetworks,
) {
  const { name, ...options } = objective;
  const counted = Object.entries(rewards).filter(([, weight]) => weight > 0);
  return {
    rewards: counted.map(([reward, weight]): Weighted => ({ reward: lookUp("reward", reward)(evaluators), weight })),
    objective: lookUp("objective", name)(options),
    curriculum: lookUp("curriculum", curriculum)(),
    exploration: lookUp("exploration", exploration)(rollout.explore),
  };
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
  const choices = merged(pipeline.configs?.post ?? CONFIGS.post, arm.change);
  const { rewards: _, scorers, objective, curriculum, exploration, ...numbers } = choices;
  const config: PostConfig = { seed, ...numbers };
  const dir = networkDir(pipeline, armName(arm, seed));
  const facts = { world: pipeline.world.name, base: sha256, training: { seed, ...choices } };
  if (isPublished(dir, facts, { training: CONFIGS.post })) return;
  const corpus = openCorpus(await openDataset(dataDir(pipeline, "pretrain")), tokeniser, join(pipeline.dir, "latents"));
  const base = makeTrainableDit(params, model, tokeniser);
  const run = runDir(pipeline, armName(arm, seed));
  const values = valuesOf(choices, rewardNetworksIn(networkDir(pipeline, "")));
  const { engine } = pipeline;
  const trained = await postTrain({
    dir: run,
    base,
    onSave: await watched(pipeline, base, run),
    ...values,
    rewards: [...values.rewards, ...(await openRemotes(scorers, pipeline.world.camera))],
    prompts: promptsAt(pipeline, config.rollout, seed),
    rollOut: engine && rollOutOn(engine, ditCarrier(networkDir(pipeline, "tokeniser"), model)),
    config,
    trains: arm.trains,
    about: { base: sha256, arm: arm.name, choices: { objective, curriculum, exploration } },
    saveEvery: 2,
    anchor: { corpus, model },
  });
  publishDit(dir, trained, model, tokeniser.sha256, facts, {
    title: `${arm.name}, seed ${seed}: ${pipeline.world.name}`,
    body: `The base model after ${config.iterations} iterations of \`npm run train -- --world ${pipeline.world.name} --only post\`; the config is in config.json.`,
  });
}

export async function makePostTrained(pipeline: Pipeline): Promise<void> {
  const { arms = ARM_NAMES } = pipeline;
  for (const arm of ARMS)
    for (const seed of arm.seeds) if (arms.includes(armName(arm, seed))) await trainArm(pipeline, arm, seed);
}
