/** Trains a world's tokeniser. */
import { channelVariances, makeTokeniser as tokeniserOf } from "../../model/tokeniser/tokeniser.ts";
import { reconstructionQuality } from "../../training/tokeniser/evaluate.ts";
import { publishTokeniser } from "../../training/tokeniser/publish.ts";
import { tokeniserTraining, trainTokeniser } from "../../training/tokeniser/train.ts";
import { joinFloats } from "../../util/arrays.ts";
import { openDataset } from "../../world/dataset/read.ts";
import { dataDir, networkDir, type Pipeline, runDir } from "./folders.ts";

/** 32 times fewer numbers than the pixels have; with 16 channels edges were soft (29.2 dB). */
const CHANNELS = 24;
const STEPS = 2400;
const RATE = 2e-3;
const HELD_OUT_VIDEOS = 20;
const MEASURED_VIDEOS = 40;

export async function makeTokeniser(pipeline: Pipeline): Promise<void> {
  const dataset = await openDataset(dataDir(pipeline, "tokeniser"));
  const videos = Array.from({ length: dataset.trajectories }, (_, i) => dataset.frames(i));
  const config = tokeniserTraining.parse({ seed: pipeline.seed, steps: STEPS, lr: RATE, channels: CHANNELS });
  const source = { count: videos.length, frames: (i: number) => videos[i] };
  const params = await trainTokeniser(runDir(pipeline, "tokeniser"), source, config);
  const plain = tokeniserOf(params, "", new Float32Array(CHANNELS).fill(1));
  const validation = await openDataset(dataDir(pipeline, "validation"));
  const measured = Math.min(HELD_OUT_VIDEOS, validation.trajectories);
  const heldOut = Array.from({ length: measured }, (_, i) => validation.frames(i));
  const quality = reconstructionQuality(plain, heldOut);
  const latents = joinFloats(videos.slice(0, MEASURED_VIDEOS).map((frames) => plain.encode(frames)));
  const variances = channelVariances(latents, CHANNELS);
  publishTokeniser(networkDir(pipeline, "tokeniser"), params, config, quality, variances);
  process.stderr.write(`tokeniser: PSNR ${quality.psnr.toFixed(2)} dB, SSIM ${quality.ssim.toFixed(4)}\n`);
}
