import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { isMuon, modelSpec } from "../../../lib/model/legacy/spec.ts";
import { emaParams, initParams, type Params } from "../../../lib/model/nn/params.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { lossAndGrads } from "../../../lib/training/optimiser/gradients.ts";
import { initOptimiser, OPTIMISER_DEFAULTS, optimiserStep } from "../../../lib/training/optimiser/optimiser.ts";
import { trapezoid } from "../../../lib/training/optimiser/schedule.ts";
import { windowBatch, windowLoss } from "../../../lib/training/pretraining/loss.ts";
import { type Pretraining, pretrain } from "../../../lib/training/pretraining/train.ts";
import { drawWindow, NOISE_DEFAULTS } from "../../../lib/training/pretraining/window.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { assertClose } from "../../model/nn/close.ts";
import { sixSteps } from "./corpora.ts";

/** The same steps one operation at a time, without compiling. @returns averaged weights */
function eager({ model, config, corpus }: Pretraining): Params {
  const optimiser = { ...OPTIMISER_DEFAULTS, muon: isMuon, adamwScale: config.adamwScale };
  let params = initParams(modelSpec(model), config.seed);
  let [state, ema] = [initOptimiser(params, optimiser), params];
  for (let i = 0; i < config.steps; i++) {
    const rng = Rng.of(config.seed, "pretrain", i);
    const batch = windowBatch(Array.from({ length: config.batch }, () => drawWindow(corpus, NOISE_DEFAULTS, rng)));
    const { grads } = lossAndGrads((p) => windowLoss(p, model, batch), params);
    const lr = trapezoid(i, config.steps, { peak: config.lr, warmup: 100 });
    ({ params, state } = optimiserStep(params, grads, state, tf.scalar(lr), tf.scalar(i + 1), optimiser));
    ema = emaParams(ema, params, Math.min(config.ema, (i + 1) / (i + 10)));
  }
  return ema;
}

describe("the compiled training step", () => {
  it("moves the weights as the eager one does, over several steps", async () => {
    await openBackend();
    const dir = mkdtempSync(join(tmpdir(), "step-"));
    const own = sixSteps(join(dir, "run"));
    const run = { ...own, config: { ...own.config, remakeEvery: 0 } };
    const compiled = await pretrain(run);
    tf.tidy(() => {
      const start = initParams(modelSpec(run.model), run.config.seed);
      const expected = eager(run);
      for (const [name, after] of Object.entries(expected)) {
        const [by, wanted] = [compiled[name], after].map((t) => tf.sub(t, start[name]).dataSync());
        assert.ok(
          wanted.some((x) => x !== 0),
          name,
        );
        // AdamW divides small gradients by their own size, which magnifies the rounding of a few of them.
        const off = Array.from(by, (x, i) => (x - wanted[i]) ** 2).reduce((a, b) => a + b);
        const size = Array.from(wanted, (x) => x * x).reduce((a, b) => a + b);
        assertClose([Math.sqrt(off / size)], [0], 0.01, `movement of ${name}`, 1);
      }
    });
    tf.dispose(Object.values(compiled));
    rmSync(dir, { recursive: true });
  });
});
