import assert from "node:assert/strict";
import fc from "fast-check";
import { exploration, NO_EXPLORATION, perturbedAction } from "../../lib/rollout/explore.ts";
import { Rng } from "../../lib/util/rng.ts";
import { motionOf } from "../../lib/world/actions.ts";

const COMMAND = [9, 9, 9, 9];

describe("exploration", () => {
  it("none: candidates differ by their noise alone, each with a stream of its own", () => {
    const candidates = exploration(NO_EXPLORATION)(COMMAND, 3, [1]);
    assert.ok(candidates.every(({ actions, guidance, eta }) => actions === undefined && guidance === 1 && eta === 0));
    assert.equal(new Set(candidates.map(({ rng }) => rng.uniform())).size, 3);
  });

  it("deals guidance out in turn, and perturbs the last candidates", () => {
    const explore = exploration({ eta: 0.3, guidance: [1, 2], perturbed: 1 });
    const candidates = explore(COMMAND, 4, [1]);
    assert.deepEqual(
      candidates.map(({ guidance }) => guidance),
      [1, 2, 1, 2],
    );
    assert.deepEqual(
      candidates.map(({ actions }) => actions !== undefined),
      [false, false, false, true],
    );
  });

  it("a perturbed action differs from the command along one axis, wherever it stands", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(80), { minLength: 4, maxLength: 4 }), fc.nat(1000), (command, seed) => {
        const told = perturbedAction(command, Rng.of(seed));
        const changed = command.flatMap((action, i) => (told[i] === action ? [] : [[action, told[i]]]));
        assert.ok(changed.length > 0);
        for (const [from, to] of changed) {
          const [a, b] = [motionOf(from), motionOf(to)];
          const axes = (Object.keys(a) as (keyof typeof a)[]).filter((axis) => a[axis] !== b[axis]);
          assert.equal(axes.length, 1);
        }
        assert.equal(new Set(changed.map(([from]) => from)).size, 1);
      }),
    );
  });

  it("refuses what cannot be", () => {
    assert.throws(() => exploration({ ...NO_EXPLORATION, eta: 2 }), /eta is 2/);
    assert.throws(() => exploration({ ...NO_EXPLORATION, guidance: [] }), /guidance/);
    assert.throws(() => exploration({ ...NO_EXPLORATION, guidance: [Number.NaN] }), /guidance is/);
    assert.throws(() => exploration({ ...NO_EXPLORATION, ета: 1 } as typeof NO_EXPLORATION), /there is no ета/);
    assert.throws(() => exploration({ ...NO_EXPLORATION, perturbed: 5 })(COMMAND, 4, [1]), /5 of 4 branches/);
  });
});
