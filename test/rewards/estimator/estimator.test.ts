import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initParams } from "../../../lib/model/nn/params.ts";
import { publish } from "../../../lib/model/nn/published.ts";
import {
  ESTIMATOR_KINDS,
  estimateSteps,
  estimatorKind,
  estimatorSpec,
  groupsOfVideo,
  labelsOf,
  loadEstimator,
  makeEstimator,
} from "../../../lib/rewards/estimator/index.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { actionOf, FRAME_BYTES, pathOf, sceneSeed } from "../../../lib/world/index.ts";
import { makeScene, renderPath } from "../../../lib/world/plane/index.ts";

const START = { x: 0.3, z: 0.2, yaw: 0.4, pitch: 0 };
const video = renderPath(
  makeScene(sceneSeed("validation", 900_000)),
  pathOf(START, [0, actionOf(1, 0), actionOf(0, 2), 0]),
);

describe("groupsOfVideo", () => {
  it("cuts a video into groups of five that share a frame", () => {
    const groups = groupsOfVideo(video);
    const frame = (bytes: Uint8Array, i: number): Uint8Array => bytes.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES);
    assert.equal(groups.length, 3 * 5 * FRAME_BYTES);
    assert.deepEqual(frame(groups, 4), frame(video, 4));
    assert.deepEqual(frame(groups, 5), frame(video, 4));
    assert.deepEqual(frame(groups, 14), frame(video, 12));
  });

  it("refuses videos without whole groups", () => {
    for (const frames of [0, 1, 4, 12]) {
      assert.throws(() => groupsOfVideo(new Uint8Array(frames * FRAME_BYTES)), UserError);
    }
    assert.throws(() => groupsOfVideo(video.subarray(1)), UserError);
  });
});

describe("labelsOf", () => {
  it("joins the most probable classes", () => {
    const at = (c: number): number[] => Array.from({ length: 9 }, (_, i) => (i === c ? 0.5 : 0.0625));
    const labels = labelsOf(Float32Array.from([...at(8), ...at(0)]), Float32Array.from([...at(3), ...at(8)]));
    assert.deepEqual([...labels], [actionOf(8, 3), actionOf(0, 8)]);
  });
});

describe("estimators", () => {
  before(async () => {
    await openBackend();
  });

  for (const kind of ESTIMATOR_KINDS) {
    it(`${kind}: answers with probabilities, the same in any batch`, () => {
      const estimator = makeEstimator(kind, initParams(estimatorSpec(kind), 3), "none");
      const groups = groupsOfVideo(video);
      const together = estimateSteps(estimator, groups);
      assert.equal(together.labels.length, 12);
      for (const probabilities of [together.translation, together.rotation]) {
        assert.equal(probabilities.length, 12 * 9);
        for (let i = 0; i < 12; i++) {
          const sum = probabilities.subarray(9 * i, 9 * i + 9).reduce((a, b) => a + b, 0);
          assert.ok(Math.abs(sum - 1) < 1e-5);
        }
      }
      const second = estimateSteps(estimator, groups.subarray(groups.length / 3, (2 * groups.length) / 3));
      second.translation.forEach((p, i) => {
        assert.ok(Math.abs(p - together.translation[36 + i]) < 1e-5);
      });
    });

    it(`${kind}: the shipped weights read walks, turns and rest from true renders`, () => {
      const estimator = loadEstimator(kind);
      const commanded = [
        0,
        actionOf(1, 0),
        actionOf(2, 0),
        actionOf(3, 0),
        actionOf(4, 0),
        0,
        1,
        2,
        3,
        4,
        actionOf(1, 1),
        0,
      ];
      const right = [0, 1, 2].map((scene) => {
        const frames = renderPath(makeScene(sceneSeed("validation", 900_010 + scene)), pathOf(START, commanded));
        const { labels } = estimateSteps(estimator, groupsOfVideo(frames));
        return labels.filter((label, i) => label === commanded[1 + (i >> 2)]).length;
      });
      // 132 steps; held-out accuracy is far higher, but these few scenes may start in front of a solid.
      assert.ok(right[0] + right[1] + right[2] >= 0.85 * 132, `${right} of 44 each`);
    });
  }

  it("refuse bytes that are no groups, other kinds, and weights of the other kind", () => {
    const estimator = makeEstimator("reward", initParams(estimatorSpec("reward"), 3), "none");
    assert.throws(() => estimateSteps(estimator, new Uint8Array(0)), UserError);
    assert.throws(() => estimateSteps(estimator, video), UserError);
    assert.throws(() => estimatorKind("rewards"), /reward, evaluation/);
  });

  it("load only undamaged weights of their own shape", () => {
    const dir = mkdtempSync(join(tmpdir(), "estimator-"));
    try {
      assert.throws(() => loadEstimator("reward", dir), UserError);
      publish(dir, initParams(estimatorSpec("reward"), 3), {}, "card");
      assert.equal(loadEstimator("reward", dir).kind, "reward");
      assert.throws(() => loadEstimator("evaluation", dir), /does not fit/);
      writeFileSync(join(dir, "model.safetensors"), "damaged");
      assert.throws(() => loadEstimator("reward", dir), UserError);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
