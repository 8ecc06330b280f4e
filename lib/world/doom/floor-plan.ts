/** The level's walls, between one floor and one ceiling: what is free, and how far a ray goes. */

/** In world units. */
export interface Wall {
  readonly x: number;
  readonly z: number;
  /** From (x, z) to its other end. */
  readonly dx: number;
  readonly dz: number;
}

export interface FloorPlan {
  readonly walls: readonly Wall[];
  /** The floor is at 0. */
  readonly eye: number;
  readonly ceiling: number;
}

/** Distance to the nearest wall. */
export function clearanceAt({ walls }: FloorPlan, x: number, z: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const wall of walls) {
    const along = ((x - wall.x) * wall.dx + (z - wall.z) * wall.dz) / (wall.dx ** 2 + wall.dz ** 2);
    const at = Math.min(1, Math.max(0, along));
    nearest = Math.min(nearest, Math.hypot(x - wall.x - at * wall.dx, z - wall.z - at * wall.dz));
  }
  return nearest;
}

/** Is the place in a room? From there a straight line to the outside meets an odd number of walls. */
export function isInside({ walls }: FloorPlan, x: number, z: number): boolean {
  let inside = false;
  for (const wall of walls) {
    if (wall.z > z === wall.z + wall.dz > z) continue;
    if (wall.x + ((z - wall.z) / wall.dz) * wall.dx > x) inside = !inside;
  }
  return inside;
}

/** How far a horizontal ray goes to the first wall, in lengths of its direction; Infinity where it meets none. */
export function castHorizontally({ walls }: FloorPlan, x: number, z: number, dx: number, dz: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const wall of walls) {
    const across = dx * wall.dz - dz * wall.dx;
    if (across === 0) continue;
    const [ox, oz] = [wall.x - x, wall.z - z];
    const distance = (ox * wall.dz - oz * wall.dx) / across;
    const along = (ox * dz - oz * dx) / across;
    if (distance > 0 && distance < nearest && along >= -1e-9 && along <= 1 + 1e-9) nearest = distance;
  }
  return nearest;
}
