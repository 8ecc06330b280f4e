/** True depth by casting rays: the engine's own depth buffer has 8 bits, and is wrong at the picture's lower edge. */
import { directionOf } from "../axes.ts";
import type { Pose } from "../camera.ts";
import type { CameraModel } from "../world.ts";
import { castHorizontally, type FloorPlan } from "./floor-plan.ts";

/** Depth of every pixel's centre along the horizontal forward axis, [height, width], into `out`. */
export function castDepth(plan: FloorPlan, pose: Pose, camera: CameraModel, out: Float32Array): void {
  const { width, height } = camera;
  // Looking up and down shears the picture: a column is one vertical plane, a row has one slope.
  const walls = Float64Array.from({ length: width }, (_, column) => {
    const [dx, , dz] = directionOf(camera, pose, column + 0.5 - width / 2, 0);
    return castHorizontally(plan, pose.x, pose.z, dx, dz);
  });
  for (let row = 0; row < height; row++) {
    const slope = directionOf(camera, pose, 0, row + 0.5 - height / 2)[1];
    const plane = slope < 0 ? -plan.eye / slope : (plan.ceiling - plan.eye) / slope;
    for (let column = 0; column < width; column++) out[row * width + column] = Math.min(walls[column], plane);
  }
}
