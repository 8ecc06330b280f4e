import assert from "node:assert/strict";
import fc from "fast-check";
import { castDepth } from "../../../lib/world/doom/depth.ts";
import { castHorizontally, clearanceAt, type FloorPlan, isInside } from "../../../lib/world/doom/floor-plan.ts";

/** A room of 4 x 2 around the origin, and a pillar of 0.4 x 0.4 around (1, 0). */
const rectangle = (x: number, halfX: number, halfZ: number) => [
  { x: x - halfX, z: -halfZ, dx: 2 * halfX, dz: 0 },
  { x: x + halfX, z: -halfZ, dx: 0, dz: 2 * halfZ },
  { x: x + halfX, z: halfZ, dx: -2 * halfX, dz: 0 },
  { x: x - halfX, z: halfZ, dx: 0, dz: -2 * halfZ },
];
const PLAN: FloorPlan = { eye: 0.8, ceiling: 2.5, walls: [...rectangle(0, 2, 1), ...rectangle(1, 0.2, 0.2)] };

const place = fc.record({
  x: fc.double({ min: -3, max: 3, noNaN: true }),
  z: fc.double({ min: -2, max: 2, noNaN: true }),
});

describe("a floor plan", () => {
  it("is free inside the room and outside the pillar", () => {
    fc.assert(
      fc.property(place, ({ x, z }) => {
        const [edgeX, edgeZ] = [Math.abs(Math.abs(x) - 2), Math.abs(Math.abs(z) - 1)];
        fc.pre(Math.min(edgeX, edgeZ, Math.abs(Math.abs(x - 1) - 0.2), Math.abs(Math.abs(z) - 0.2)) > 1e-9);
        const inRoom = Math.abs(x) < 2 && Math.abs(z) < 1;
        assert.equal(isInside(PLAN, x, z), inRoom && !(Math.abs(x - 1) < 0.2 && Math.abs(z) < 0.2));
      }),
    );
  });

  it("knows the distance to the nearest wall, corners included", () => {
    const to = (x: number, z: number, halfX: number, halfZ: number): number => {
      const [dx, dz] = [Math.abs(x) - halfX, Math.abs(z) - halfZ];
      return dx > 0 || dz > 0 ? Math.hypot(Math.max(dx, 0), Math.max(dz, 0)) : -Math.max(dx, dz);
    };
    fc.assert(
      fc.property(place, ({ x, z }) => {
        const expected = Math.min(to(x, z, 2, 1), to(x - 1, z, 0.2, 0.2));
        assert.ok(Math.abs(clearanceAt(PLAN, x, z) - expected) < 1e-9);
      }),
    );
  });

  it("is met by rays at points that lie on a wall, with free way up to there", () => {
    const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
    fc.assert(
      fc.property(place, angle, ({ x, z }, turn) => {
        fc.pre(isInside(PLAN, x, z) && clearanceAt(PLAN, x, z) > 1e-3);
        const [dx, dz] = [Math.sin(turn), Math.cos(turn)];
        const distance = castHorizontally(PLAN, x, z, dx, dz);
        assert.ok(clearanceAt(PLAN, x + distance * dx, z + distance * dz) < 1e-6);
        for (const share of [0.25, 0.5, 0.75, 0.99])
          assert.ok(isInside(PLAN, x + share * distance * dx, z + share * distance * dz));
      }),
    );
  });

  it("lets a ray pass that leads away from every wall", () => {
    assert.equal(castHorizontally(PLAN, 5, 0, 1, 0), Number.POSITIVE_INFINITY);
  });

  it("gives depths in a picture: the wall ahead, floor below and ceiling above, sheared by the pitch", () => {
    const camera = { width: 80, height: 48, focal: 40, pitch: "shears" } as const;
    const depths = new Float32Array(80 * 48);
    for (const pitch of [0, 0.1, -0.3]) {
      castDepth(PLAN, { x: -1, z: 0, yaw: -Math.PI / 2, pitch }, camera, depths);
      for (let row = 0; row < 48; row++) {
        const slope = (24 - row - 0.5) / 40 + Math.tan(pitch);
        const expected = Math.min(1, slope < 0 ? -0.8 / slope : 1.7 / slope);
        // Single precision; the wall's ends are beyond the picture's edges.
        assert.ok(Math.abs(depths[row * 80 + 40] - expected) < 1e-6, `row ${row} at pitch ${pitch}`);
      }
    }
  });
});
