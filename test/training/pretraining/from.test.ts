import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import type { Codec } from "../../../lib/model/legacy/carried.ts";
import { modelSpec } from "../../../lib/model/legacy/spec.ts";
import { disposeParams, initParams, type Params } from "../../../lib/model/nn/params.ts";
import { loadRemade } from "../../../lib/training/pretraining/remade.ts";
import { type Pretraining, pretrain } from "../../../lib/training/pretraining/train.ts";
import { CARRYING, codecOfTests, SMALL, withSmallParams } from "../../model/legacy/small.ts";
import { assertClose } from "../../model/nn/close.ts";
import { sixSteps } from "./corpora.ts";

describe("pre-training that goes on from a model without carried pictures", () => {
  const params = withSmallParams();
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), "from-"));
  });
  after(() => rmSync(root, { recursive: true }));

  /** Two steps, saved after each. */
  function run(name: string, change: Partial<Pretraining["config"]> = {}, codec = codecOfTests): Pretraining {
    const { config, ...rest } = sixSteps(join(root, name));
    const shorter = { ...config, steps: 2, saveEvery: 1, remakeEvery: 0, ...change };
    return { ...rest, model: CARRYING, config: shorter, codec, from: { params, sha256: "the earlier one's" } };
  }
  const values = (all: Params): Record<string, unknown> =>
    Object.fromEntries(Object.entries(all).map(([name, t]) => [name, t.dataSync()]));

  it("starts with that model's weights, and fresh ones where it has none", async () => {
    // Rates are above 0; this one moves nothing but zeros, and those by less than 1e-20.
    const made = await pretrain(run("start", { steps: 1, lr: 1e-30 }));
    const expected = { ...initParams(modelSpec(CARRYING), 0), ...params };
    for (const [name, t] of Object.entries(expected)) assertClose(made[name].dataSync(), t.dataSync(), 1e-20, name, 1);
    assert.deepEqual(Object.keys(made), Object.keys(modelSpec(CARRYING)));
    assert.ok(!("in.known" in modelSpec(SMALL)));
  });

  it("trains the fresh weights, leaves the given ones as they were, and goes on after a break as if there were none", async () => {
    const before = values(params);
    const straight = await pretrain(run("straight"));
    for (const name of ["in.known", "decision.prior.b", "detail.known"]) {
      const size = tf.max(tf.abs(straight[name])).dataSync()[0];
      assert.ok(size > 0 && Number.isFinite(size), name);
    }
    assert.deepEqual(values(params), before);
    disposeParams(straight);
    // One batch, the validation's two, and one batch more; in the second validation it breaks down.
    let batches = 0;
    const failing: Codec = {
      ...codecOfTests,
      sights: (looks) => {
        if (++batches === 5) throw new Error("broken off");
        return codecOfTests.sights(looks);
      },
    };
    await assert.rejects(pretrain(run("broken", {}, failing)), /broken off/);
    await pretrain(run("broken"));
    for (const file of ["state.safetensors", "metrics.jsonl", "config.json"]) {
      const [broken, whole] = ["broken", "straight"].map((name) => readFileSync(join(root, name, file)));
      assert.ok(broken.equals(whole), file);
    }
  });

  it("shows the given model's own clips from the first step on", async () => {
    await pretrain(run("remade", { steps: 1, saveEvery: 1, remakeEvery: 1, remade: 1 }));
    const [trajectory] = loadRemade(join(root, "remade"), 0);
    const { clips } = sixSteps("").corpus;
    assert.equal(trajectory[1].length, clips);
    for (const clip of trajectory[1]) assert.ok(clip.every(Number.isFinite));
  });

  it("does not resume a run that began with other weights", async () => {
    const other = { ...run("straight"), from: { params, sha256: "another" } };
    await assert.rejects(pretrain(other), /UserError.*from is "the earlier one's" instead of "another"/s);
  });
});
