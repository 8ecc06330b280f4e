/** What actions do to the camera, in steps of a world's size. */
import { motionOf } from "./actions.ts";
import type { Pose } from "./camera.ts";
import { FRAMES_PER_LATENT } from "./config.ts";
import type { StepSizes } from "./world.ts";

/**
 * The pose one frame later. The translation follows the heading halfway through the turn, so that the opposite
 * action leads exactly back; diagonals are as long as straight steps. Pitch is not limited here; paths are planned within the limit.
 * @param scale of the step; only evaluation outside of the training distribution uses another than 1
 */
export function moved(pose: Pose, action: number, step: StepSizes, scale = 1): Pose {
  const { forward, rightward, yaw, pitch } = motionOf(action);
  const turn = scale * yaw * step.yaw;
  const length = (scale * step.translation) / (forward !== 0 && rightward !== 0 ? Math.SQRT2 : 1);
  const [s, c] = [Math.sin(pose.yaw + turn / 2), Math.cos(pose.yaw + turn / 2)];
  return {
    x: pose.x + length * (forward * s + rightward * c),
    z: pose.z + length * (forward * c - rightward * s),
    yaw: pose.yaw + turn,
    pitch: pose.pitch + scale * pitch * step.pitch,
  };
}

/** The poses after each of the frames of one latent. */
export function latentPoses(pose: Pose, action: number, step: StepSizes, scale = 1): Pose[] {
  const poses: Pose[] = [];
  for (let i = 0; i < FRAMES_PER_LATENT; i++) poses.push(moved(poses.at(-1) ?? pose, action, step, scale));
  return poses;
}

/**
 * The camera's pose at every frame of a video: what `actions` do from `start` on.
 *
 * @param actions one a latent, 0..80; the first belongs to the given picture and is ignored
 * @param step of the world: world units and radians a frame
 * @param scale of the step; only evaluation outside of the training distribution uses another than 1
 * @returns 4 * latents - 3 poses; x and z in world units, yaw and pitch in radians
 * @example
 * ```ts
 * import { openWorld, trajectoryOf } from "worldcompass";
 * const { step } = await openWorld("courtyard");
 * const poses = trajectoryOf({ x: 0, z: 0, yaw: 0, pitch: 0 }, [0, 9], step);
 * console.log(poses.length, poses[4].z.toFixed(1)); // => 5 0.4
 * ```
 */
export function trajectoryOf(start: Pose, actions: ArrayLike<number>, step: StepSizes, scale = 1): Pose[] {
  const poses = [start];
  for (let t = 1; t < actions.length; t++) poses.push(...latentPoses(poses[poses.length - 1], actions[t], step, scale));
  return poses;
}
