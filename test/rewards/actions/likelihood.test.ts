import assert from "node:assert/strict";
import fc from "fast-check";
import { actionProbabilities } from "../../../lib/rewards/actions/likelihood.ts";
import { stepsOf } from "../../../lib/rewards/actions/reading.ts";
import { labelOfSteps } from "../../../lib/rewards/actions/rule.ts";

const diagonal = (values: readonly number[]): number[] =>
  values.flatMap((v, i) => [0, 1, 2, 3].map((j) => (i === j ? v : 0)));
const MODEL = { factor: 1, floor: 0.05 };
const action = fc.nat(80);

describe("labels of a measured motion", () => {
  it("the rule and the likeliest give every action's own motion its name", () => {
    for (let a = 0; a < 81; a++) {
      assert.equal(labelOfSteps(stepsOf(a)), a);
      const joint = actionProbabilities(stepsOf(a), diagonal([100, 100, 100, 100]), MODEL);
      assert.equal(joint.indexOf(Math.max(...joint)), a);
      assert.ok(joint[a] > 0.99);
    }
  });

  it("neither changes its mind for a fifth of a step", () => {
    const noise = fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 4, maxLength: 4 });
    const property = fc.property(action, noise, (a, by) => {
      const motion = stepsOf(a).map((value, i) => value + by[i]);
      const joint = actionProbabilities(motion, diagonal([50, 50, 50, 50]), MODEL);
      assert.equal(joint.indexOf(Math.max(...joint)), a);
      assert.ok(Math.abs(joint.reduce((sum, p) => sum + p, 0) - 1) < 1e-9);
      // By the rule of angles a diagonal has 15 degrees to each side, which is 0.18 steps across the way.
      if (Math.hypot(by[0], by[1]) < 0.18) assert.equal(labelOfSteps(motion), a);
    });
    fc.assert(property);
  });

  it("an axis that the pictures do not show stays undecided", () => {
    const joint = actionProbabilities([0, 0.6, 0, 0], diagonal([100, 0, 100, 100]), MODEL);
    const [none, forward] = [joint[0], joint[9]];
    assert.ok(Math.abs(none - forward) < 0.02, `${none} ${forward}`);
  });

  it("less information is less sure", () => {
    const sure = (information: number): number =>
      actionProbabilities([0, 0.8, 0, 0], diagonal([1, 1, 1, 1].map(() => information)), MODEL)[9];
    assert.ok(sure(400) > sure(40) && sure(40) > sure(4));
  });
});
