/**
 * `npm run train:base`: pre-trains the world model on data/shards/pretrain, or resumes; ships it where it is told to. `--from DIR` goes
 * on from a shipped one, in its shape.
 */
import { z } from "zod";
import { codecOf } from "../model/legacy/carried.ts";
import { BASE_MODEL } from "../model/legacy/config.ts";
import { loadModelParams } from "../model/legacy/publish.ts";
import { shippedFolder } from "../model/nn/shipped.ts";
import { loadTokeniser } from "../model/tokeniser/tokeniser.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { openCorpus } from "../training/pretraining/corpus.ts";
import { publishBase } from "../training/pretraining/publish.ts";
import { pretrain, pretraining } from "../training/pretraining/train.ts";
import { count, text, threads, whole } from "../util/schema.ts";
import { openDataset } from "../world/data/index.ts";
import { runCommand } from "./command.ts";

const { headWidth, expansion, carried, ...dials } = BASE_MODEL;

const model = z.strictObject({
  width: count().default(dials.width).describe("Channels of the residual stream."),
  depth: count().default(dials.depth).describe("Transformer blocks."),
  detailWidth: count().default(dials.detailWidth).describe("Channels of the detail stage."),
  detailDepth: whole().default(dials.detailDepth).describe("Its blocks; 0 leaves it out."),
});
const options = z.strictObject({
  data: text().default("data/shards/pretrain"),
  validation: text().default("data/shards/validation"),
  out: text().default("runs/base").describe("Folder of the run."),
  publish: text()
    .optional()
    .describe("Name under which the result is shipped, in checkpoints/; nowhere where not given."),
  from: text().optional().describe("Folder of a shipped model to go on from, in its shape."),
  threads: threads(),
  model: model.prefault({}),
  ...pretraining.shape,
});
const about = "Pre-trains the world model, or resumes; ships it where it is told to.";

await runCommand({ name: "train:base", about, options }, async (asked) => {
  const { data, validation, out, publish, from, threads: most, model: shape, ...config } = asked;
  await openBackend({ threads: most });
  const tokeniser = loadTokeniser();
  const corpus = openCorpus(await openDataset(data), tokeniser);
  const heldOut = openCorpus(await openDataset(validation), tokeniser);
  const earlier = from ? loadModelParams(from) : undefined;
  const made = earlier ? { ...earlier.shape, carried } : { ...shape, headWidth, expansion, carried };
  const codec = carried ? codecOf(tokeniser) : undefined;
  const params = await pretrain({ dir: out, model: made, config, corpus, validation: heldOut, codec, from: earlier });
  if (!publish) return;
  publishBase(shippedFolder(publish), out, params, made, { ...config, from: from ?? "" }, corpus.trajectories);
  console.log(`${publish}: written`);
});
