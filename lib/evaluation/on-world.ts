/** A model, or a control, on the prompts of a world: its videos, and what they measure. */
import type { PortableModel } from "../model/portable.ts";
import type { WorldModel } from "../model/worldModel.ts";
import { type Prompt, type PromptKind, promptsOf } from "../rollout/prompt.ts";
import type { Engine } from "../runtime/engine/engine.ts";
import type { World } from "../world/world.ts";
import { type AboutVideos, type Metric, measureVideos, trueVideos } from "./measure.ts";
import type { Row } from "./report.ts";
import { generateVideos, generateVideosOn } from "./videos.ts";

/** Prompts of one kind with their true videos. */
export interface EvaluationSet {
  readonly world: World;
  readonly kind: PromptKind;
  readonly prompts: readonly Prompt[];
  readonly truths: readonly Uint8Array[];
  readonly clips: number;
}

/**
 * Prompts of the split `evaluation`, on which nothing is trained, with their true videos.
 *
 * @param clips of each video, 24 for 381 frames
 * @example
 * ```ts
 * import { evaluationSet, openWorld } from "worldcompass";
 * const { truths } = await evaluationSet(await openWorld("courtyard"), "combined", 1, 1);
 * console.log(truths[0].length / (48 * 80 * 3)); // => 13
 * ```
 */
export async function evaluationSet(
  world: World,
  kind: PromptKind,
  count: number,
  clips: number,
): Promise<EvaluationSet> {
  const prompts = await promptsOf(world, "evaluation", kind, count, clips);
  return { world, kind, prompts, truths: await trueVideos(prompts), clips };
}

export interface Evaluated {
  readonly rows: readonly Row[];
  readonly videos: readonly Uint8Array[];
}

/** Measures given videos, one a prompt: a control's, or a model's made before. */
export async function evaluateVideos(
  about: Pick<AboutVideos, "model" | "trainingSeed" | "samplingSeed">,
  videos: readonly Uint8Array[],
  { world, kind, prompts, truths }: EvaluationSet,
  metrics: readonly Metric[],
  horizons: readonly number[],
): Promise<Evaluated> {
  const known = videos.map((video, i) => ({ video, truth: truths[i], prompt: prompts[i] }));
  const rows = await measureVideos({ ...about, world: world.name, actions: kind }, known, metrics, horizons);
  return { rows, videos };
}

/**
 * Makes a model's videos of a set's prompts and measures them.
 *
 * @param model here, or one that an engine's workers open
 * @param horizons numbers of frames; each video is measured up to each of them
 * @returns a row for each horizon and metric, one value a video, and the videos
 * @example
 * ```ts
 * import { evaluateModel, evaluationSet, openWorld, psnrToTruth, ssimToTruth, trueAccuracy, untrainedModel } from "worldcompass";
 * const world = await openWorld("courtyard");
 * const model = await untrainedModel(world, { width: 32, depth: 1, cellWidth: 8, cellDepth: 1 });
 * const set = await evaluationSet(world, "basic", 1, 1);
 * const about = { model: "untrained", trainingSeed: 0, samplingSeed: 0 };
 * const { rows } = await evaluateModel(about, model, set, [psnrToTruth, ssimToTruth, trueAccuracy], [5]);
 * console.log(rows.map(({ metric, unit }) => `${metric} ${unit}`.trim()).join(", ")); // => psnr dB, ssim, action-accuracy-true %
 * ```
 */
export async function evaluateModel(
  about: Pick<AboutVideos, "model" | "trainingSeed" | "samplingSeed">,
  model: WorldModel | { readonly engine: Engine; readonly portable: PortableModel },
  set: EvaluationSet,
  metrics: readonly Metric[],
  horizons: readonly number[],
  onClips?: (clips: number) => void,
): Promise<Evaluated> {
  const options = { clips: set.clips, samplingSeed: about.samplingSeed, onClips };
  const videos =
    "engine" in model
      ? await generateVideosOn(model.engine, model.portable, set.prompts, options)
      : await generateVideos(model, set.prompts, options);
  return evaluateVideos(about, videos, set, metrics, horizons);
}
