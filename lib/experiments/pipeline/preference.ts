/**
 * Two visual scorers of a world: one that rewards, and one that only ever measures, of another seed and on samples of other
 * levels.
 */
import { clipSize } from "../../model/dit/config.ts";
import { makeDit } from "../../model/dit/dit.ts";
import { loadDit } from "../../model/dit/published.ts";
import { sha256Of } from "../../model/nn/checkpoint.ts";
import { publishedBytes } from "../../model/nn/published.ts";
import { loadTokeniser } from "../../model/tokeniser/tokeniser.ts";
import type { Clip } from "../../model/worldModel.ts";
import { makePreference } from "../../rewards/preference/preference.ts";
import { promptsOf } from "../../rollout/prompt.ts";
import { type KeyframedVideo, keyframedVideos } from "../../training/preference/bank.ts";
import { agreementWithTruth, pairAccuracies } from "../../training/preference/evaluate.ts";
import type { GeneratedVideo } from "../../training/preference/generated.ts";
import { generatedVideos } from "../../training/preference/generated.ts";
import { pairSource } from "../../training/preference/pairs.ts";
import { publishPreference } from "../../training/preference/publish.ts";
import { preferenceTraining, trainPreference } from "../../training/preference/train.ts";
import { Progress } from "../../util/progress.ts";
import { makeDataset } from "../../world/dataset/make.ts";
import { openDataset } from "../../world/dataset/read.ts";
import { dataDir, networkDir, type Pipeline, runDir } from "./folders.ts";

interface Scorer {
  readonly name: string;
  readonly seed: number;
  /** Number of its first prompt, and of its first trajectory: no two scorers share a level. */
  readonly first: number;
}

const SCORERS: readonly Scorer[] = [
  { name: "preference", seed: 303, first: 0 },
  { name: "preference-heldout", seed: 404, first: 100 },
];

const TRAJECTORIES = 200;
const LATENTS = 17;
/** Videos of the base's own making, half of them with combined commands, side by side, and clips of each. */
const OWN_VIDEOS = 48;
const SIDE = 8;
const OWN_CLIPS = 10;
const HELD_OUT = 0.15;
const HELD_OUT_PAIRS = 100;
/** Prompts of own videos lie above the data set's levels of the split. */
const PROMPT_LEVELS = 10_000;

async function generated(pipeline: Pipeline, { name, first }: Scorer): Promise<GeneratedVideo[]> {
  const tokeniser = loadTokeniser(networkDir(pipeline, "tokeniser"));
  const { params, model } = loadDit(networkDir(pipeline, "base"), tokeniser.sha256);
  const size = clipSize(model.latent);
  const encode = (video: Uint8Array): Clip[] => {
    const latents = tokeniser.encode(video);
    return Array.from({ length: latents.length / size }, (_, n) => ({
      latents: latents.slice(n * size, (n + 1) * size),
    }));
  };
  const dit = makeDit(params, model, tokeniser);
  const progress = new Progress(`samples for ${name}`, OWN_VIDEOS, 0, { unit: "videos" });
  const videos: GeneratedVideo[] = [];
  for (let at = 0; at < OWN_VIDEOS; at += SIDE) {
    const commands = (at / SIDE) % 2 === 0 ? "basic" : "combined";
    const number = PROMPT_LEVELS + first + at;
    const prompts = await promptsOf(pipeline.world, "preference", commands, SIDE, OWN_CLIPS, number);
    videos.push(...(await generatedVideos(dit, prompts, { clips: OWN_CLIPS, encode, key: [name, at] })));
    progress.advance(SIDE);
  }
  progress.finish();
  return videos;
}

/** Splits off the last share. */
function split<T>(list: readonly T[]): [T[], T[]] {
  const at = list.length - Math.round(HELD_OUT * list.length);
  return [list.slice(0, at), list.slice(at)];
}

async function trueVideos(pipeline: Pipeline, { first }: Scorer): Promise<KeyframedVideo[]> {
  const { world, seed, engine } = pipeline;
  const dir = dataDir(pipeline, "preference");
  await makeDataset({ world, seed, engine, dir, split: "preference", trajectories: TRAJECTORIES, latents: LATENTS });
  const dataset = await openDataset(dir);
  const half = TRAJECTORIES / SCORERS.length;
  const source = { trajectories: half, frames: (i: number) => dataset.frames(first + i) };
  return keyframedVideos(source, loadTokeniser(networkDir(pipeline, "tokeniser")));
}

async function makeScorer(pipeline: Pipeline, scorer: Scorer): Promise<void> {
  const { width, height } = pipeline.world.camera;
  const size = { width, height };
  const [real, realHeldOut] = split(await trueVideos(pipeline, scorer));
  const [own, ownHeldOut] = split(await generated(pipeline, scorer));
  const config = preferenceTraining.parse({ seed: scorer.seed });
  const { sha256: tokeniser } = loadTokeniser(networkDir(pipeline, "tokeniser"));
  const { sha256: base } = loadDit(networkDir(pipeline, "base"));
  const made = { tokeniser, base };
  const params = await trainPreference(runDir(pipeline, scorer.name), pairSource(size, real, own), config, made);
  const preference = makePreference(params, sha256Of(publishedBytes(params)), size);
  const accuracy = pairAccuracies(preference, pairSource(size, realHeldOut, ownHeldOut), HELD_OUT_PAIRS);
  const agreement = agreementWithTruth(preference, ownHeldOut);
  publishPreference(networkDir(pipeline, scorer.name), params, {
    training: config,
    accuracy,
    agreement,
    made,
    picture: size,
  });
}

export async function makePreferences(pipeline: Pipeline): Promise<void> {
  for (const scorer of SCORERS) await makeScorer(pipeline, scorer);
}
