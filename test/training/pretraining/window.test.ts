import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import type { HostClip } from "../../../lib/model/legacy/batch.ts";
import { CLIP_LATENTS, CLIP_SIZE, CONTEXT_SIGMA, NO_ACTION } from "../../../lib/model/legacy/config.ts";
import { viewOverlap } from "../../../lib/model/legacy/memory.ts";
import { modelSpec } from "../../../lib/model/legacy/spec.ts";
import { initParams } from "../../../lib/model/nn/params.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { windowBatch, windowLoss } from "../../../lib/training/pretraining/loss.ts";
import {
  CONTEXT_SLOTS,
  drawSigma,
  drawWindow,
  NOISE_DEFAULTS,
  TARGET_SLOTS,
  type Window,
} from "../../../lib/training/pretraining/window.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { SMALL } from "../../model/legacy/small.ts";
import { syntheticCorpus } from "./corpora.ts";

const corpus = syntheticCorpus(4, 9, 5);
const LATENT = CLIP_SIZE / CLIP_LATENTS;
const draw = (seed: number, noise = NOISE_DEFAULTS): Window => drawWindow(corpus, noise, Rng.of("window", seed));
const windows = Array.from({ length: 60 }, (_, seed) => draw(seed));
/** The first latent of a video's first clip is given, not predicted. */
const startsVideo = (window: Window): boolean => window.weights[0][0] === 0;

/** Correlation of two arrays of mean zero. */
function correlation(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return ab / Math.sqrt(aa * bb);
}

/** The trajectory and clip whose tokens these are, with noise up to level 0.2. */
function sourceOf(tokens: Float32Array): [trajectory: number, clip: number] | undefined {
  for (let i = 0; i < corpus.trajectories; i++) {
    for (let clip = 0; clip < corpus.clips; clip++) {
      if (correlation(tokens, corpus.tokens(i, clip)) > 0.9) return [i, clip];
    }
  }
  return undefined;
}

