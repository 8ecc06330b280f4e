/** A model, or a control, on the prompts of a world: its videos, and what they measure. */
import type { WorldModel } from "../model/worldModel.ts";
import { type Prompt, type PromptKind, promptsOf } from "../rollout/prompt.ts";
import type { World } from "../world/world.ts";
import { type AboutVideos, type Metric, measureVideos, trueVideos } from "./measure.ts";
import type { Row } from "./report.ts";
import { generateVideos } from "./videos.ts";

/** Prompts of one kind with their true videos. */
export interface EvaluationSet {
  readonly world: World;
  readonly kind: PromptKind;
  readonly prompts: readonly Prompt[];
  readonly truths: readonly Uint8Array[];
  readonly clips: number;
}

/** @param clips of each video, 24 for 381 frames */
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

/** Makes a model's videos and measures them. */
export async function evaluateModel(
  about: Pick<AboutVideos, "model" | "trainingSeed" | "samplingSeed">,
  model: WorldModel,
  set: EvaluationSet,
  metrics: readonly Metric[],
  horizons: readonly number[],
  onClips?: (clips: number) => void,
): Promise<Evaluated> {
  const options = { clips: set.clips, samplingSeed: about.samplingSeed, onClips };
  return evaluateVideos(about, await generateVideos(model, set.prompts, options), set, metrics, horizons);
}
