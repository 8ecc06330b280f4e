import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { finestFlow, flowFeatures } from "../../../lib/rewards/estimator/flow-features.ts";
import { GROUP_FRAMES, HALF_HEIGHT, HALF_ROW, HALF_WHITE, halve } from "../../../lib/rewards/estimator/groups.ts";
import { DESIGNS, ESTIMATOR_KINDS } from "../../../lib/rewards/estimator/kinds.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { actionOf, ROTATIONS, TRANSLATIONS } from "../../../lib/world/index.ts";
import { movingTexture, renderedAction } from "./pictures.ts";

const asTensor = (groups: Uint8Array): tf.Tensor => {
  const halved = Float32Array.from(halve(groups), (sum) => sum / HALF_WHITE);
  return tf.tensor(halved, [halved.length / HALF_HEIGHT / HALF_ROW, HALF_HEIGHT, HALF_ROW]);
};

const median = (values: ArrayLike<number>): number => Array.from(values).sort((a, b) => a - b)[values.length >> 1];

describe("estimator features", () => {
  before(async () => {
    await openBackend();
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  for (const [u, v] of [
    [0, 0],
    [1, 0],
    [-1, 0],
    [0, 1],
    [0.6, -1.2],
  ]) {
    it(`least squares finds a motion of (${u}, ${v}) pixels`, () => {
      const flow = finestFlow(asTensor(movingTexture(u, v)));
      // In halved pixels; the ridge pulls flows towards zero by 3 % and a little more where contrast is low.
      assert.ok(Math.abs(2 * median(flow.u.dataSync()) - u) < 0.12, `u ${2 * median(flow.u.dataSync())}`);
      assert.ok(Math.abs(2 * median(flow.v.dataSync()) - v) < 0.12, `v ${2 * median(flow.v.dataSync())}`);
    });
  }

  it("the cost volume dips at the shift of the picture", () => {
    const [u, v] = [4, -2];
    const grid = DESIGNS.evaluation.features(asTensor(movingTexture(u, v))).grid;
    // 9 x 5 shifts of halved pixels, dx fastest, from (-4, -2).
    const fine = tf.slice(grid, [0, 0, 0, 0], [...grid.shape.slice(0, 3), 45] as [number, number, number, number]);
    const dips = tf.argMin(tf.mean(fine, [1, 2]), 1).dataSync();
    assert.deepEqual([...dips], Array(GROUP_FRAMES).fill((v / 2 + 2) * 9 + u / 2 + 4));
  });

  it("hardly depend on contrast", () => {
    const frames = asTensor(renderedAction(actionOf(1, 1), 0));
    const [full, faint] = [frames, tf.mul(frames, 0.8)].map((x) =>
      Float32Array.from(flowFeatures(x).latent.dataSync()),
    );
    const gap = full.reduce((sum, e, i) => sum + Math.abs(e - faint[i]), 0) / full.length;
    assert.ok(gap < 0.05, `mean change ${gap} of a spread of 1`);
  });

  for (const kind of ESTIMATOR_KINDS) {
    it(`${kind}: without any training the energies single out most basic actions in true renders`, () => {
      const basic = [...TRANSLATIONS.keys()].slice(1, 5).map((t) => actionOf(t, 0));
      const turns = [...ROTATIONS.keys()].slice(1, 5).map((r) => actionOf(0, r));
      const cases = [0, 1, 2].flatMap((scene) => [...basic, ...turns].map((action) => ({ scene, action })));
      const groups = cases.map(({ scene, action }) => renderedAction(action, scene));
      const { latent } = DESIGNS[kind].features(asTensor(Uint8Array.from(Buffer.concat(groups))));
      const best = tf.argMin(tf.slice(latent, [0, 0], [cases.length, 81]), 1).dataSync();
      const right = cases.filter(({ action }, i) => best[i] === action);
      // By chance one in 81 would be; scenes differ in how much ground they show.
      assert.ok(right.length >= 0.6 * cases.length, `${right.length} of ${cases.length}`);
    });
  }
});
