import assert from "node:assert/strict";
import fc from "fast-check";
import { accuracyOf, hardInteraction, softInteraction, stepActions } from "../../lib/metrics/accuracy.ts";
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

  it("tells the whole action, the translation and the rotation apart", () => {
    // Right; translation right; rotation right; both wrong.
    const accuracy = accuracyOf([W_LEFT, W, S_LEFT, 0], [W_LEFT, W_LEFT, W_LEFT, W_LEFT]);
    assert.deepEqual(accuracy, { exact: 0.25, translation: 0.5, rotation: 0.5, steps: 4 });
    assert.equal(hardInteraction([W_LEFT, W, S_LEFT, 0], [W_LEFT, W_LEFT, W_LEFT, W_LEFT]), 0.5);
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
