/** Spatial memory without truth: where the commanded camera comes back to an earlier pose, the picture should be the earlier one. */
import type { Pose } from "../world/camera.ts";
import { FRAMES_PER_LATENT, LATENTS_PER_CLIP } from "../world/config.ts";
import type { StepSizes } from "../world/world.ts";
import { boundedPsnr } from "./image.ts";
import { frameOf, type PictureSize } from "./video.ts";

/** A frame and the earlier one at the same commanded pose. */
export interface Revisit {
  readonly frame: number;
  readonly earlier: number;
}

export interface RevisitOptions {
  /** Farthest that two poses of one place are apart, in frame steps. */
  readonly near: number;
  /** Frames that must lie between the two visits. */
  readonly gap: number;
  /** The camera must have been this far away in between, in frame steps: standing still is no revisit. */
  readonly away: number;
}

/** One frame step; a clip in between; two latents away. */
export const REVISIT: RevisitOptions = {
  near: 1,
  gap: FRAMES_PER_LATENT * LATENTS_PER_CLIP,
  away: 2 * FRAMES_PER_LATENT,
};

/** Angle wrapped to -pi..pi. */
const wrap = (angle: number): number => Math.atan2(Math.sin(angle), Math.cos(angle));

/** How far two poses are apart, in frame steps of translation, yaw and pitch (root of the sum of squares). */
export function posesApart(a: Pose, b: Pose, step: StepSizes): number {
  const moved = Math.hypot(a.x - b.x, a.z - b.z) / step.translation;
  return Math.hypot(moved, wrap(a.yaw - b.yaw) / step.yaw, (a.pitch - b.pitch) / step.pitch);
}

/** Differences below this are rounding: among equal poses the earliest counts. */
const ROUNDING = 1e-6;

/** Index of the nearest of `poses`, the earliest of equals; -1 of none. */
export function nearestPose(pose: Pose, poses: readonly Pose[], step: StepSizes): number {
  let [best, least] = [-1, Infinity];
  poses.forEach((other, i) => {
    const apart = posesApart(pose, other, step);
    if (apart < least - ROUNDING) [best, least] = [i, apart];
  });
  return best;
}

/** The earlier visit of pose `frame`, if there is one. */
export function earlierVisit(
  poses: readonly Pose[],
  frame: number,
  step: StepSizes,
  options = REVISIT,
): number | undefined {
  const now = poses[frame];
  const earlier = nearestPose(now, poses.slice(0, Math.max(0, frame - options.gap)), step);
  if (earlier < 0 || posesApart(now, poses[earlier], step) > options.near) return undefined;
  const left = poses.slice(earlier, frame).some((pose) => posesApart(now, pose, step) >= options.away);
  return left ? earlier : undefined;
}

/** All revisits of a path, in order. @param from the first frame to look at */
export function revisitsOf(poses: readonly Pose[], step: StepSizes, from = 0, options = REVISIT): Revisit[] {
  return poses.slice(from).flatMap((_, i) => {
    const earlier = earlierVisit(poses, from + i, step, options);
    return earlier === undefined ? [] : [{ frame: from + i, earlier }];
  });
}

/** PSNR between each revisiting frame and the earlier one, dB. @param video [F, height, width, 3] */
export const revisitPsnrs = (video: Uint8Array, revisits: readonly Revisit[], size: PictureSize): number[] =>
  revisits.map(({ frame, earlier }) => boundedPsnr(frameOf(video, frame, size), frameOf(video, earlier, size)));
