/** The courtyard: one small walled place whose furniture stands elsewhere in every episode. */
import type { Rng } from "../../util/rng.ts";
import type { Pose } from "../camera.ts";
import type { Level, World, WorldDescription } from "../world.ts";
import { paints } from "./cast.ts";
import { type Box, furnish } from "./furniture.ts";
import { renderDepth, renderFrame } from "./render.ts";
import { CLEARANCE, HALF } from "./yard.ts";

const DEGREE = Math.PI / 180;

const DESCRIPTION: WorldDescription = {
  name: "courtyard",
  camera: { width: 80, height: 48, focal: 40, pitch: "turns" },
  step: { translation: 0.1, yaw: 2 * DEGREE, pitch: 1.25 * DEGREE },
  pitchLimit: 20 * DEGREE,
};

/** Room around a pose to begin at, so that a way out exists. */
const SPAWN_CLEARANCE = 1.5 * CLEARANCE;

function isClear(boxes: readonly Box[], x: number, z: number, clearance: number): boolean {
  if (Math.max(Math.abs(x), Math.abs(z)) > HALF - clearance) return false;
  return boxes.every((b) => Math.abs(x - b.x) >= b.halfX + clearance || Math.abs(z - b.z) >= b.halfZ + clearance);
}

function levelOf(seed: number): Level {
  const boxes = furnish(seed);
  const colours = paints(boxes);
  const { camera, pitchLimit } = DESCRIPTION;
  const pixels = camera.width * camera.height;
  const isFree = ({ x, z, pitch }: Pose): boolean =>
    Math.abs(pitch) <= pitchLimit + 1e-9 && isClear(boxes, x, z, CLEARANCE);
  return {
    seed,
    isFree,
    spawn(rng: Rng): Pose {
      for (;;) {
        const [x, z] = [rng.uniform(-HALF, HALF), rng.uniform(-HALF, HALF)];
        const [yaw, pitch] = [rng.uniform(-Math.PI, Math.PI), rng.uniform(-pitchLimit / 2, pitchLimit / 2)];
        if (isClear(boxes, x, z, SPAWN_CLEARANCE)) return { x, z, yaw, pitch };
      }
    },
    async render(poses) {
      const frames = new Uint8Array(poses.length * pixels * 3);
      for (const [i, pose] of poses.entries()) {
        renderFrame(boxes, colours, pose, camera, frames.subarray(i * pixels * 3, (i + 1) * pixels * 3));
      }
      return frames;
    },
    async depth(poses) {
      const depths = new Float32Array(poses.length * pixels);
      for (const [i, pose] of poses.entries()) {
        renderDepth(boxes, pose, camera, depths.subarray(i * pixels, (i + 1) * pixels));
      }
      return depths;
    },
  };
}

export const courtyard: World = { ...DESCRIPTION, level: levelOf, close: async () => {} };
