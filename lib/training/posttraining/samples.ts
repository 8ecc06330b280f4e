/** Videos of the policy as it learns, always of the same prompts. */
import { join } from "node:path";
import { encodeMp4 } from "../../display/media/ffmpeg.ts";
import { overlayKeys, sideBySide, upscaleVideo } from "../../display/media/index.ts";
import { codecOf } from "../../model/legacy/carried.ts";
import { makeWorldModel } from "../../model/legacy/rollout.ts";
import type { Params } from "../../model/nn/params.ts";
import { rlPrompts } from "../../rollout/index.ts";
import { generateVideos } from "../../rollout/prompts/index.ts";
import { writeAtomic } from "../../util/files.ts";
import { HEIGHT, motionOf, WIDTH } from "../../world/index.ts";
import type { Lab } from "./lab.ts";

/** One basic and one combined prompt, apart from those of training. */
const SHOWN = 2;
const SHOWN_ITERATION = 1_000_000;
const SCALE = 4;
const FPS = 16;

export const samplePath = (dir: string, name: string): string => join(dir, "samples", `${name}.mp4`);

/** Writes an MP4: the prompts side by side with their keys, as long as a training video. */
export async function saveSamples({ config, shape, tokeniser }: Lab, params: Params, path: string): Promise<void> {
  const { seed, sampler } = config;
  const { horizon } = config.rollout;
  const prompts = rlPrompts(seed, SHOWN_ITERATION, SHOWN, horizon);
  const model = makeWorldModel(params, shape, {
    sampler,
    compiled: true,
    codec: codecOf(tokeniser),
  });
  const videos = generateVideos(model, tokeniser, prompts, { seed, clips: horizon, batch: SHOWN });
  const shown = videos.map((frames, i) => {
    const held = Array.from(prompts[i].actions, motionOf);
    return overlayKeys(upscaleVideo({ frames, width: WIDTH, height: HEIGHT, fps: FPS }, SCALE), held);
  });
  const both = sideBySide(shown, { labels: prompts.map(({ kind }) => kind) });
  writeAtomic(path, await encodeMp4(both.frames, both));
}
