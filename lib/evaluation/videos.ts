/** Videos of a world model under prompts. */
import type { WorldModel } from "../model/worldModel.ts";
import { clipActions, type Prompt } from "../rollout/prompt.ts";
import { Rng } from "../util/rng.ts";

export interface VideoOptions {
  readonly clips: number;
  readonly samplingSeed: number;
  /** Videos made side by side. */
  readonly side?: number;
  /** Told the clips made since the last call. */
  readonly onClips?: (clips: number) => void;
}

/** One video for each prompt, [16 n - 3, height, width, 3]; what it is does not depend on the others. */
export async function generateVideos(
  model: WorldModel,
  prompts: readonly Prompt[],
  options: VideoOptions,
): Promise<Uint8Array[]> {
  const { clips, samplingSeed, side = 8, onClips } = options;
  const videos: Uint8Array[] = [];
  for (let at = 0; at < prompts.length; at += side) {
    const group = prompts.slice(at, at + side);
    const rollout = await model.reset(group.map(({ start }) => start));
    for (let n = 0; n < clips; n++) {
      await rollout.step(
        group.map((prompt) => clipActions(prompt, n)),
        group.map((_, i) => Rng.of("sampling", samplingSeed, at + i, n)),
      );
      onClips?.(group.length);
    }
    videos.push(...group.map((_, i) => rollout.frames(i)));
    rollout.dispose();
  }
  return videos;
}
