import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { countParams, emaParams, fanIn, filled, initParams, subParams } from "../../../lib/model/nn/params.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { trapezoid } from "../../../lib/training/optimiser/schedule.ts";
import { assertClose } from "./close.ts";

const values = (t: tf.Tensor): number[] => [...t.dataSync()];

describe("parameters", () => {
  before(async () => {
    await openBackend();
  });

  it("start with the stated spread: gain over the root of the fan-in", () => {
    const params = initParams({ w: fanIn([3, 3, 20, 50], 2), b: filled([4], 1.5) }, 0);
    const w = values(params.w);
    const std = Math.sqrt(w.reduce((sum, x) => sum + x * x, 0) / w.length);
    assert.ok(Math.abs(std / (2 / Math.sqrt(180)) - 1) < 0.03, `${std}`);
    assert.deepEqual(values(params.b), [1.5, 1.5, 1.5, 1.5]);
    assert.equal(countParams(params), 9004);
  });

  it("of one name start alike whatever else there is, and otherwise with another seed", () => {
    const spec = { b: fanIn([4, 4]) };
    const [alone, among, other] = [
      initParams(spec, 3),
      initParams({ a: fanIn([9, 2]), ...spec }, 3),
      initParams(spec, 4),
    ];
    assert.deepEqual(values(alone.b), values(among.b));
    assert.notDeepEqual(values(alone.b), values(other.b));
    assert.notDeepEqual(values(among.a).slice(0, 4), values(among.b).slice(0, 4));
  });

  it("below a prefix lose it; names that merely begin alike are not below it", () => {
    const t = tf.scalar(0);
    assert.deepEqual(Object.keys(subParams({ "a.w": t, "a.b.c": t, ab: t, a: t }, "a")), ["w", "b.c"]);
  });

  it("their average is decay times the old plus the rest of the new", () => {
    const [average, current] = [{ w: tf.tensor1d([1, 2]) }, { w: tf.tensor1d([3, -2]) }];
    assertClose(values(emaParams(average, current, 0.75).w), [1.5, 1], 1e-6);
    assertClose(values(emaParams(average, current, tf.scalar(0.75)).w), [1.5, 1], 1e-6);
  });
});

describe("trapezoid", () => {
  it("rises to the peak, stays, and falls to the floor", () => {
    const rates = Array.from({ length: 100 }, (_, i) =>
      trapezoid(i, 100, { peak: 2, warmup: 10, decay: 0.4, floor: 0.1 }),
    );
    assert.deepEqual([rates[0], rates[9], rates[60]], [0.2, 2, 2]);
    assert.ok(Math.abs(rates[80] - 1) < 1e-12 && Math.abs(rates[99] - 0.2) < 1e-12);
    for (let i = 1; i < 100; i++) assert.ok(i <= 10 ? rates[i] >= rates[i - 1] : rates[i] <= rates[i - 1]);
  });

  it("is positive and at most the peak for any run", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (steps, at) => {
          const rate = trapezoid(Math.floor(at * steps), steps, { peak: 3e-3 });
          assert.ok(rate > 0 && rate <= 3e-3);
        },
      ),
    );
  });
});
