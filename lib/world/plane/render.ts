import { cameraAt, type Pose } from "../camera.ts";
import { FRAME_BYTES } from "../config.ts";
import { paintBackground } from "./background.ts";
import { paintSolids } from "./foreground.ts";
import type { Scene } from "./scene.ts";

const picture = new Float32Array(FRAME_BYTES);

/** The exact picture of a scene from a pose: [HEIGHT, WIDTH, 3] of 8-bit RGB, written into `out` where given. */
export function renderFrame(scene: Scene, pose: Pose, out: Uint8Array = new Uint8Array(FRAME_BYTES)): Uint8Array {
  const camera = cameraAt(pose);
  paintBackground(scene, camera, picture);
  paintSolids(scene, camera, picture);
  return rounded(out);
}

/** The same picture without its solids: ground and sky alone. */
export function renderEmpty(scene: Scene, pose: Pose): Uint8Array {
  paintBackground(scene, cameraAt(pose), picture);
  return rounded(new Uint8Array(FRAME_BYTES));
}

function rounded(out: Uint8Array): Uint8Array {
  for (let i = 0; i < FRAME_BYTES; i++) out[i] = picture[i] + 0.5;
  return out;
}

/** The frames along a path: [poses.length, HEIGHT, WIDTH, 3] of 8-bit RGB. */
export function renderPath(scene: Scene, poses: readonly Pose[]): Uint8Array {
  const frames = new Uint8Array(poses.length * FRAME_BYTES);
  poses.forEach((pose, i) => {
    renderFrame(scene, pose, frames.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES));
  });
  return frames;
}