describe("training windows", () => {
  it("have four targets and six context clips; everything random comes from the generator", () => {
    for (const { context, targets, velocities, mask, weights } of windows) {
      assert.deepEqual(
        [context.length, targets.length, velocities.length],
        [CONTEXT_SLOTS, TARGET_SLOTS, TARGET_SLOTS],
      );
      assert.deepEqual([mask.length, mask[0].length, weights.length, weights[0].length], [4, 6, 4, 4]);
    }
    assert.deepEqual(draw(3), draw(3));
    assert.notDeepEqual(draw(3), draw(4));
    const starts = windows.filter(startsVideo).length;
    assert.ok(starts > 10 && starts < 35, `${starts} of 60 at the start`);
  });

  it("x_t and the velocity give back the clip: x0 = x_t - sigma v", () => {
    for (const { targets, velocities } of windows.slice(0, 15)) {
      const sources = targets.map(({ tokens, sigma }, t) =>
        sourceOf(tokens.map((x, i) => x - sigma[Math.floor(i / LATENT)] * velocities[t][i])),
      );
      assert.ok(sources.every((source) => source !== undefined));
      const [trajectories, clips] = [0, 1].map((part) => sources.map((source) => (source as number[])[part]));
      assert.equal(new Set(trajectories).size, 1);
      assert.deepEqual(
        clips,
        [0, 1, 2, 3].map((i) => clips[0] + i),
      );
    }
  });

  it("a target sees clips before it alone: at most three recent ones and the memory", () => {
    for (const window of windows.slice(0, 25)) {
      const [trajectory, first] = sourceOf(
        window.targets[0].tokens.map(
          (x, i) => x - window.targets[0].sigma[Math.floor(i / LATENT)] * window.velocities[0][i],
        ),
      ) as number[];
      const shown = window.context.map(({ tokens }) => sourceOf(tokens) as [number, number]);
      window.mask.forEach((row, t) => {
        const seen = shown.filter((_, slot) => row[slot] === 1);
        const clips = seen.map(([, clip]) => clip);
        assert.ok(seen.every(([own]) => own === trajectory) && clips.every((clip) => clip < first + t));
        assert.equal(new Set(clips).size, clips.length, `clip ${first + t} sees ${clips}`);
        if (first + t > 0) assert.ok(clips.includes(first + t - 1) && clips.includes(0));
      });
    }
  });

  it("a target remembers a picture that its mask lets it see, as the context shows it, and not the one before it", () => {
    for (const window of windows) {
      window.targets.forEach(({ remembered, condition }, t) => {
        const seen = window.context.filter((_, slot) => window.mask[t][slot] === 1);
        assert.equal(remembered === undefined, seen.length === 0);
        if (!remembered) return;
        const { tokens, view, time } = remembered;
        const shown = seen.find((clip) => clip.tokens.buffer === tokens.buffer) as HostClip;
        const latent = (tokens.byteOffset - shown.tokens.byteOffset) / (4 * LATENT);
        assert.deepEqual(tokens, shown.tokens.subarray(latent * LATENT, (latent + 1) * LATENT));
        assert.equal(view, shown.condition.cameras[1 + latent]);
        assert.equal(time, shown.condition.time + latent);
        assert.ok(time < condition.time - 1, "older than the picture before");
      });
    }
  });

  it("a target remembers the picture that shares most of the view it is told to go to", () => {
    for (const window of windows.slice(0, 20)) {
      window.targets.forEach(({ remembered, condition }, t) => {
        if (!remembered) return;
        const goal = condition.cameras[CLIP_LATENTS];
        const seen = window.context.filter((_, slot) => window.mask[t][slot] === 1);
        const views = seen.flatMap((clip) => clip.condition.cameras.slice(1)).slice(0, -1);
        assert.equal(viewOverlap(goal, remembered.view), Math.max(...views.map((view) => viewOverlap(goal, view))));
      });
    }
  });

  it("pictures are carried along from latents without noise, as a rollout has them", () => {
    for (const window of windows.slice(0, 20)) {
      const [trajectory] = sourceOf(window.context[2].tokens) as [number, number];
      const latents = Array.from({ length: corpus.clips * CLIP_LATENTS }, (_, i) =>
        corpus
          .tokens(trajectory, Math.floor(i / CLIP_LATENTS))
          .subarray((i % CLIP_LATENTS) * LATENT)
          .slice(0, LATENT),
      );
      window.targets.slice(startsVideo(window) ? 1 : 0).forEach(({ looks = [] }) => {
        assert.ok(looks.length > 0);
        for (const { tokens } of looks) assert.ok(latents.some((latent) => latent.every((x, i) => x === tokens[i])));
      });
    }
  });

  it("context is shown at its own noise level; targets have one level a clip, the given picture the context's", () => {
    for (const window of windows) {
      for (const { sigma } of window.context)
        assert.deepEqual([...(sigma as Float32Array)], new Array(4).fill(Math.fround(CONTEXT_SIGMA)));
      window.targets.forEach(({ sigma }, t) => {
        const given = startsVideo(window) && t === 0;
        assert.equal(new Set(Array.from(sigma).slice(given ? 1 : 0)).size, 1);
        if (given) assert.equal(sigma[0], Math.fround(CONTEXT_SIGMA));
        assert.deepEqual(window.weights[t], [given ? 0 : 1, 1, 1, 1]);
      });
    }
  });

  it("hides the action of about a tenth of the targets, with its motion", () => {
    const targets = windows.flatMap((window) => window.targets);
    const hidden = targets.filter(({ condition }) => condition.actions[3] === NO_ACTION);
    assert.ok(hidden.length > 8 && hidden.length < 45, `${hidden.length} of 240`);
    for (const { condition } of hidden) {
      assert.ok(condition.actions.every((action) => action === NO_ACTION));
      for (let latent = 0; latent < CLIP_LATENTS; latent++) {
        assert.ok(condition.motion.subarray(latent * 8, latent * 8 + 4).every((x) => x === 0));
      }
    }
    assert.ok(
      draw(1, { ...NOISE_DEFAULTS, dropAction: 0 }).targets.every(
        ({ condition }) => condition.actions[3] !== NO_ACTION,
      ),
    );
  });

  it("targets have the unshifted noise levels in the share that is asked for", () => {
    const low = (unshiftedShare: number): number => {
      const noise = { ...NOISE_DEFAULTS, shift: 100, unshiftedShare };
      const levels = Array.from({ length: 30 }, (_, seed) => draw(seed, noise)).flatMap(({ targets }) =>
        targets.map(({ sigma }) => sigma[1]),
      );
      return levels.filter((level) => level < 0.8).length / levels.length;
    };
    // An unshifted level is below 0.8 for nine in ten, one shifted by 100 for three in a hundred thousand.
    assert.equal(low(0), 0);
    assert.ok(low(1) > 0.8);
    assert.ok(Math.abs(low(0.5) - 0.46) < 0.15);
  });

  it("noise levels lie within 0 and 1, and a shift takes their median from 1/2 to s / (s + 1)", () => {
    for (const shift of [1, 2.5]) {
      const rng = Rng.of("sigma", shift);
      const levels = Array.from({ length: 4001 }, () => drawSigma(rng, shift)).sort((a, b) => a - b);
      assert.ok(levels[0] > 0 && levels[4000] < 1);
      assert.ok(Math.abs(levels[2000] - shift / (shift + 1)) < 0.02, `${levels[2000]}`);
    }
  });
});

describe("the loss of a batch of windows", () => {
  before(async () => {
    await openBackend();
  });

  it("does not depend on the order of the windows, and leaves out latents of weight 0", () => {
    const params = initParams(modelSpec(SMALL), 0);
    const lossOf = (some: Window[]): number =>
      tf.tidy(() => windowLoss(params, SMALL, windowBatch(some)).dataSync()[0]);
    const some = windows.filter(startsVideo).slice(0, 1).concat(windows.slice(0, 2));
    const loss = lossOf(some);
    assert.ok(Math.abs(lossOf([...some].reverse()) / loss - 1) < 1e-5);
    const spoilt = some[0].velocities[0].slice();
    spoilt.fill(100, 0, LATENT);
    assert.equal(
      lossOf([{ ...some[0], velocities: [spoilt, ...some[0].velocities.slice(1)] }, ...some.slice(1)]),
      loss,
    );
  });
});
