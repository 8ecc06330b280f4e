/** Spatial memory as a reward: where the camera comes back, the clip should show what was there. */
import { psnr } from "../metrics/image.ts";
import { type Revisit, revisitsOf } from "../metrics/revisit.ts";
import { frameOf, type PictureSize } from "../metrics/video.ts";
import { mean } from "../util/statistics.ts";
import type { StepSizes } from "../world/world.ts";
import type { History, Reward, RewardInput } from "./reward.ts";

/** The camera and its steps, as the data are described. */
interface SeenWorld {
  readonly camera: PictureSize;
  readonly step: StepSizes;
}

/** Root mean square difference as a share of the full scale, 0..1. */
const difference = (a: Uint8Array, b: Uint8Array): number => 10 ** (-psnr(a, b) / 20);

/** Revisits of the clip's own frames among the frames before it; `frame` counts from the clip's first own frame. */
function clipRevisits({ poses, upcoming }: History, step: StepSizes): Revisit[] {
  const revisits = revisitsOf([...poses, ...upcoming], step, poses.length);
  return revisits.map(({ frame, earlier }) => ({ frame: frame - poses.length, earlier }));
}

function scoreOf({ frames, history }: RewardInput, { camera, step }: SeenWorld): number {
  const revisits = history ? clipRevisits(history, step) : [];
  if (!history || revisits.length === 0) return 0;
  const before = history.frames();
  // A clip's frames begin with the last one before it.
  const apart = revisits.map(({ frame, earlier }) =>
    difference(frameOf(frames, frame + 1, camera), frameOf(before, earlier, camera)),
  );
  return -mean(apart);
}

/**
 * Minus the root mean square difference (0..1 of the full scale) between each frame and the earlier frame at the nearest
 * commanded pose, mean over the clip's revisiting frames. A frame revisits where the camera was within one frame step
 * of its pose a clip ago or earlier and has been two latents away since. Without any such frame the score is 0, which is
 * neutral: the branches of a prompt share their poses, so then all of them score 0 and their advantages are 0. It
 * needs no truth; a frozen video would win, which is why it stands beside the interaction reward.
 */
export const revisitReward = (world: SeenWorld): Reward => ({
  name: "revisit",
  score: (clips) => clips.map((clip) => scoreOf(clip, world)),
});
