/**
 * Nine rooms of a real game: ViZDoom's level `my_way_home`, with Freedoom's textures, drawn by the engine itself. There
 * is one map: a level's seed only names the instance, so that seeds part trajectories as they do in other worlds.
 */
import { pythonProgram } from "../../runtime/setup/python.ts";
import { ensureVizdoom } from "../../runtime/setup/vizdoom.ts";
import { UserError } from "../../util/errors.ts";
import type { Rng } from "../../util/rng.ts";
import { fromRoot } from "../../util/root.ts";
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
const CLEARANCE = 0.45;
/** Room around a pose to begin at. */
const SPAWN_CLEARANCE = 0.6;

const SERVER = fromRoot("lib/world/doom/server.py");

/** @throws UserError where ViZDoom cannot be installed or does not start */
export async function openDoom(): Promise<World> {
  await ensureVizdoom();
  // Isolated: no module of the working directory or of PYTHONPATH is taken for one of the server's.
  const { server, map } = await DoomServer.start(pythonProgram("python"), ["-s", "-E", SERVER]);
  return worldOf(server, map);
}

/** The world that a server draws. @throws UserError where its pictures are not of the world's size */
export async function worldOf(server: DoomServer, map: LevelMap): Promise<World> {
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
    render: (poses) => server.render(camerasOf(checked(poses)), pixels * 3),
    async depth(poses) {
      const depths = new Float32Array(poses.length * pixels);
      for (const [i, pose] of checked(poses).entries())
        castDepth(plan, pose, camera, depths.subarray(i * pixels, (i + 1) * pixels));
      return depths;
    },
  };
}

/** Poses that the engine's numbers can hold. */
function checked(poses: readonly Pose[]): readonly Pose[] {
  const far = poses.find(({ x, z, yaw, pitch }) => !(Math.hypot(x, z) < 300 && Math.hypot(yaw, pitch) < 1e6));
  if (far)
    throw new UserError(`a pose of ${JSON.stringify(far)}`, "give numbers, and a place within 300 units of the origin");
  return poses;
}
