import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHost } from "../../../lib/model/nn/checkpoint.ts";
import { initParams, type Params } from "../../../lib/model/nn/params.ts";
import { GROUP_STEPS, HALF_GROUP, halve } from "../../../lib/rewards/estimator/groups.ts";
import {
  ESTIMATOR_KINDS,
  type EstimatorKind,
  estimateSteps,
  estimatorSpec,
  makeEstimator,
} from "../../../lib/rewards/estimator/index.ts";
import { DESIGNS } from "../../../lib/rewards/estimator/kinds.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { reversedAction } from "../../../lib/training/estimator/augment.ts";
import type { Bank } from "../../../lib/training/estimator/bank.ts";
import { estimatorTraining, trainEstimator } from "../../../lib/training/estimator/train.ts";
import { renderedAction } from "../../rewards/estimator/pictures.ts";

const ACTIONS = [0, 9, 18, 27, 36, 1, 2, 3, 4];
const CONFIG = estimatorTraining.parse({ steps: 60, batch: 10, lr: 1e-2, ema: 0.9, degraded: 0.1 });

/** Each of nine actions in each of `scenes` scenes. */
function bankOf(scenes: number, labelled: (action: number) => number): Bank {
  const cases = Array.from({ length: scenes }, (_, scene) => ACTIONS.map((action) => ({ scene, action }))).flat();
  const pixels = new Uint16Array(cases.length * HALF_GROUP);
  cases.forEach(({ scene, action }, i) => {
    pixels.set(halve(renderedAction(action, scene)), i * HALF_GROUP);
  });
  return { versions: [pixels], actions: Uint8Array.from(cases, ({ action }) => labelled(action)) };
}

/** Share of frame steps that are read as `labelled(action)`, in scenes that are in no bank. */
function heldOutShare(kind: EstimatorKind, params: Params, labelled: (action: number) => number): number {
  const estimator = makeEstimator(kind, params, "none");
  const right = [50, 51].flatMap((scene) =>
    ACTIONS.map((action) => {
      const { labels } = estimateSteps(estimator, renderedAction(action, scene));
      return labels.filter((label) => label === labelled(action)).length;
    }),
  );
  return right.reduce((a, b) => a + b, 0) / (right.length * GROUP_STEPS);
}

describe("training an estimator", function () {
  this.timeout(300_000);
  let dir: string;
  let slow: boolean;
  before(async () => {
    slow = (await openBackend()).name === "wasm";
  });
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "estimator-training-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  for (const kind of ESTIMATOR_KINDS) {
    // The prior knows the right answer, so what is learnt must be another: every action called by its opposite.
    it(`${kind}: learns to call every action by its opposite`, async function () {
      // Sixty steps there take minutes; the two of the next test run on every backend.
      if (slow) this.skip();
      const before = heldOutShare(kind, initParams(estimatorSpec(kind), DESIGNS[kind].seed), reversedAction);
      const learnt = await trainEstimator(dir, kind, () => bankOf(12, reversedAction), CONFIG);
      const after = heldOutShare(kind, learnt, reversedAction);
      assert.ok(before <= 0.3 && after >= 0.6, `${before} of held-out steps before, ${after} after`);
    });
  }

  it("a finished run is read back bit by bit, without its pictures", async () => {
    const config = { ...CONFIG, steps: 2, batch: 2 };
    const first = toHost(await trainEstimator(dir, "reward", () => bankOf(2, (action) => action), config));
    const again = await trainEstimator(dir, "reward", () => assert.fail("pictures were made"), config);
    assert.deepEqual(toHost(again), first);
  });
});
