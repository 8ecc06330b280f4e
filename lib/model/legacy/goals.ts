/** Where in a picture alike ground is looked for; see continued.ts. */
import type { Camera } from "../../world/camera.ts";

/** At these multiples of the distance, and turned by these angles from the view. */
const DISTANCES = [1, 2];
const ANGLES = [0, 0.35, -0.35];

/** x and z, for each distance and angle, of the point to aim at that is one unit of distance away. */
export function goalsOf(forward: Camera["forward"]): Float64Array {
  const yaw = Math.atan2(forward[0], forward[2]);
  return Float64Array.from(
    DISTANCES.flatMap((multiple) =>
      ANGLES.flatMap((angle) => [multiple * Math.sin(yaw + angle), multiple * Math.cos(yaw + angle)]),
    ),
  );
}
