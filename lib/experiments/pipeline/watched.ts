/** The eight prompts that every post-training is watched by, on levels that nothing is trained on: before and now, side by side. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { estimatedAccuracy, type Metric, psnrToTruth } from "../../evaluation/measure.ts";
import { watch } from "../../evaluation/watch.ts";
import type { WorldModel } from "../../model/worldModel.ts";
import { ESTIMATOR_FOLDERS, loadActionEstimator } from "../../rewards/actions/estimators.ts";
import { promptsOf } from "../../rollout/prompt.ts";
import { fromRoot } from "../../util/root.ts";
import { networkDir, type Pipeline } from "./folders.ts";

/** Of each kind of commands, clips of each, and iterations from one look to the next. */
const PROMPTS = 4;
const CLIPS = 4;
const EVERY = 16;

/** What `postTrain` calls at its saves. @param dir of the run */
export async function watched(pipeline: Pipeline, base: WorldModel, dir: string): Promise<ReturnType<typeof watch>> {
  const of = (commands: "basic" | "combined") => promptsOf(pipeline.world, "validation", commands, PROMPTS, CLIPS);
  const prompts = [...(await of("basic")), ...(await of("combined"))];
  const networks = networkDir(pipeline, "");
  const estimator = existsSync(fromRoot(join(networks, ESTIMATOR_FOLDERS.evaluation, "config.json")));
  const metrics: Metric[] = [
    psnrToTruth,
    ...(estimator ? [estimatedAccuracy(loadActionEstimator(networks, "evaluation"))] : []),
  ];
  return watch({ dir, base, prompts, clips: CLIPS, metrics, every: EVERY });
}
