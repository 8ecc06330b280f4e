/** A training step of the shipped size gives one result however often its graph is loaded. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as tf from "@tensorflow/tfjs-core";
import { DIT_DEFAULTS } from "../../../lib/model/dit/config.ts";
import * as dit from "../../../lib/model/dit/spec.ts";
import { initParams, mapEntries, type ParamSpec, type Params } from "../../../lib/model/nn/params.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { GraphSession } from "../../../lib/runtime/backend/graph-session.ts";
import { traceGraph } from "../../../lib/runtime/backend/graph-trace.ts";
import { listTensors, withTensors } from "../../../lib/runtime/backend/tensor-tree.ts";
import { NOISE_DEFAULTS } from "../../../lib/training/base/config.ts";
import * as base from "../../../lib/training/base/loss.ts";
import { drawWindow } from "../../../lib/training/base/window.ts";
import { lossAndGrads } from "../../../lib/training/optimiser/gradients.ts";
import { initOptimiser, OPTIMISER_DEFAULTS, optimiserStep } from "../../../lib/training/optimiser/optimiser.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { SMALL } from "../../model/dit/small.ts";
import { corpus } from "../../training/base/corpus.ts";

/** A model's loss on a batch, the batch, and how its parameters begin. */
interface Case {
  spec: ParamSpec;
  muon: (name: string) => boolean;
  batch: unknown;
  loss: (params: Params, batch: never) => tf.Scalar;
}

function ditCase(): Case {
  const model = { ...SMALL, ...DIT_DEFAULTS };
  const batch = base.windowBatch([drawWindow(corpus, NOISE_DEFAULTS, Rng.of("loads"))], model);
  return { spec: dit.ditSpec(model), muon: dit.isMuon, batch, loss: (p, b) => base.windowLoss(p, model, b) };
}

/** Every weight is to count: nothing starts at zero. */
const startParams = (spec: ParamSpec): Params =>
  initParams(
    mapEntries(spec, (init) => ("fill" in init && init.fill === 0 ? { shape: init.shape, std: 0.1 } : init)),
    0,
  );

function hashOf(tensors: tf.Tensor[]): string {
  const hash = createHash("sha256");
  for (const tensor of tensors) {
    const { buffer, byteOffset, byteLength } = tensor.dataSync() as Float32Array;
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex");
}

/** Gradients, weights and moments of one step, of every load of one graph. */
function hashesOfLoads({ spec, muon, batch, loss }: Case, loads: number): string[] {
  const config = { ...OPTIMISER_DEFAULTS, muon };
  const step = (params: Params, optimiser: Params, own: never) => {
    const { grads } = lossAndGrads((p) => loss(p, own), params);
    const next = optimiserStep(params, grads, optimiser, tf.scalar(1e-3), tf.scalar(1), config);
    return [grads, next.params, next.state];
  };
  const params = startParams(spec);
  const inputs = [params, initOptimiser(params, config), batch];
  const { tensors } = listTensors(inputs);
  // Each a tensor of its own, or two that share their memory would be recorded as one.
  const apart = tensors.map((tensor) => tf.tensor(tensor.dataSync(), tensor.shape, tensor.dtype));
  const trace = traceGraph(() => step(...(withTensors(inputs, apart) as Parameters<typeof step>)), apart);
  const hashes = Array.from({ length: loads }, () => {
    const session = new GraphSession(trace);
    const results = session.run(apart);
    const hash = hashOf(results);
    tf.dispose(results);
    session.dispose();
    return hash;
  });
  tf.dispose([tensors, apart]);
  return hashes;
}

describe("a compiled step that is loaded again and again", function () {
  this.timeout(600_000);
  before(async function () {
    if ((await openBackend()).name !== "native") this.skip();
  });

  it("has one result, to the bit, in ten loads", () => {
    const hashes = hashesOfLoads(ditCase(), 10);
    assert.equal(new Set(hashes).size, 1, hashes.join("\n"));
  });
});
