/** Videos of a world model under prompts. */
import { CLIP_LATENTS } from "../model/clip.ts";
import type { PortableModel } from "../model/portable.ts";
import type { WorldModel } from "../model/worldModel.ts";
import type { Cue } from "../rollout/group.ts";
import { checkLength, clipActions } from "../rollout/prompt.ts";
import type { Engine } from "../runtime/engine/engine.ts";
import { Rng } from "../util/rng.ts";

export interface VideoOptions {
  /** Default: all of the prompts' commands. */
  readonly clips?: number;
  /** Default 0. */
  readonly samplingSeed?: number;
  /** Videos made side by side. */
  readonly side?: number;
  /** Told the clips made since the last call. */
  readonly onClips?: (clips: number) => void;
}

const SIDE = 8;

/**
 * A model's videos under prompts, sampled clip by clip; what one is does not depend on the others.
 *
 * @returns for each prompt bytes [16 n - 3, height, width, 3] of n clips
 * @example
 * ```ts
 * import { generateVideos, openWorld, prompt, untrainedModel } from "worldcompass";
 * const world = await openWorld("courtyard");
 * const model = await untrainedModel(world, { width: 32, depth: 1, cellWidth: 8, cellDepth: 1 });
 * const [video] = await generateVideos(model, [await prompt(world, "w-3")]);
 * console.log(video.length / (48 * 80 * 3)); // => 13
 * ```
 */
export async function generateVideos(
  model: WorldModel,
  prompts: readonly Cue[],
  options: VideoOptions = {},
): Promise<Uint8Array[]> {
  const { onClips, ...whole } = { ...options, ...wholeOf(prompts, options) };
  const videos: Uint8Array[] = [];
  for (const first of firstsOf(prompts, options))
    videos.push(...(await videosOf(model, partOf(prompts, first, options), first, { ...whole, onClips })));
  return videos;
}

/** Clips and seed, where not given: all of the prompts' commands. */
function wholeOf(prompts: readonly Cue[], { clips, samplingSeed = 0 }: VideoOptions) {
  const all = Math.floor(Math.min(...prompts.map(({ actions }) => actions.length)) / CLIP_LATENTS);
  checkLength(prompts, clips ?? all);
  return { clips: clips ?? all, samplingSeed };
}

const firstsOf = ({ length }: readonly Cue[], { side = SIDE }: VideoOptions): number[] =>
  Array.from({ length: Math.ceil(length / side) }, (_, i) => i * side);

const partOf = (prompts: readonly Cue[], first: number, { side = SIDE }: VideoOptions): readonly Cue[] =>
  prompts.slice(first, first + side);

/** Videos made side by side. @param first number of the first prompt */
export async function videosOf(
  model: WorldModel,
  cues: readonly Cue[],
  first: number,
  { clips, samplingSeed, onClips }: Pick<VideosJob, "clips" | "samplingSeed"> & Pick<VideoOptions, "onClips">,
): Promise<Uint8Array[]> {
  const rollout = await model.reset(cues.map(({ start }) => start));
  try {
    for (let n = 0; n < clips; n++) {
      await rollout.step(
        cues.map((cue) => clipActions(cue, n)),
        cues.map((_, i) => Rng.of("sampling", samplingSeed, first + i, n)),
      );
      onClips?.(cues.length);
    }
    return cues.map((_, i) => rollout.frames(i));
  } finally {
    rollout.dispose();
  }
}

/** A task's input: some prompts. */
export interface VideosJob {
  readonly model: PortableModel;
  readonly cues: readonly Cue[];
  /** Number of the first of them. */
  readonly first: number;
  readonly clips: number;
  readonly samplingSeed: number;
}

const TASK = "lib/evaluation/videos-task.ts";

/** The same by the workers of an engine. */
export async function generateVideosOn(
  engine: Engine,
  model: PortableModel,
  prompts: readonly Cue[],
  options: VideoOptions = {},
): Promise<Uint8Array[]> {
  const { onClips } = options;
  const { clips, samplingSeed } = wholeOf(prompts, options);
  const jobs = firstsOf(prompts, options).map((first) => {
    const cues = partOf(prompts, first, options).map(({ start, actions }) => ({ start, actions }));
    const input: VideosJob = { model, cues, first, clips, samplingSeed };
    return { input, stored: model.stored };
  });
  const made = await engine.run<VideosJob, Uint8Array[]>(TASK, jobs, {
    onResult: (videos) => onClips?.(videos.length * clips),
  });
  return made.flat();
}
