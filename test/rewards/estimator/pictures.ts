/** Pictures with a known motion, for the estimators' tests. */
import { Rng } from "../../../lib/util/rng.ts";
import { HEIGHT, type Pose, sceneSeed, stepLatent, WIDTH } from "../../../lib/world/index.ts";
import { makeScene, renderPath } from "../../../lib/world/plane/index.ts";

/** Five frames of a smooth random texture that moves by (u, v) pixels a frame: content at x is at x + u in the next. */
export function movingTexture(u: number, v: number, seed = 0): Uint8Array {
  const rng = Rng.of(seed, "texture");
  const waves = Array.from({ length: 24 }, () => {
    const angle = rng.uniform(0, 2 * Math.PI);
    const length = rng.uniform(10, 30);
    const [kx, ky] = [Math.cos(angle), Math.sin(angle)].map((c) => (c * 2 * Math.PI) / length);
    return { kx, ky, phase: rng.uniform(0, 2 * Math.PI), colour: rng.int(3) };
  });
  const out = new Uint8Array(5 * HEIGHT * WIDTH * 3).fill(128);
  const sums = new Float32Array(out.length);
  for (let i = 0; i < out.length; i += 3) {
    const [x, y, f] = [(i / 3) % WIDTH, Math.floor(i / 3 / WIDTH) % HEIGHT, Math.floor(i / 3 / WIDTH / HEIGHT)];
    for (const { kx, ky, phase, colour } of waves)
      sums[i + colour] += Math.sin(kx * (x - u * f) + ky * (y - v * f) + phase);
  }
  return out.map((grey, i) => Math.max(0, Math.min(255, grey + 18 * sums[i])));
}

/** A level start in the open of a scene of the split `validation`. */
const START: Pose = { x: 0.3, z: 0.2, yaw: 0.4, pitch: 0 };

/** Five true frames during which `action` is carried out. */
export function renderedAction(action: number, scene: number, start: Pose = START): Uint8Array {
  return renderPath(makeScene(sceneSeed("validation", 900_000 + scene)), [start, ...stepLatent(start, action)]);
}
