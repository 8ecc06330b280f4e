/** A patterned wall before the camera, cast ray by ray: exact pictures and depths for either camera model. */
import { directionOf } from "../../../lib/world/axes.ts";
import type { Pose } from "../../../lib/world/camera.ts";
import { latentPoses } from "../../../lib/world/motion.ts";
import type { CameraModel, StepSizes } from "../../../lib/world/world.ts";

export const STEP: StepSizes = { translation: 0.1, yaw: 0.035, pitch: 0.022 };
export const cameraOf = (pitch: CameraModel["pitch"]): CameraModel => ({ width: 32, height: 24, focal: 18, pitch });

/** The wall's plane: x * SLOPE + z = FAR. */
const [FAR, SLOPE] = [4, 0.5];

function cast(camera: CameraModel, pose: Pose, column: number, row: number): { depth: number; colour: number[] } {
  const [across, down] = [column + 0.5 - camera.width / 2, row + 0.5 - camera.height / 2];
  const [dx, dy, dz] = directionOf(camera, pose, across, down);
  const depth = (FAR - SLOPE * pose.x - pose.z) / (SLOPE * dx + dz);
  const [x, y] = [pose.x + depth * dx, depth * dy];
  const wave = (fx: number, fy: number, phase: number): number => 128 + 100 * Math.sin(fx * x + fy * y + phase);
  return { depth, colour: [wave(2.1, 0.7, 0), wave(-0.6, 2.4, 1), wave(1.3, -1.5, 2)] };
}

/** [height, width, 3] bytes */
export const picture = (camera: CameraModel, pose: Pose): Uint8Array =>
  Uint8Array.from(
    Array.from({ length: camera.width * camera.height }, (_, i) =>
      cast(camera, pose, i % camera.width, Math.floor(i / camera.width)).colour.map(Math.round),
    ).flat(),
  );

/** Depths in steps, [height, width]. */
export const depths = (camera: CameraModel, pose: Pose): Float32Array =>
  Float32Array.from(
    { length: camera.width * camera.height },
    (_, i) => cast(camera, pose, i % camera.width, Math.floor(i / camera.width)).depth / STEP.translation,
  );

/** The five frames' poses of a latent that carries out an action. */
export const latentOf = (pose: Pose, action: number): Pose[] => [pose, ...latentPoses(pose, action, STEP)];
