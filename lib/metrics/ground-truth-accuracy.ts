/**
 * Which actions a video shows, judged by the true world instead of by an estimator: of the pictures that each action
 * would have led to, rendered, the one that is nearest to the video's. Nothing here is learnt, so nothing can be learnt
 * by a policy to please it. It knows the scene and so serves evaluation only.
 */
import { UserError } from "../util/errors.ts";
import {
  ALL_ACTIONS,
  FRAME_BYTES,
  FRAMES_PER_LATENT,
  HEIGHT,
  NONE,
  type Pose,
  stepLatent,
  WIDTH,
} from "../world/index.ts";
import { makeScene, renderFrame, type Scene } from "../world/plane/index.ts";
import { type Accuracy, accuracyOf, stepActions } from "./accuracy.ts";

/** What is known of the world that a video should show. */
export interface KnownWorld {
  readonly sceneSeed: number;
  /** Commanded, one a latent. [L] */
  readonly actions: Uint8Array;
  /** Of every frame, as commanded; [4 L - 3] */
  readonly poses: readonly Pose[];
}

export interface Explanation {
  /** Action of every latent but the first. [L - 1] */
  readonly actions: Int32Array;
  /** Where the camera is taken to be at the end of every latent. [L] */
  readonly poses: readonly Pose[];
  /** What is left unexplained: mean absolute difference in grey levels, tint apart, at half the resolution. [L - 1] */
  readonly residuals: Float32Array;
}

const HALF = { width: WIDTH / 2, height: HEIGHT / 2 };
const HALF_SIZE = 3 * HALF.width * HALF.height;

/** At half the resolution, for blur of a pixel or two is no motion, and without the mean of each colour. */
function impression(picture: Uint8Array): Float32Array {
  const out = new Float32Array(HALF_SIZE);
  const means = [0, 0, 0];
  const row = 3 * WIDTH;
  for (let y = 0, at = 0; y < HALF.height; y++)
    for (let x = 0; x < HALF.width; x++)
      for (let k = 0; k < 3; k++, at++) {
        const i = 2 * y * row + 6 * x + k;
        out[at] = (picture[i] + picture[i + 3] + picture[i + row] + picture[i + row + 3]) / 4;
        means[k] += (3 * out[at]) / HALF_SIZE;
      }
  return out.map((v, at) => v - means[at % 3]);
}

/** Mean absolute difference. */
function difference(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum / a.length;
}

/** Looks at one picture from the poses that one asks for. */
type Doubt = (pose: Pose) => number;

const doubtOf = (scene: Scene, picture: Uint8Array): Doubt => {
  const seen = impression(picture);
  return (pose) => difference(impression(renderFrame(scene, pose)), seen);
};

/** Shares of an action's way that may have been made: a model that moves too slowly still moves. */
const SPEEDS = [0.5, 0.75, 1, 1.25];

const partOf = (from: Pose, to: Pose, share: number): Pose => ({
  x: from.x + share * (to.x - from.x),
  z: from.z + share * (to.z - from.z),
  yaw: from.yaw + share * (to.yaw - from.yaw),
  pitch: from.pitch + share * (to.pitch - from.pitch),
});

const endOf = (pose: Pose, action: number): Pose => stepLatent(pose, action)[FRAMES_PER_LATENT - 1];

/** The value with the least cost, the first of equals, and that cost. */
function least<T>(values: readonly T[], cost: (value: T) => number): { value: T; cost: number } {
  const costs = values.map(cost);
  const best = costs.indexOf(Math.min(...costs));
  return { value: values[best], cost: costs[best] };
}

/**
 * Follows the camera through a video, latent by latent, from the known first pose. Where the commanded pose explains a
 * picture better than the one arrived at, it goes on from there, so that one mistake does not spoil what follows.
 * Renders 87 pictures a latent: sideways steps and turns are told apart by little, and a search that goes along one axis
 * at a time mistakes them.
 * @param video [4 k - 3, 48, 80, 3] bytes of the world's first k latents
 * @throws UserError on any other number of frames
 */
export function explainVideo(video: Uint8Array, { sceneSeed, poses: commanded }: KnownWorld): Explanation {
  const latents = (video.length / FRAME_BYTES - 1) / FRAMES_PER_LATENT;
  if (!Number.isInteger(latents) || latents < 1 || FRAMES_PER_LATENT * latents >= commanded.length)
    throw new UserError(
      `a video of ${video.length / FRAME_BYTES} frames for ${commanded.length} commanded poses`,
      "give 4 k + 1 frames, not more than there are poses",
    );
  const scene = makeScene(sceneSeed);
  const actions = new Int32Array(latents);
  const residuals = new Float32Array(latents);
  const poses = [commanded[0]];
  let doubt = doubtOf(scene, video.subarray(0, FRAME_BYTES));
  for (let t = 0; t < latents; t++) {
    const frame = FRAMES_PER_LATENT * t;
    const from = least([poses[t], commanded[frame]], doubt).value;
    const end = (frame + FRAMES_PER_LATENT) * FRAME_BYTES;
    doubt = doubtOf(scene, video.subarray(end, end + FRAME_BYTES));
    const action = least(ALL_ACTIONS, (a) => doubt(endOf(from, a))).value;
    const ways = SPEEDS.map((speed) => partOf(from, endOf(from, action), speed));
    const arrived = least(ways, doubt);
    actions[t] = action;
    residuals[t] = arrived.cost;
    poses.push(arrived.value);
  }
  return { actions, poses, residuals };
}

/** The action of every frame step: each latent's, four times. [4 (L - 1)] */
export const explainedSteps = ({ actions }: Explanation): Int32Array => stepActions([NONE, ...actions]);

/** How far a video does what is commanded, by the true world. */
export function groundTruthAccuracy(video: Uint8Array, world: KnownWorld): Accuracy {
  const shown = explainedSteps(explainVideo(video, world));
  return accuracyOf(shown, stepActions(world.actions).subarray(0, shown.length));
}
