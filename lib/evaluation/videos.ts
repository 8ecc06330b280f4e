/** Videos of a world model under prompts. */
import { CLIP_LATENTS } from "../model/clip.ts";
import type { WorldModel } from "../model/worldModel.ts";
import { checkLength, clipActions, type Prompt } from "../rollout/prompt.ts";
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
  prompts: readonly Prompt[],
  options: VideoOptions = {},
): Promise<Uint8Array[]> {
  const all = Math.floor(Math.min(...prompts.map(({ actions }) => actions.length)) / CLIP_LATENTS);
  const { clips = all, samplingSeed = 0, side = 8, onClips } = options;
  checkLength(prompts, clips);
  const videos: Uint8Array[] = [];
  for (let at = 0; at < prompts.length; at += side) {
    const group = prompts.slice(at, at + side);
    const rollout = await model.reset(group.map(({ start }) => start));
    try {
      for (let n = 0; n < clips; n++) {
        await rollout.step(
          group.map((prompt) => clipActions(prompt, n)),
          group.map((_, i) => Rng.of("sampling", samplingSeed, at + i, n)),
        );
        onClips?.(group.length);
      }
      videos.push(...group.map((_, i) => rollout.frames(i)));
    } finally {
      rollout.dispose();
    }
  }
  return videos;
}
