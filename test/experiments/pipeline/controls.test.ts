import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { matchedSteps, silenced } from "../../../lib/experiments/pipeline/controls.ts";
import { isConstant } from "../../../lib/experiments/pipeline/post.ts";
import { DIT_DEFAULTS, type DitConfig } from "../../../lib/model/dit/config.ts";
import { ditSpec } from "../../../lib/model/dit/spec.ts";
import { initParams } from "../../../lib/model/nn/params.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { POST_TRAINING } from "../../../lib/training/post/config.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";

const shipped: DitConfig = {
  latent: { rows: 6, columns: 10, channels: 24 },
  camera: courtyard.camera,
  step: courtyard.step,
  ...DIT_DEFAULTS,
};

describe("controls without a reward", () => {
  before(() => openBackend());

  it("`constant` changes at most 1 000 numbers of the shipped shape, and more than none", () => {
    const sizes = Object.entries(ditSpec(shipped))
      .filter(([name]) => isConstant(name))
      .map(([, { shape }]) => shape.reduce((a, b) => a * b, 1));
    assert.equal(
      sizes.reduce((a, b) => a + b, 0),
      900,
    );
  });

  it("fine-tuning sees as many noisy clips as post-training", () => {
    const { prompts } = POST_TRAINING.rollout;
    const { keep, sigmas } = POST_TRAINING.update;
    // 8 windows of 4 clips a step.
    assert.equal(matchedSteps(POST_TRAINING), (POST_TRAINING.iterations * prompts * 2 * keep * sigmas) / 32);
  });

  it("`silenced` leaves nothing of the last layers and every bit of the others", () => {
    const params = initParams(ditSpec({ ...shipped, width: 64, depth: 1, cellWidth: 16, cellDepth: 1 }), 0);
    params["cells.out"] = tf.ones(params["cells.out"].shape);
    const quiet = silenced(params);
    for (const [name, tensor] of Object.entries(quiet)) {
      const expected = /^(cells\.out|final\.skip)$/.test(name) ? tf.zerosLike(tensor) : params[name];
      assert.deepEqual(tensor.dataSync(), expected.dataSync(), name);
    }
  });
});
