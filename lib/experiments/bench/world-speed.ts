/** How fast a world draws. */
import { Rng } from "../../util/rng.ts";
import type { Pose } from "../../world/camera.ts";
import { framesOf } from "../../world/config.ts";
import { planTrajectory } from "../../world/plan.ts";
import type { Level, World } from "../../world/world.ts";

/** Pictures, or depth maps, a second. */
export interface Speeds {
  readonly random: number;
  readonly path: number;
  readonly depth: number;
}

/** Poses drawn in one request, as a data set does it: a trajectory. */
const LATENTS = 40;
const REQUEST = framesOf(LATENTS);

const PLAN = {
  commands: "uniform",
  latents: LATENTS,
  segment: [2, 6],
  longestCombined: 4,
  combinedShare: 0,
  noneShare: 0,
  without: [],
} as const;

/** Has every world (one name opened several times: several processes) draw `requests` trajectories' worth of pictures, at once. */
export async function measureSpeeds(worlds: readonly World[], requests: number): Promise<Speeds> {
  const levels = worlds.map((world) => world.level(0));
  const random = (level: Level, i: number): Pose[] => {
    const rng = Rng.of(i, "speed");
    return Array.from({ length: REQUEST }, () => level.spawn(rng));
  };
  const path = (level: Level, i: number): readonly Pose[] =>
    planTrajectory(level, worlds[0].step, PLAN, Rng.of(i, "speed")).poses;
  const timed = async (
    posesOf: (level: Level, i: number) => readonly Pose[],
    draw: (level: Level, poses: readonly Pose[]) => Promise<unknown>,
  ): Promise<number> => {
    const poses = Array.from({ length: requests }, (_, i) => posesOf(levels[0], i));
    const start = performance.now();
    await Promise.all(
      levels.map(async (level) => {
        for (const some of poses) await draw(level, some);
      }),
    );
    return (1000 * levels.length * requests * REQUEST) / (performance.now() - start);
  };
  return {
    random: await timed(random, (level, poses) => level.render(poses)),
    path: await timed(path, (level, poses) => level.render(poses)),
    depth: await timed(path, (level, poses) => level.depth(poses)),
  };
}
