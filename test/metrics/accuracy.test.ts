import assert from "node:assert/strict";
import fc from "fast-check";
import {
  accuracyBy,
  accuracyByAction,
  accuracyByClip,
  accuracyOf,
  clipOfStep,
  hardInteraction,
  softInteraction,
  stepActions,
} from "../../lib/metrics/accuracy.ts";
import { UserError } from "../../lib/util/errors.ts";
import { actionOf } from "../../lib/world/actions.ts";

const W = actionOf(1, 0);
const W_LEFT = actionOf(1, 1);
const S_LEFT = actionOf(2, 1);
const action = fc.integer({ min: 0, max: 80 });

describe("accuracy", () => {
  it("repeats each latent's action four times, without the initial picture's", () => {
    assert.deepEqual([...stepActions([5, 1, 2])], [1, 1, 1, 1, 2, 2, 2, 2]);
    assert.equal(stepActions([0]).length, 0);
  });

  it("counts twelve steps in the first clip and sixteen in every other", () => {
    const clips = Array.from({ length: 12 + 16 + 16 }, (_, step) => clipOfStep(step));
    assert.deepEqual(
      [0, 1, 2].map((clip) => clips.filter((c) => c === clip).length),
      [12, 16, 16],
    );
    assert.deepEqual(
      clips,
      clips.toSorted((a, b) => a - b),
    );
  });

  it("tells the whole action, the translation and the rotation apart", () => {
    // Right; translation right; rotation right; both wrong.
    const accuracy = accuracyOf([W_LEFT, W, S_LEFT, 0], [W_LEFT, W_LEFT, W_LEFT, W_LEFT]);
    assert.deepEqual(accuracy, { exact: 0.25, translation: 0.5, rotation: 0.5, steps: 4 });
    assert.equal(hardInteraction([W_LEFT, W, S_LEFT, 0], [W_LEFT, W_LEFT, W_LEFT, W_LEFT]), 0.5);
  });

  it("is apart for actions and for clips", () => {
    const commanded = stepActions([0, W, W, W, S_LEFT]);
    const estimated = commanded.map((a, i) => (i < 6 || a === S_LEFT ? a : 0));
    assert.deepEqual(
      [...accuracyByAction(estimated, commanded)].map(([a, { exact }]) => [a, exact]),
      [
        [W, 0.5],
        [S_LEFT, 1],
      ],
    );
    assert.deepEqual(
      [...accuracyByClip(estimated, commanded)].map(([clip, { exact, steps }]) => [clip, exact, steps]),
      [
        [0, 0.5, 12],
        [1, 1, 4],
      ],
    );
  });

  it("over all groups, weighted by their steps, is the whole", () => {
    const pairs = fc.array(fc.tuple(action, action), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(pairs, (steps) => {
        const [estimated, commanded] = [steps.map(([e]) => e), steps.map(([, c]) => c)];
        const groups = [...accuracyBy(estimated, commanded, (i) => i % 3).values()];
        const whole = accuracyOf(estimated, commanded);
        const sum = groups.reduce((total, { exact, steps: n }) => total + exact * n, 0);
        assert.ok(Math.abs(sum / steps.length - whole.exact) < 1e-12);
        assert.ok(whole.exact <= Math.min(whole.translation, whole.rotation));
      }),
    );
  });

  it("soft interaction equals the hard one where every probability is 0 or 1", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(action, action), { minLength: 1, maxLength: 16 }), (steps) => {
        const [estimated, commanded] = [steps.map(([e]) => e), steps.map(([, c]) => c)];
        const oneHot = (classOf: (a: number) => number): Float32Array => {
          const out = new Float32Array(steps.length * 9);
          estimated.forEach((a, i) => {
            out[i * 9 + classOf(a)] = 1;
          });
          return out;
        };
        const probabilities = { translation: oneHot((a) => Math.floor(a / 9)), rotation: oneHot((a) => a % 9) };
        const gap = softInteraction(probabilities, commanded) - hardInteraction(estimated, commanded);
        assert.ok(Math.abs(gap) < 1e-12);
      }),
    );
  });

  it("soft interaction of ignorance is a ninth", () => {
    const even = new Float32Array(4 * 9).fill(1 / 9);
    assert.ok(Math.abs(softInteraction({ translation: even, rotation: even }, stepActions([0, W])) - 1 / 9) < 1e-7);
  });

  it("refuses steps that do not belong together", () => {
    assert.throws(() => accuracyOf([1, 2], [1]), UserError);
    assert.throws(() => accuracyOf([], []), UserError);
    const nine = new Float32Array(9);
    assert.throws(() => softInteraction({ translation: nine, rotation: nine }, [1, 1]), UserError);
  });
});
