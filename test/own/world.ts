/** A world of one's own in one file: an endless wall of stripes, whose grey says where one is and looks. */
import type { Level, Pose, World } from "worldcompass";

const camera = { width: 80, height: 48, focal: 40, pitch: "turns" as const };

/** Grey of a column: stripes by direction and place. */
const grey = (seed: number, { x, z, yaw, pitch }: Pose, column: number): number => {
  const angle = yaw + Math.atan((column - 39.5) / camera.focal);
  return Math.round(127.5 + 90 * Math.sin(9 * angle + seed + 3 * x + pitch) + 30 * Math.sin(5 * z + 7 * pitch));
};

const level = (seed: number): Level => ({
  seed,
  isFree: ({ pitch }) => Math.abs(pitch) < 0.35,
  spawn: (rng) => ({ x: rng.uniform(-5, 5), z: rng.uniform(-5, 5), yaw: 0, pitch: 0 }),
  render: async (poses) => {
    const frames = new Uint8Array(poses.length * camera.height * camera.width * 3);
    for (const [f, pose] of poses.entries())
      for (let column = 0; column < camera.width; column++) {
        const value = grey(seed, pose, column);
        for (let row = 0; row < camera.height; row++)
          frames.set([value, value, value], 3 * ((f * camera.height + row) * camera.width + column));
      }
    return frames;
  },
  depth: async (poses) => new Float32Array(poses.length * camera.height * camera.width).fill(1),
});

export const stripes: World = {
  name: "stripes",
  camera,
  step: { translation: 0.1, yaw: 0.035, pitch: 0.02 },
  pitchLimit: 0.35,
  level,
  close: async () => {},
};
