/** `npm run train:preference`: trains the visual preference model on data/shards/preference, or resumes, then ships it. */
import { join } from "node:path";
import { codecOf } from "../model/legacy/carried.ts";
import { loadModelParams } from "../model/legacy/publish.ts";
import { makeWorldModel } from "../model/legacy/rollout.ts";
import { sha256Of } from "../model/nn/checkpoint.ts";
import { publishedBytes } from "../model/nn/published.ts";
import { loadTokeniser, type Tokeniser } from "../model/tokeniser/tokeniser.ts";
import { makePreference } from "../rewards/preference/preference.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { openFilms } from "../training/preference/bank.ts";
import { agreementWithTruth, pairAccuracies } from "../training/preference/evaluate.ts";
import { pairSource } from "../training/preference/pairs.ts";
import { publishPreference } from "../training/preference/publish.ts";
import { type MadeFilm, sampleFilms } from "../training/preference/samples.ts";
import { PREFERENCE_TRAINING, trainPreference } from "../training/preference/train.ts";
import { fingerprintFile } from "../util/files.ts";
import { openDataset } from "../world/data/index.ts";
import { parseOptions, runMain } from "./options.ts";

const DEFAULTS = {
  data: "data/shards/preference",
  tokeniser: "checkpoints/tokeniser",
  /** World models whose samples are shown, comma-separated folders; empty for none. */
  samples: "checkpoints/base",
  /** Of all models together. */
  "sample-videos": 48,
  "sample-clips": 10,
  out: "runs/preference",
  publish: "checkpoints/preference",
  "held-out-share": 0.15,
  "held-out-pairs": 100,
  threads: 0,
  ...PREFERENCE_TRAINING,
};

/** Every model's films, and its hash by folder. */
function filmsOfModels(folders: string[], tokeniser: Tokeniser, videos: number, clips: number) {
  const made: Record<string, string> = {};
  const films = folders.map((folder): MadeFilm[] => {
    const { params, shape, sha256 } = loadModelParams(folder);
    made[folder] = sha256;
    const own = Math.ceil(videos / folders.length);
    return sampleFilms(makeWorldModel(params, shape, { compiled: true, codec: codecOf(tokeniser) }), tokeniser, {
      videos: own,
      clips,
      key: folder,
    });
  });
  return { films, made };
}

/** Splits off the last share of every list. */
function split<T>(lists: T[][], share: number): [T[], T[]] {
  const at = lists.map((list) => list.length - Math.round(share * list.length));
  return [lists.flatMap((list, i) => list.slice(0, at[i])), lists.flatMap((list, i) => list.slice(at[i]))];
}

runMain(async () => {
  const { data, tokeniser: tokeniserDir, samples, out, publish, threads, ...rest } = parseOptions(DEFAULTS);
  const {
    "sample-videos": videos,
    "sample-clips": clips,
    "held-out-share": share,
    "held-out-pairs": pairs,
    ...config
  } = rest;
  await openBackend({ threads: threads || undefined });
  const tokeniser = loadTokeniser(tokeniserDir);
  const folders = samples.split(",").filter(Boolean);
  const models = filmsOfModels(folders, tokeniser, videos, clips);
  const [real, realHeldOut] = split([openFilms(await openDataset(data), tokeniser)], share);
  const [own, ownHeldOut] = split(models.films, share);
  const manifest = fingerprintFile(join(data, "manifest.json")).sha256;
  const made = { tokeniser: tokeniser.sha256, data: manifest, ...models.made };
  const params = trainPreference(out, pairSource(real, own), config, made);
  const preference = makePreference(params, sha256Of(publishedBytes(params)));
  const accuracy = pairAccuracies(preference, pairSource(realHeldOut, ownHeldOut), pairs);
  const agreement = agreementWithTruth(preference, ownHeldOut);
  publishPreference(publish, params, { training: config, accuracy, agreement, made });
  console.table(accuracy);
  console.table(agreement);
});
