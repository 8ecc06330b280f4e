/** Trains a world's depth network. */
import { depthConfig } from "../../model/depth/config.ts";
import { makeDepthNetwork } from "../../model/depth/depth.ts";
import { loadTokeniser } from "../../model/tokeniser/tokeniser.ts";
import { type DepthBankOptions, fillDepthBank } from "../../training/depth/bank.ts";
import { depthQuality } from "../../training/depth/evaluate.ts";
import { publishDepth } from "../../training/depth/publish.ts";
import { depthTraining, trainDepth } from "../../training/depth/train.ts";
import { openDataset } from "../../world/dataset/read.ts";
import { dataDir, isPublished, networkDir, type Pipeline, runDir } from "./folders.ts";

/** The split's last trajectories are left to the estimators' error model. */
export const LEFT_OUT = 20;
const STRIDE = 5;
const HELD_OUT: DepthBankOptions = { first: 0, count: 20, stride: 9 };

export async function makeDepth(pipeline: Pipeline): Promise<void> {
  const { world, seed } = pipeline;
  const dir = networkDir(pipeline, "depth");
  const tokeniser = loadTokeniser(networkDir(pipeline, "tokeniser"));
  const training = depthTraining.parse({ seed });
  if (isPublished(dir, { training, tokeniser: tokeniser.sha256 }, { training: depthTraining.parse({}) })) return;
  const dataset = await openDataset(dataDir(pipeline, "estimator-reward"));
  const used: DepthBankOptions = { first: 0, count: dataset.trajectories - LEFT_OUT, stride: STRIDE };
  const bank = await fillDepthBank(world, dataset, tokeniser, used);
  const model = depthConfig(world);
  const params = await trainDepth(runDir(pipeline, "depth"), bank, model, training, { tokeniser: tokeniser.sha256 });
  const heldOut = await fillDepthBank(world, await openDataset(dataDir(pipeline, "validation")), tokeniser, HELD_OUT);
  const network = makeDepthNetwork(params, model, "");
  const quality = [0, 1].map((version) => depthQuality(network, heldOut, version));
  const pictures = bank.pitches.length;
  publishDepth(dir, params, model, training, { world: world.name, tokeniser: tokeniser.sha256, pictures, quality });
  const errors = quality.map(({ meanError }) => meanError.toFixed(3)).join(" and ");
  process.stderr.write(`depth: log error ${errors} on true pictures and reconstructions\n`);
}
