import type { SolidKind } from "./solids.ts";

/** Where a ray meets a solid: depth, outward normal and height, all in the solid's own axes. */
export interface Hit {
  depth: number;
  nx: number;
  ny: number;
  nz: number;
  /** Height over the solid's height, 0..1; across the top of a box from one side to the other. */
  v: number;
}

/** A ray in a solid's axes: the origin relative to its foot, the direction not normalised. */
export interface Ray {
  ox: number;
  oy: number;
  oz: number;
  dx: number;
  dy: number;
  dz: number;
}

const NEAR = 0.02;

function set(hit: Hit, depth: number, nx: number, ny: number, nz: number, v: number): boolean {
  hit.depth = depth;
  hit.nx = nx;
  hit.ny = ny;
  hit.nz = nz;
  hit.v = v;
  return true;
}

/** Slab test against |x| <= size, |z| <= size, 0 <= y <= height. */
function hitBox(r: Ray, size: number, height: number, hit: Hit): boolean {
  const sx = r.dx > 0 ? -1 : 1;
  const sy = r.dy > 0 ? 0 : height;
  const sz = r.dz > 0 ? -1 : 1;
  const tx = (sx * size - r.ox) / r.dx;
  const ty = (sy - r.oy) / r.dy;
  const tz = (sz * size - r.oz) / r.dz;
  const depth = Math.max(tx, ty, tz);
  if (!(depth > NEAR)) return false;
  const x = r.ox + depth * r.dx;
  const y = r.oy + depth * r.dy;
  const z = r.oz + depth * r.dz;
  const slack = 1e-9;
  if (Math.abs(x) > size + slack || Math.abs(z) > size + slack || y < -slack || y > height + slack) return false;
  if (depth === ty) return set(hit, depth, 0, 1, 0, (z / size + 1) / 2);
  if (depth === tx) return set(hit, depth, sx, 0, 0, y / height);
  return set(hit, depth, 0, 0, sz, y / height);
}

function hitCylinder(r: Ray, size: number, height: number, hit: Hit): boolean {
  const a = r.dx * r.dx + r.dz * r.dz;
  const b = r.ox * r.dx + r.oz * r.dz;
  const d = b * b - a * (r.ox * r.ox + r.oz * r.oz - size * size);
  if (d < 0) return false;
  const depth = (-b - Math.sqrt(d)) / a;
  const y = r.oy + depth * r.dy;
  if (depth > NEAR && y >= 0 && y <= height) {
    return set(hit, depth, (r.ox + depth * r.dx) / size, 0, (r.oz + depth * r.dz) / size, y / height);
  }
  return hitLid(r, size, height, hit);
}

/** The flat top of a cylinder. */
function hitLid(r: Ray, size: number, height: number, hit: Hit): boolean {
  const depth = (height - r.oy) / r.dy;
  if (!(depth > NEAR)) return false;
  const x = r.ox + depth * r.dx;
  const z = r.oz + depth * r.dz;
  if (x * x + z * z > size * size) return false;
  return set(hit, depth, 0, 1, 0, 0.999);
}

/** Is this far along the ray in front of the eye, above the ground and below the tip? */
function onCone(r: Ray, depth: number, height: number): boolean {
  const y = r.oy + depth * r.dy;
  return depth > NEAR && y >= 0 && y <= height;
}

/** x^2 + z^2 = k^2 (height - y)^2 with k = size / height, below the tip. */
function hitCone(r: Ray, size: number, height: number, hit: Hit): boolean {
  const k = size / height;
  const below = height - r.oy;
  const a = r.dx * r.dx + r.dz * r.dz - k * k * r.dy * r.dy;
  const b = r.ox * r.dx + r.oz * r.dz + k * k * below * r.dy;
  const d = b * b - a * (r.ox * r.ox + r.oz * r.oz - k * k * below * below);
  if (d < 0) return false;
  const root = Math.sqrt(d);
  const nearer = a > 0 ? (-b - root) / a : (-b + root) / a;
  const farther = a > 0 ? (-b + root) / a : (-b - root) / a;
  const atNearer = onCone(r, nearer, height);
  if (!atNearer && !onCone(r, farther, height)) return false;
  const depth = atNearer ? nearer : farther;
  const x = r.ox + depth * r.dx;
  const y = r.oy + depth * r.dy;
  const z = r.oz + depth * r.dz;
  const radius = Math.max(k * (height - y), 1e-6);
  const level = 1 / Math.sqrt(1 + k * k);
  return set(hit, depth, (x / radius) * level, k * level, (z / radius) * level, y / height);
}

/** A sphere that rests on the ground; its height is its diameter. */
function hitSphere(r: Ray, size: number, height: number, hit: Hit): boolean {
  const oy = r.oy - size;
  const a = r.dx * r.dx + r.dy * r.dy + r.dz * r.dz;
  const b = r.ox * r.dx + oy * r.dy + r.oz * r.dz;
  const d = b * b - a * (r.ox * r.ox + oy * oy + r.oz * r.oz - size * size);
  if (d < 0) return false;
  const depth = (-b - Math.sqrt(d)) / a;
  if (!(depth > NEAR)) return false;
  const x = r.ox + depth * r.dx;
  const y = oy + depth * r.dy;
  const z = r.oz + depth * r.dz;
  return set(hit, depth, x / size, y / size, z / size, (y + size) / height);
}

/** Fills `hit` with the nearest meeting of the ray and a solid in front of the eye; false where they miss. */
export function intersect(kind: SolidKind, r: Ray, size: number, height: number, hit: Hit): boolean {
  switch (kind) {
    case "box":
      return hitBox(r, size, height, hit);
    case "cylinder":
      return hitCylinder(r, size, height, hit);
    case "cone":
      return hitCone(r, size, height, hit);
    case "sphere":
      return hitSphere(r, size, height, hit);
  }
}
