/** `npm run train:preference`: trains the visual preference model on data/shards/preference, or resumes; ships it where it is told to. */
import { join } from "node:path";
import { z } from "zod";
import { codecOf } from "../model/legacy/carried.ts";
import { loadModelParams } from "../model/legacy/publish.ts";
import { makeWorldModel } from "../model/legacy/rollout.ts";
import { sha256Of } from "../model/nn/checkpoint.ts";
import { publishedBytes } from "../model/nn/published.ts";
import { shippedFolder } from "../model/nn/shipped.ts";
import { loadTokeniser, type Tokeniser } from "../model/tokeniser/tokeniser.ts";
import { makePreference } from "../rewards/preference/preference.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { openFilms } from "../training/preference/bank.ts";
import { agreementWithTruth, pairAccuracies } from "../training/preference/evaluate.ts";
import { pairSource } from "../training/preference/pairs.ts";
import { publishPreference } from "../training/preference/publish.ts";
import { type MadeFilm, sampleFilms } from "../training/preference/samples.ts";
import { preferenceTraining, trainPreference } from "../training/preference/train.ts";
import { SAVE_EVERY } from "../training/run.ts";
import { fingerprintFile } from "../util/files.ts";
import { count, share, text, threads } from "../util/schema.ts";
import { openDataset } from "../world/data/index.ts";
import { runCommand } from "./command.ts";

const options = z.strictObject({
  data: text().default("data/shards/preference"),
  tokeniser: text().default("checkpoints/tokeniser"),
  samples: z
    .array(text())
    .default(["checkpoints/base"])
    .describe("Folders of world models whose samples are shown; empty for none."),
  sampleVideos: count().default(48).describe("Of all models together."),
  sampleClips: count().default(10).describe("Clips of each."),
  out: text().default("runs/preference").describe("Folder of the run."),
  publish: text()
    .optional()
    .describe("Name under which the result is shipped, in checkpoints/; nowhere where not given."),
  heldOutShare: share().default(0.15).describe("Share of the data that is kept apart to measure on."),
  heldOutPairs: count().default(100).describe("Pairs of each kind that are measured."),
  saveEvery: count().default(SAVE_EVERY).describe("Steps between saved states."),
  threads: threads(),
  ...preferenceTraining.shape,
});
const about = "Trains the visual preference model, or resumes; ships it where it is told to.";

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
function split<T>(lists: T[][], part: number): [T[], T[]] {
  const at = lists.map((list) => list.length - Math.round(part * list.length));
  return [lists.flatMap((list, i) => list.slice(0, at[i])), lists.flatMap((list, i) => list.slice(at[i]))];
}

await runCommand({ name: "train:preference", about, options }, async (asked) => {
  const { data, tokeniser: tokeniserDir, samples, out, publish, saveEvery, threads: most, ...rest } = asked;
  const { sampleVideos: videos, sampleClips: clips, heldOutShare: kept, heldOutPairs: pairs, ...config } = rest;
  await openBackend({ threads: most });
  const tokeniser = loadTokeniser(tokeniserDir);
  const models = filmsOfModels(samples, tokeniser, videos, clips);
  const dataset = await openDataset(data);
  const source = { trajectories: dataset.trajectories, frames: (i: number) => dataset.read(i).frames };
  const [real, realHeldOut] = split([openFilms(source, tokeniser)], kept);
  const [own, ownHeldOut] = split(models.films, kept);
  const manifest = fingerprintFile(join(data, "manifest.json")).sha256;
  const made = { tokeniser: tokeniser.sha256, data: manifest, ...models.made };
  const params = await trainPreference(out, pairSource(real, own), config, made, saveEvery);
  const preference = makePreference(params, sha256Of(publishedBytes(params)));
  const accuracy = pairAccuracies(preference, pairSource(realHeldOut, ownHeldOut), pairs);
  const agreement = agreementWithTruth(preference, ownHeldOut);
  if (publish) publishPreference(shippedFolder(publish), params, { training: config, accuracy, agreement, made });
  console.table(accuracy);
  console.table(agreement);
});
