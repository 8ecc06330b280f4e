/** The data sets that a world's networks are trained on and measured with. */
import { makeDataset } from "../../world/dataset/make.ts";
import type { Split } from "../../world/splits.ts";
import { dataDir, type Pipeline } from "./folders.ts";

/** Trajectories and latents of each; small ones first, so that a tokeniser can be trained while pre-training data are rendered. */
export const SIZES: readonly { split: Split; trajectories: number; latents: number }[] = [
  { split: "validation", trajectories: 40, latents: 40 },
  { split: "tokeniser", trajectories: 300, latents: 17 },
  { split: "estimator-reward", trajectories: 400, latents: 17 },
  { split: "estimator-evaluation", trajectories: 400, latents: 17 },
  { split: "pretrain", trajectories: 2000, latents: 40 },
];

export async function makeData(pipeline: Pipeline): Promise<void> {
  const { world, seed, engine } = pipeline;
  for (const size of SIZES) await makeDataset({ world, seed, engine, dir: dataDir(pipeline, size.split), ...size });
}
