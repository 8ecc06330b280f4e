/**
 * Which actions a video shows, judged by the true world instead of by an estimator: of the true pictures that each action
 * would have led to, the one that is nearest to the video's. Nothing here is learnt, so nothing can be learnt by a policy
 * to please it. It renders the level and so serves evaluation only.
 */
import { UserError } from "../util/errors.ts";
import { NONE } from "../world/actions.ts";
import type { Pose } from "../world/camera.ts";
import { FRAMES_PER_LATENT } from "../world/config.ts";
import { latentPoses } from "../world/motion.ts";
import { ALL_ACTIONS } from "../world/primitives.ts";
import type { CameraModel, Level, WorldDescription } from "../world/world.ts";
import { type Accuracy, accuracyOf, stepActions } from "./accuracy.ts";

/** What is known of the world that a video should show. */
export interface KnownWorld {
  readonly world: Pick<WorldDescription, "camera" | "step">;
  readonly level: Level;
  /** Commanded, one a latent. [L] */
  readonly actions: ArrayLike<number>;
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

/** At half the resolution, for blur of a pixel or two is no motion, and without the mean of each colour. */
function impression(picture: Uint8Array, { width, height }: CameraModel): Float32Array {
  const [columns, rows] = [Math.floor(width / 2), Math.floor(height / 2)];
  const out = new Float32Array(3 * columns * rows);
  const means = [0, 0, 0];
  for (let y = 0, at = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      for (let k = 0; k < 3; k++, at++) {
        const i = 3 * (2 * y * width + 2 * x) + k;
        out[at] = (picture[i] + picture[i + 3] + picture[i + 3 * width] + picture[i + 3 * width + 3]) / 4;
        means[k] += (3 * out[at]) / out.length;
      }
  return out.map((value, at) => value - means[at % 3]);
}

/** Mean absolute difference. */
function difference(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum / a.length;
}

/** How unlike a picture is to the true ones from some poses. */
type Unlikeness = (poses: readonly Pose[]) => Promise<number[]>;

function unlikenessOf({ level, world }: KnownWorld, picture: Uint8Array): Unlikeness {
  const seen = impression(picture, world.camera);
  return async (poses) => {
    const frames = await level.render(poses);
    const size = frames.length / poses.length;
    return poses.map((_, i) => difference(impression(frames.subarray(i * size, (i + 1) * size), world.camera), seen));
  };
}

/** Shares of an action's way that may have been made: a model that moves too slowly still moves. */
const SHARES = [0.5, 0.75, 1, 1.25];

const partOf = (from: Pose, to: Pose, share: number): Pose => ({
  x: from.x + share * (to.x - from.x),
  z: from.z + share * (to.z - from.z),
  yaw: from.yaw + share * (to.yaw - from.yaw),
  pitch: from.pitch + share * (to.pitch - from.pitch),
});

/** The first of the least values. */
const leastOf = (values: readonly number[]): number => values.indexOf(Math.min(...values));

/**
 * Follows the camera through a video, latent by latent, from the known first pose. Where the commanded pose explains a
 * picture better than the one arrived at, it goes on from there, so that one mistake does not spoil what follows.
 * Renders 87 pictures a latent.
 * @param video bytes of the world's first k latents, [4 k - 3, height, width, 3]
 * @throws UserError on any other number of frames
 */
export async function explainVideo(video: Uint8Array, known: KnownWorld): Promise<Explanation> {
  const { width, height } = known.world.camera;
  const bytes = 3 * width * height;
  const latents = (video.length / bytes - 1) / FRAMES_PER_LATENT;
  if (!Number.isInteger(latents) || latents < 1 || FRAMES_PER_LATENT * latents >= known.poses.length)
    throw new UserError(
      `a video of ${video.length / bytes} frames for ${known.poses.length} commanded poses`,
      "give 4 k + 1 frames, not more than there are poses",
    );
  const [actions, residuals, poses] = [new Int32Array(latents), new Float32Array(latents), [known.poses[0]]];
  let unlikeness = unlikenessOf(known, video.subarray(0, bytes));
  for (let t = 0; t < latents; t++) {
    const frame = FRAMES_PER_LATENT * t;
    const origins = [poses[t], known.poses[frame]];
    const from = origins[leastOf(await unlikeness(origins))];
    const at = (frame + FRAMES_PER_LATENT) * bytes;
    unlikeness = unlikenessOf(known, video.subarray(at, at + bytes));
    // A video may be led to where a world has no pictures: out of what a camera can look up to.
    const isDrawn = (pose: Pose): boolean => known.level.draws?.(pose) ?? true;
    const ends = ALL_ACTIONS.map((action) => {
      const end = latentPoses(from, action, known.world.step)[FRAMES_PER_LATENT - 1];
      return { action, end };
    }).filter(({ end }) => isDrawn(end));
    const nearest = ends[leastOf(await unlikeness(ends.map(({ end }) => end)))];
    actions[t] = nearest.action;
    const ways = SHARES.map((share) => partOf(from, nearest.end, share)).filter(isDrawn);
    const left = await unlikeness(ways);
    residuals[t] = Math.min(...left);
    poses.push(ways[leastOf(left)]);
  }
  return { actions, poses, residuals };
}

/** How far the actions that a video shows are the commanded ones. */
export function accuracyOfExplanation({ actions }: Explanation, known: Pick<KnownWorld, "actions">): Accuracy {
  const shown = stepActions([NONE, ...actions]);
  return accuracyOf(shown, stepActions(known.actions).subarray(0, shown.length));
}

/** How far a video does what is commanded, by the true world. */
export const trueWorldAccuracy = async (video: Uint8Array, known: KnownWorld): Promise<Accuracy> =>
  accuracyOfExplanation(await explainVideo(video, known), known);
