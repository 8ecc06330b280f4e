import assert from "node:assert/strict";
import { expectedFlow, type Flow } from "../../../lib/rewards/estimator/hypotheses.ts";
import { actionOf, FOCAL, NONE, PITCH_STEP, YAW_STEP } from "../../../lib/world/index.ts";

const GRID = { height: 12, width: 10 };
const [W, S, A, D] = [1, 2, 3, 4].map((t) => actionOf(t, 0));
const [LEFT, RIGHT, UP, DOWN] = [1, 2, 3, 4].map((r) => actionOf(0, r));
const cell = (flows: Flow[], row: number, column: number): Flow => flows[row * GRID.width + column];
const near = (a: number, b: number, tolerance: number) => assert.ok(Math.abs(a - b) < tolerance, `${a} is not ${b}`);

describe("expected motion of an action", () => {
  it("is none for none", () => {
    for (const { u, v } of expectedFlow(NONE, 0.1, GRID)) near(Math.hypot(u, v), 0, 1e-9);
  });

  it("of a turn is focal length times angle near the centre, and opposite to the turn", () => {
    near(cell(expectedFlow(RIGHT, 0, GRID), 5, 5).u, -FOCAL * YAW_STEP, 0.05);
    near(cell(expectedFlow(LEFT, 0, GRID), 5, 5).u, FOCAL * YAW_STEP, 0.05);
    near(cell(expectedFlow(UP, 0, GRID), 5, 5).v, FOCAL * PITCH_STEP, 0.05);
    near(cell(expectedFlow(DOWN, 0, GRID), 5, 5).v, -FOCAL * PITCH_STEP, 0.05);
  });

  it("of a translation moves the near ground and leaves the sky", () => {
    const bottom = GRID.height - 1;
    assert.ok(cell(expectedFlow(W, 0, GRID), bottom, 5).v > 1);
    assert.ok(cell(expectedFlow(S, 0, GRID), bottom, 5).v < -1);
    assert.ok(cell(expectedFlow(D, 0, GRID), bottom, 5).u < -2);
    assert.ok(cell(expectedFlow(A, 0, GRID), bottom, 5).u > 2);
    for (const action of [W, S, A, D]) {
      const { u, v } = cell(expectedFlow(action, 0, GRID), 0, 5);
      near(Math.hypot(u, v), 0, 0.15);
    }
  });

  it("is mirrored for the mirrored action", () => {
    const [one, other] = [expectedFlow(actionOf(5, 1), 0.1, GRID), expectedFlow(actionOf(6, 2), 0.1, GRID)];
    for (let row = 0; row < GRID.height; row++)
      for (let column = 0; column < GRID.width; column++) {
        const [a, b] = [cell(one, row, column), cell(other, row, GRID.width - 1 - column)];
        near(a.u, -b.u, 1e-9);
        near(a.v, b.v, 1e-9);
      }
  });
});
