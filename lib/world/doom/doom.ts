/**
 * Nine rooms of a real game: ViZDoom's level `my_way_home`, with Freedoom's textures, drawn by the engine itself. There
 * is one map: a level's seed only names the instance, so that seeds part trajectories as they do in other worlds.
 */
import { ensureVizdoom } from "../../runtime/setup/vizdoom.ts";
import { UserError } from "../../util/errors.ts";
import type { Rng } from "../../util/rng.ts";
import type { Pose } from "../camera.ts";
import type { Level, World, WorldDescription } from "../world.ts";
import { castDepth } from "./depth.ts";
import { clearanceAt, type FloorPlan, isInside } from "./floor-plan.ts";
import { DoomServer, type LevelMap, MEND } from "./server.ts";
import { camerasOf, MAP_UNITS, ORIGIN } from "./units.ts";

const DEGREE = Math.PI / 180;

const DESCRIPTION: WorldDescription = {
  name: "doom",
  camera: { width: 80, height: 48, focal: 40, pitch: "shears" },
  step: { translation: 0.1, yaw: 2 * DEGREE, pitch: 1.25 * DEGREE },
  pitchLimit: 20 * DEGREE,
};

/** The eye keeps this far from walls; doorways and passages are 1.25 wide. */
const CLEARANCE = 0.5;
/** Room around a pose to begin at. */
const SPAWN_CLEARANCE = 0.7;

/** Bounds of what the engine can show, units and radians. */
const FARTHEST = 300;
const MOST_TURNED = 1e6;
const STEEPEST = 31 * DEGREE;

/** @throws UserError where ViZDoom cannot be installed or does not start */
export async function openDoom(): Promise<World> {
  await ensureVizdoom();
  const { server, map } = await DoomServer.start();
  return doomWorld(server, map);
}

/** The world that a server draws. @throws UserError where its pictures are not of the world's size */
export async function doomWorld(server: DoomServer, map: LevelMap): Promise<World> {
  const { width, height } = DESCRIPTION.camera;
  if (map.width !== width || map.height !== height) {
    await server.close();
    throw new UserError(`the ViZDoom server draws ${map.width} x ${map.height} pixels, not ${width} x ${height}`, MEND);
  }
  const plan = floorPlanOf(map);
  return { ...DESCRIPTION, level: (seed) => levelOf(seed, plan, server), close: () => server.close() };
}

function floorPlanOf({ floor, ceiling, eye, walls }: LevelMap): FloorPlan {
  return {
    eye: (eye - floor) / MAP_UNITS,
    ceiling: (ceiling - floor) / MAP_UNITS,
    walls: walls.map(([x1, y1, x2, y2]) => ({
      x: (x1 - ORIGIN.x) / MAP_UNITS,
      z: (y1 - ORIGIN.y) / MAP_UNITS,
      dx: (x2 - x1) / MAP_UNITS,
      dz: (y2 - y1) / MAP_UNITS,
    })),
  };
}

function levelOf(seed: number, plan: FloorPlan, server: DoomServer): Level {
  const { camera, pitchLimit } = DESCRIPTION;
  const pixels = camera.width * camera.height;
  const isRoom = (x: number, z: number, clearance: number): boolean =>
    isInside(plan, x, z) && clearanceAt(plan, x, z) >= clearance;
  const extent = (axis: "x" | "z"): number => Math.max(...plan.walls.map((wall) => Math.abs(wall[axis])));
  const [halfX, halfZ] = [extent("x"), extent("z")];
  return {
    seed,
    isFree: ({ x, z, pitch }) => Math.abs(pitch) <= pitchLimit + 1e-9 && isRoom(x, z, CLEARANCE),
    spawn(rng: Rng): Pose {
      for (;;) {
        const [x, z] = [rng.uniform(-halfX, halfX), rng.uniform(-halfZ, halfZ)];
        const [yaw, pitch] = [rng.uniform(-Math.PI, Math.PI), rng.uniform(-pitchLimit / 2, pitchLimit / 2)];
        if (isRoom(x, z, SPAWN_CLEARANCE)) return { x, z, yaw, pitch };
      }
    },
    draws: isPossible,
    render: (poses) => server.render(camerasOf(checked(poses)), pixels * 3),
    async depth(poses) {
      const depths = new Float32Array(poses.length * pixels);
      for (const [i, pose] of checked(poses).entries())
        castDepth(plan, pose, camera, depths.subarray(i * pixels, (i + 1) * pixels));
      return depths;
    },
  };
}

/** Can the engine put its camera there: within its numbers, and short of its steepest look upward, 32 degrees? */
const isPossible = ({ x, z, yaw, pitch }: Pose): boolean =>
  Math.hypot(x, z) < FARTHEST && Math.abs(yaw) < MOST_TURNED && Math.abs(pitch) < STEEPEST;

/** @throws UserError unless the engine can put its camera there */
function checked(poses: readonly Pose[]): readonly Pose[] {
  const wrong = poses.find((pose) => !isPossible(pose));
  if (!wrong) return poses;
  const { x, z, yaw, pitch } = wrong;
  throw new UserError(
    `the world doom has no picture from x ${x}, z ${z}, yaw ${yaw}, pitch ${pitch}`,
    `give numbers: a place within ${FARTHEST} units, a pitch within ${STEEPEST / DEGREE} degrees`,
  );
}
