/** A picture predicted from another one by the target's depths and the camera model. */
import { directionOf } from "../../../lib/world/axes.ts";
import type { Pose } from "../../../lib/world/camera.ts";
import { brightness, type Drawn } from "./align.ts";

/**
 * Differences in brightness, added up, between `target` and what `source` shows of its points, had the target been drawn from
 * `claimed`, over the points that `source` sees.
 */
export function warpError(source: Drawn, target: Drawn, claimed: Pose): { sum: number; count: number } {
  const { width, height, focal } = target.camera;
  let [sum, count] = [0, 0];
  for (let row = 1; row < height - 1; row++)
    for (let column = 1; column < width - 1; column++) {
      const depth = target.depth[row * width + column];
      const [dx, dy, dz] = directionOf(target.camera, claimed, column + 0.5 - width / 2, row + 0.5 - height / 2);
      const [x, y, z] = [claimed.x + depth * dx - source.pose.x, depth * dy, claimed.z + depth * dz - source.pose.z];
      const [s, c] = [Math.sin(source.pose.yaw), Math.cos(source.pose.yaw)];
      const ahead = x * s + z * c;
      const at = width / 2 + (focal * (x * c - z * s)) / ahead;
      const down = height / 2 + focal * (Math.tan(source.pose.pitch) - y / ahead);
      if (!(ahead > 0.1 && at > 1 && at < width - 1 && down > 1 && down < height - 1)) continue;
      // Not what something nearer hides.
      if (source.depth[Math.floor(down) * width + Math.floor(at)] < 0.95 * ahead) continue;
      sum += Math.abs(brightness(source, at, down) - brightness(target, column + 0.5, row + 0.5));
      count++;
    }
  return { sum, count };
}
