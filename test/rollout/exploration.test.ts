import assert from "node:assert/strict";
import fc from "fast-check";
import { mannersOf, neighbourOf, partOf } from "../../lib/rollout/exploration.ts";
import { checkExploration, NO_EXPLORATION } from "../../lib/rollout/index.ts";
import { UserError } from "../../lib/util/errors.ts";
import { Rng } from "../../lib/util/rng.ts";
import { axesOf, motionOf } from "../../lib/world/index.ts";

describe("exploration", () => {
  it("a neighbour differs in one axis of one of the commanded actions", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 80 }), fc.nat(), (a, b, seed) => {
        const neighbour = neighbourOf([a, a, b, b], Rng.of(seed));
        const pairs = [a, a, b, b].map((action, i) => [action, neighbour[i]]).filter(([x, y]) => x !== y);
        assert.ok(pairs.length > 0);
        for (const [x, y] of pairs) {
          const [p, q] = [motionOf(x), motionOf(y)];
          const changed = (Object.keys(p) as (keyof typeof p)[]).filter((axis) => p[axis] !== q[axis]);
          assert.equal(changed.length, 1);
        }
      }),
    );
    assert.ok(axesOf(neighbourOf([0, 0, 0, 0], Rng.of(1))[1]) === 1);
  });

  it("a part of a command leaves its translation or its turn out, or both", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 80 }), fc.nat(), (a, b, seed) => {
        const command = [a, a, b, b];
        const part = Array.from(partOf(command, Rng.of(seed)));
        if (a + b > 0) assert.notDeepEqual(part, command);
        for (const keys of [
          ["forward", "rightward"],
          ["yaw", "pitch"],
        ] as const) {
          const of = (actions: number[]) => actions.map((action) => keys.map((key) => motionOf(action)[key]));
          const nothing = of([0, 0, 0, 0]);
          assert.ok([of(command), nothing].some((whole) => JSON.stringify(whole) === JSON.stringify(of(part))));
        }
      }),
    );
    assert.deepEqual(partOf([0, 0, 0, 0], Rng.of(1)), [0, 0, 0, 0]);
  });

  it("the last candidates are told neighbours, those before them parts, the others the command", () => {
    const command = [40, 40, 40, 40];
    const exploration = { ...NO_EXPLORATION, omitting: 2, neighbours: 1 };
    const told = mannersOf(exploration, command, 5, Rng.of(3)).map((manner) => manner.told);
    assert.deepEqual(told.slice(0, 2), [command, command]);
    const parts = [40 - (40 % 9), 40 % 9, 0].map((action) => JSON.stringify([action, action, action, action]));
    for (const part of told.slice(2, 4)) assert.ok(parts.includes(JSON.stringify(part)), String(part));
    assert.notDeepEqual(told[4], command);
  });

  it("out of range is refused", () => {
    const check = (part: object): void => checkExploration({ ...NO_EXPLORATION, ...part }, 4);
    check({});
    for (const part of [
      { eta: 2 },
      { guidance: [] },
      { guidance: [Number.NaN] },
      { neighbours: 5 },
      { omitting: 5 },
      { omitting: 3, neighbours: 2 },
      { omitting: -1 },
      { omitting: 0.5 },
      { forgetting: -1 },
    ]) {
      assert.throws(() => check(part), UserError);
    }
  });
});
