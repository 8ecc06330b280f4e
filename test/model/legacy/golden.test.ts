import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { MOTION_FEATURES } from "../../../lib/model/legacy/condition.ts";
import {
  ACTION_CLASSES,
  CLIP_CELLS,
  CLIP_LATENTS,
  CLIP_SIZE,
  CLIP_TOKENS,
  CONTEXT_SIGMA,
  LATENT_CELLS,
  LATENT_TOKENS,
  TOKEN_CHANNELS,
} from "../../../lib/model/legacy/config.ts";
import { type ClipBatch, velocityInWindow } from "../../../lib/model/legacy/dit.ts";
import { MOTIONS } from "../../../lib/model/legacy/motions.ts";
import { PLANES } from "../../../lib/model/legacy/rays.ts";
import type { Params } from "../../../lib/model/nn/params.ts";
import { compile } from "../../../lib/runtime/backend/compile.ts";
import { lossAndGrads } from "../../../lib/training/optimiser/gradients.ts";
import { tokenMask, windowLoss } from "../../../lib/training/pretraining/loss.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { readGolden, uniforms } from "../../golden/golden.ts";
import { assertClose } from "../nn/close.ts";
import { CARRYING, withSmallParams } from "./small.ts";

interface Golden {
  config: typeof CARRYING;
  batch: number;
  context: number;
  targets: number;
  mask: number[][][];
  weights: number[][];
  loss: number;
  rms: number;
  stride: number;
  velocities: number[];
  gradients: Record<string, { norm: number; along: number }>;
}

/** Made by test/golden/make_golden.py: the same network written anew in PyTorch, float64. */
const golden = readGolden<Golden>("model");
const B = golden.batch;

function clips(name: "context" | "targets"): ClipBatch {
  const count = golden[name];
  const draw: Draw = (shape, size, key) => {
    const all = [B, count, ...shape];
    const values = uniforms(
      all.reduce((a, b) => a * b, 1),
      -size,
      size,
      name,
      key,
    );
    return tf.tensor(values, [B, count * shape[0], shape[1]]);
  };
  const latents = B * count * CLIP_LATENTS;
  const rng = Rng.of("golden", name, "actions");
  const actions = Int32Array.from({ length: latents }, () => rng.int(ACTION_CLASSES));
  const sigma =
    name === "context" ? new Float32Array(latents).fill(CONTEXT_SIGMA) : uniforms(latents, 0.01, 0.95, name, "sigma");
  return {
    tokens: draw([CLIP_TOKENS, TOKEN_CHANNELS], 1.7, "tokens"),
    sigma: tf.tensor(sigma, [B, count * CLIP_LATENTS]),
    actions: tf.tensor(actions, [B, count * CLIP_LATENTS], "int32"),
    motion: draw([CLIP_LATENTS, MOTION_FEATURES], 1, "motion"),
    angles: draw([CLIP_TOKENS, PLANES], 4, "angles"),
    ...(name === "targets" ? { ...pictures(draw), ...targetsOnly() } : {}),
  };
}

type Draw = (shape: number[], size: number, key: string) => tf.Tensor;

/** What targets alone are shown. */
const pictures = (draw: Draw): Pick<ClipBatch, "previous" | "remembered"> => ({
  previous: draw([LATENT_TOKENS, TOKEN_CHANNELS], 1.7, "previous"),
  remembered: draw([LATENT_TOKENS, TOKEN_CHANNELS], 1.7, "remembered"),
});

/** Places of the targets' single cells and of those of the pictures before, and what possible motions make of these. */
function targetsOnly(): Pick<ClipBatch, "cells" | "carried" | "known" | "possibleMotion"> {
  const draw = (shape: number[], from: number, to: number, key: string): tf.Tensor => {
    const all = [B * golden.targets, ...shape];
    const size = all.reduce((a, b) => a * b, 1);
    return tf.tensor(uniforms(size, from, to, "targets", key), all);
  };
  return {
    cells: draw([2 * LATENT_CELLS + CLIP_CELLS, PLANES], -4, 4, "cells"),
    carried: draw([MOTIONS, CLIP_LATENTS, LATENT_TOKENS * TOKEN_CHANNELS], -1.7, 1.7, "carried"),
    known: draw([MOTIONS, CLIP_CELLS], 0, 0.02, "known"),
    possibleMotion: draw([MOTIONS, CLIP_LATENTS, MOTION_FEATURES], -1, 1, "possible motion"),
  };
}

describe("the transformer and PyTorch", () => {
  const params = withSmallParams(CARRYING);

  const batch = () => {
    const size = B * golden.targets * CLIP_SIZE;
    return {
      context: clips("context"),
      targets: clips("targets"),
      velocities: tf.tensor(uniforms(size, -2, 2, "wanted"), [B, golden.targets * CLIP_TOKENS, TOKEN_CHANNELS]),
      mask: tf.tensor(golden.mask),
      weights: tf.tensor(golden.weights),
    };
  };

  it("are of one shape", () => assert.deepEqual(CARRYING, golden.config));

  it("the velocities are the same", () => {
    const { context, targets, mask } = batch();
    const velocities = velocityInWindow(params, CARRYING, context, targets, tokenMask(mask)).dataSync() as Float32Array;
    const rms = Math.sqrt(velocities.reduce((sum, v) => sum + v * v, 0) / velocities.length);
    assert.ok(Math.abs(rms / golden.rms - 1) < 1e-5);
    const some = golden.velocities.map((_, i) => velocities[i * golden.stride]);
    // float32 against float64, as a share of the root mean square.
    assertClose(some, golden.velocities, 1e-4, "velocities", golden.rms);
  });

  it("the training loss and its gradients are the same, eager and compiled", () => {
    const step = (p: Params, inputs: ReturnType<typeof batch>) =>
      lossAndGrads((q) => windowLoss(q, CARRYING, inputs), p);
    for (const run of [step, compile(step)]) {
      const { loss, grads } = run(params, batch());
      assert.ok(Math.abs(loss.dataSync()[0] / golden.loss - 1) < 1e-5);
      assert.deepEqual(Object.keys(grads).sort(), Object.keys(golden.gradients).sort());
      for (const [name, { norm, along }] of Object.entries(golden.gradients)) {
        const gradient = grads[name].dataSync() as Float32Array;
        const direction = uniforms(gradient.length, -1, 1, "direction", name);
        const found = gradient.reduce((sum, g, i) => sum + g * direction[i], 0);
        assertClose([Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0))], [norm], 1e-4, `norm of ${name}`);
        assertClose([found], [along], 2e-4, `gradient of ${name}`, norm);
      }
    }
  });
});
