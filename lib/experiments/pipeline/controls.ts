/**
 * Controls that train without a reward, at post-training's rate and on as many clips: on recordings of its own commands
 * (`supervised`), and on more of the data that the base was made of (`continued`). And the network without a word
 * (`silenced`): what is left is what the sampler and the tokeniser do alone.
 */
import { join } from "node:path";
import { loadDit, type PublishedDit, publishDit } from "../../model/dit/published.ts";
import { cloneParams, type Params } from "../../model/nn/params.ts";
import { loadTokeniser, type Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { BASE_TRAINING } from "../../training/base/config.ts";
import { type Corpus, openCorpus } from "../../training/base/corpus.ts";
import { trainBase } from "../../training/base/train.ts";
import { TARGET_SLOTS } from "../../training/base/window.ts";
import { makeDataset } from "../../world/dataset/make.ts";
import { openDataset } from "../../world/dataset/read.ts";
import { RECIPES } from "../../world/dataset/recipes.ts";
import type { Commands } from "../../world/plan.ts";
import { CONFIGS, type PostChoices } from "./config.ts";
import { dataDir, isPublished, networkDir, type Pipeline, runDir } from "./folders.ts";

export const FINE_TUNED = ["supervised", "continued"] as const;
export type FineTuned = (typeof FINE_TUNED)[number];

type Matched = Pick<PostChoices, "iterations" | "rollout" | "update">;

/** Noisy clips that post-training learns from. */
const clipsOf = ({ iterations, rollout, update }: Matched): number =>
  iterations * rollout.prompts * 2 * update.keep * update.sigmas;

/** Steps of the base's training that see as many. */
export const matchedSteps = (config: Matched): number =>
  Math.ceil(clipsOf(config) / (BASE_TRAINING.batch * TARGET_SLOTS));

/** Levels apart from those of post-training, whose data sets have seed 0. */
const OTHER_LEVELS = 1;
const LATENTS = 40;

/** Recordings of post-training's mixture of commands, as many as it has prompts. */
async function recordings(pipeline: Pipeline, { iterations, rollout }: Matched): Promise<string> {
  const { world, engine } = pipeline;
  const dir = dataDir(pipeline, "supervised");
  const combined = Math.round(rollout.combined * rollout.prompts);
  const commands = Array.from({ length: rollout.prompts }, (_, i): Commands => (i < combined ? "combined" : "basic"));
  const recipe = { ...RECIPES.rl, commands };
  const trajectories = iterations * rollout.prompts;
  await makeDataset({ world, engine, dir, split: "rl", seed: OTHER_LEVELS, recipe, trajectories, latents: LATENTS });
  return dir;
}

async function fineTune(pipeline: Pipeline, name: FineTuned, base: PublishedDit, tokeniser: Tokeniser): Promise<void> {
  const post = pipeline.configs?.post ?? CONFIGS.post;
  const { lr, adamwScale } = post.update;
  const config = { ...BASE_TRAINING, seed: pipeline.seed, lr, adamwScale };
  const steps = matchedSteps(post);
  const facts = { world: pipeline.world.name, base: base.sha256, training: { ...config, steps } };
  if (isPublished(networkDir(pipeline, name), facts, { training: BASE_TRAINING })) return;
  const open = async (dir: string): Promise<Corpus> =>
    openCorpus(await openDataset(dir), tokeniser, join(pipeline.dir, "latents"));
  const data = name === "supervised" ? await recordings(pipeline, post) : dataDir(pipeline, "pretrain");
  const { ema } = await trainBase({
    dir: runDir(pipeline, name),
    model: base.model,
    config,
    corpus: await open(data),
    validation: await open(dataDir(pipeline, "validation")),
    tokeniser,
    steps,
    from: base,
  });
  publishDit(networkDir(pipeline, name), ema, base.model, tokeniser.sha256, facts, {
    title: `Control \`${name}\`: ${pipeline.world.name}`,
    body: `The base model after ${steps} more steps on ${name === "supervised" ? "recordings of post-training's commands" : "its own data"}, as many clips as post-training sees.`,
  });
}

/** The network with its last layers at 0: it adds nothing to what a noisy latent itself tells. */
export function silenced(params: Params): Params {
  const quiet = cloneParams(params);
  for (const name of ["cells.out", "final.skip"]) {
    const before = quiet[name];
    quiet[name] = before.mul(0);
    before.dispose();
  }
  return quiet;
}

export async function makeControls(pipeline: Pipeline): Promise<void> {
  const tokeniser = loadTokeniser(networkDir(pipeline, "tokeniser"));
  const base = loadDit(networkDir(pipeline, "base"), tokeniser.sha256);
  for (const name of FINE_TUNED) await fineTune(pipeline, name, base, tokeniser);
}
