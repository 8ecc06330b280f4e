import type { Pose } from "../camera.ts";
import { CLEARANCE } from "../config.ts";
import type { Scene } from "./scene.ts";
import { blocking, cellOf, type Solid } from "./solids.ts";

/** The scene without the solids in whose way a path leads: for a path that was planned in another scene. */
export function clearedFor(scene: Scene, poses: readonly Pose[]): Scene {
  const cells = new Map<number, Solid | null>();
  for (const { x, z } of poses) {
    for (const solid of blocking(scene, x, z, CLEARANCE)) cells.set(cellOf(solid), null);
  }
  return { ...scene, cells };
}

/** The scene without some of its solids. */
export function withoutSolids(scene: Scene, solids: readonly Solid[]): Scene {
  return { ...scene, cells: new Map([...scene.cells, ...solids.map((solid) => [cellOf(solid), null] as const)]) };
}
