/** Pictures made soft and noisy, as those of a young model are. */
import type { Rng } from "../../util/rng.ts";
import type { CameraModel } from "../../world/world.ts";

const TAPS = [1, 4, 6, 4, 1];

/** Binomial filter [1 4 6 4 1] / 16 along columns and rows, edges repeated. @param frames [m, height, width, 3] bytes */
export function blurred(frames: Uint8Array, { width, height }: CameraModel): Uint8Array {
  return alongAxis(alongAxis(frames, 3, width), 3 * width, height);
}

/** @param stride bytes between neighbours; @param size of a line of neighbours */
function alongAxis(frames: Uint8Array, stride: number, size: number): Uint8Array {
  const out = new Uint8Array(frames.length);
  for (let i = 0; i < frames.length; i++) {
    const at = Math.floor(i / stride) % size;
    let sum = 8;
    for (let k = -2; k <= 2; k++) {
      const held = Math.max(0, Math.min(size - 1, at + k));
      sum += TAPS[k + 2] * frames[i + (held - at) * stride];
    }
    out[i] = sum >> 4;
  }
  return out;
}

/** Fewer draws than a video has numbers: fresh normals for all would cost more than everything else. */
const DRAWS = 50_021;

/** Frames mixed with their blur, and noise of a standard deviation in shares of white. @param blur 0..1 */
export function degraded(frames: Uint8Array, camera: CameraModel, blur: number, noise: number, rng: Rng): Uint8Array {
  const soft = blurred(frames, camera);
  const draws = rng.normals(DRAWS).map((draw) => 255 * noise * draw);
  const out = new Uint8Array(frames.length);
  for (let i = 0; i < frames.length; i++) {
    const mixed = frames[i] + blur * (soft[i] - frames[i]) + draws[i % DRAWS];
    out[i] = Math.max(0, Math.min(255, Math.round(mixed)));
  }
  return out;
}
