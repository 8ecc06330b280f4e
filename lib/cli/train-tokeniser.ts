/** `npm run train:tokeniser`: trains the tokeniser on data/shards/tokeniser, or resumes, then ships it. */

import { TOKENISER } from "../model/tokeniser/config.ts";
import { channelVariances, makeTokeniser } from "../model/tokeniser/tokeniser.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { reconstructionQuality } from "../training/tokeniser/evaluate.ts";
import { publishTokeniser } from "../training/tokeniser/publish.ts";
import { TOKENISER_TRAINING, trainTokeniser } from "../training/tokeniser/train.ts";
import { joinFloats } from "../util/arrays.ts";
import { openDataset } from "../world/data/index.ts";
import { parseOptions, runMain } from "./options.ts";

const HELD_OUT_VIDEOS = 20;
const MEASURED_VIDEOS = 40;

async function readVideos(dir: string, most = Infinity): Promise<Uint8Array[]> {
  const dataset = await openDataset(dir);
  return Array.from({ length: Math.min(most, dataset.trajectories) }, (_, i) => dataset.read(i).frames);
}

runMain(async () => {
  const { data, validation, out, publish, threads, ...config } = parseOptions({
    data: "data/shards/tokeniser",
    validation: "data/shards/validation",
    out: "runs/tokeniser",
    publish: "checkpoints/tokeniser",
    threads: 0,
    ...TOKENISER_TRAINING,
  });
  await openBackend({ threads: threads || undefined });
  const videos = await readVideos(data);
  const params = trainTokeniser(out, { count: videos.length, frames: (i) => videos[i] }, config);
  const ones = new Float32Array(TOKENISER.latentChannels).fill(1);
  const plain = makeTokeniser(params, "", ones);
  const heldOut = await readVideos(validation, HELD_OUT_VIDEOS);
  const quality = reconstructionQuality(plain, heldOut);
  const latents = videos.slice(0, MEASURED_VIDEOS).map((frames) => plain.encode(frames));
  publishTokeniser(publish, params, config, quality, channelVariances(joinFloats(latents)));
  console.log(`${publish}: PSNR ${quality.psnr.toFixed(2)} dB, SSIM ${quality.ssim.toFixed(4)}`);
});
