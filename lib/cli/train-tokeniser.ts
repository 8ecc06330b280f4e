/** `npm run train:tokeniser`: trains the tokeniser on data/shards/tokeniser, or resumes; ships it where it is told to. */
import { z } from "zod";
import { shippedFolder } from "../model/nn/shipped.ts";
import { TOKENISER } from "../model/tokeniser/config.ts";
import { channelVariances, makeTokeniser } from "../model/tokeniser/tokeniser.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { SAVE_EVERY } from "../training/run.ts";
import { reconstructionQuality } from "../training/tokeniser/evaluate.ts";
import { publishTokeniser } from "../training/tokeniser/publish.ts";
import { tokeniserTraining, trainTokeniser } from "../training/tokeniser/train.ts";
import { joinFloats } from "../util/arrays.ts";
import { count, text, threads } from "../util/schema.ts";
import { openDataset } from "../world/data/index.ts";
import { runCommand } from "./command.ts";

const HELD_OUT_VIDEOS = 20;
const MEASURED_VIDEOS = 40;

async function readVideos(dir: string, most = Infinity): Promise<Uint8Array[]> {
  const dataset = await openDataset(dir);
  return Array.from({ length: Math.min(most, dataset.trajectories) }, (_, i) => dataset.read(i).frames);
}

const options = z.strictObject({
  data: text().default("data/shards/tokeniser"),
  validation: text().default("data/shards/validation"),
  out: text().default("runs/tokeniser").describe("Folder of the run."),
  publish: text()
    .optional()
    .describe("Name under which the result is shipped, in checkpoints/; nowhere where not given."),
  saveEvery: count().default(SAVE_EVERY).describe("Steps between saved states."),
  threads: threads(),
  ...tokeniserTraining.shape,
});
const about = "Trains the tokeniser, or resumes; ships it where it is told to.";

await runCommand({ name: "train:tokeniser", about, options }, async (asked) => {
  const { data, validation, out, publish, saveEvery, threads: most, ...config } = asked;
  await openBackend({ threads: most });
  const videos = await readVideos(data);
  const params = await trainTokeniser(out, { count: videos.length, frames: (i) => videos[i] }, config, saveEvery);
  const ones = new Float32Array(TOKENISER.latentChannels).fill(1);
  const plain = makeTokeniser(params, "", ones);
  const heldOut = await readVideos(validation, HELD_OUT_VIDEOS);
  const quality = reconstructionQuality(plain, heldOut);
  const latents = videos.slice(0, MEASURED_VIDEOS).map((frames) => plain.encode(frames));
  if (publish) publishTokeniser(shippedFolder(publish), params, config, quality, channelVariances(joinFloats(latents)));
  console.log(`${publish ?? out}: PSNR ${quality.psnr.toFixed(2)} dB, SSIM ${quality.ssim.toFixed(4)}`);
});
