import type { Camera } from "../camera.ts";
import { FOCAL, HEIGHT, WIDTH } from "../config.ts";
import { groundRow } from "./ground.ts";
import type { Scene } from "./scene.ts";
import { skyRow } from "./sky.ts";

const mixed = new Float32Array(WIDTH * 3);

/** Paints ground and sky into `out` ([HEIGHT, WIDTH, 3], 0..255). The camera never rolls, so the horizon is a row. */
export function paintBackground(scene: Scene, camera: Camera, out: Float32Array): void {
  for (let py = 0; py < HEIGHT; py++) {
    const b = (HEIGHT / 2 - py - 0.5) / FOCAL;
    const row = out.subarray(py * WIDTH * 3, (py + 1) * WIDTH * 3);
    const above = ((camera.forward[1] + b * camera.up[1]) * FOCAL) / camera.up[1];
    if (above >= 0.5) skyRow(scene, camera, b, row);
    else if (above <= -0.5) groundRow(scene, camera, b, row);
    else paintHorizon(scene, camera, b, above, row);
  }
}

/** The row that the horizon crosses, `above` pixels over it: sky and far ground by their share of the row. */
function paintHorizon(scene: Scene, camera: Camera, b: number, above: number, row: Float32Array): void {
  skyRow(scene, camera, b + (0.5 - above) / 2 / FOCAL, row);
  groundRow(scene, camera, b - (0.5 + above) / FOCAL, mixed);
  const share = 0.5 - above;
  for (let i = 0; i < row.length; i++) row[i] += (mixed[i] - row[i]) * share;
}
