import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import type { DepthNetwork } from "../../../lib/model/depth/depth.ts";
import { clipSize, latentSize } from "../../../lib/model/dit/config.ts";
import { ditSpec } from "../../../lib/model/dit/spec.ts";
import { initParams } from "../../../lib/model/nn/params.ts";
import type { Tokeniser } from "../../../lib/model/tokeniser/tokeniser.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { BASE_TRAINING, NOISE_DEFAULTS } from "../../../lib/training/base/config.ts";
import type { Corpus } from "../../../lib/training/base/corpus.ts";
import { disposeWindows, windowBatch, windowLoss } from "../../../lib/training/base/loss.ts";
import { type BaseTraining, describeBase, trainBase } from "../../../lib/training/base/train.ts";
import { drawWindow } from "../../../lib/training/base/window.ts";
import { unlike } from "../../../lib/util/config.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { encodeSafetensors, readSafetensors } from "../../../lib/util/safetensors.ts";
import { SMALL } from "../../model/dit/small.ts";
import { tokeniser as standIn } from "../../model/dit/stand-in.ts";
import { corpus } from "./corpus.ts";

const tokeniser = {
  channels: SMALL.latent.channels,
  encode: () => new Float32Array(latentSize(SMALL.latent)),
} as unknown as Tokeniser;

const CONFIG = { ...BASE_TRAINING, batch: 2, saveEvery: 2, ownEvery: 2, own: 3, warmup: 2 };

describe("pre-training of the base", () => {
  let dir: string;
  before(() => openBackend());
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "base-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const options = (name: string, steps: number): BaseTraining => ({
    dir: join(dir, name),
    model: SMALL,
    config: CONFIG,
    corpus,
    validation: corpus,
    tokeniser,
    steps,
  });
  // What is saved beside the tensors differs: the run that was stopped measured its validation loss there.
  const stateOf = (name: string) => readSafetensors(join(dir, name, "state.safetensors")).tensors;

  it("a stopped run that goes on equals one without a break, its own clips included; more steps prolong it", async () => {
    await trainBase(options("broken", 3));
    await trainBase(options("broken", 5));
    await trainBase(options("whole", 5));
    assert.deepEqual(stateOf("broken"), stateOf("whole"));
  });

  it("refuses what is out of range before anything is written, naming it", async () => {
    const wrong = {
      lr: -1e-4,
      ema: 1.5,
      clipNorm: 0,
      adamwScale: 0,
      seed: 1.5,
      batch: 0,
      warmup: -1,
      saveEvery: 0,
      own: 0,
    };
    for (const [name, value] of Object.entries(wrong)) {
      const run = options("wrong", 2);
      const asked = { ...run, config: { ...CONFIG, [name]: value } };
      await assert.rejects(trainBase(asked), new RegExp(`UserError: ${name} is ${value}`), name);
      assert.ok(!existsSync(run.dir));
    }
  });

  it("a cool-down begins from a run's state and ends at rate 0", async () => {
    const from = await trainBase(options("base", 2));
    const cooled = await trainBase({ ...options("cooldown", 3), cooldown: { from, step: 2 } });
    assert.notDeepEqual(cooled.params["in.w"].dataSync(), from.params["in.w"].dataSync());
    const config = JSON.parse(readFileSync(join(dir, "cooldown", "config.json"), "utf8"));
    assert.equal(config.from, 2);
  });

  it("further training begins with given weights and a fresh optimiser, and its record says with which", async () => {
    const { ema } = await trainBase(options("first", 2));
    const further = await trainBase({ ...options("further", 2), from: { params: ema, sha256: "abc" } });
    assert.notDeepEqual(further.params["in.w"].dataSync(), ema["in.w"].dataSync());
    const config = JSON.parse(readFileSync(join(dir, "further", "config.json"), "utf8"));
    assert.equal(config.from, "abc");
  });

  it("a model that recalls resumes to the bit, on its own clips with what they recall; corpora must fit", async () => {
    const size = clipSize(SMALL.latent);
    const recalled = (i: number, n: number): Float32Array => Rng.of("recalled", i, n).normals(size);
    const depth = {
      sha256: "depth",
      read: (pictures: Uint8Array) => ({ depths: new Float32Array(pictures.length / 3).fill(4) }),
    } as unknown as DepthNetwork;
    const recalls = { ...corpus, recalled };
    const own = (name: string, steps: number): BaseTraining => ({
      ...options(name, steps),
      tokeniser: standIn,
      corpus: recalls,
      validation: recalls,
      recall: depth,
    });
    await trainBase(own("stopped", 3));
    await trainBase(own("stopped", 5));
    await trainBase(own("through", 5));
    assert.deepEqual(stateOf("stopped"), stateOf("through"));
    await assert.rejects(trainBase({ ...own("x", 2), recall: undefined }), /corpora that do/);
    await assert.rejects(trainBase({ ...own("y", 2), validation: corpus }), /corpora that do/);
  });

  it("a target of a window that recalls sees what is recalled before itself, and nothing of what others recall", () => {
    const size = clipSize(SMALL.latent);
    const recalls: Corpus = { ...corpus, recalled: (i, n) => new Float32Array(size).fill(1000 * (i + 1) + n) };
    const quiet = { ...NOISE_DEFAULTS, contextNoiseShare: 0 };
    for (let k = 0; k < 20; k++) {
      const { context, targets, mask } = drawWindow(recalls, quiet, Rng.of("window", k));
      for (const [t, target] of targets.entries()) {
        const seen = context.filter((clip, m) => mask[t][m] === 1 && clip.latents[0] > 500);
        // A video's first clip recalls nothing.
        if (seen.length === 0) continue;
        assert.equal(seen.length, 1);
        // The recalled views stand where the target begins.
        assert.deepEqual(
          [seen[0].path[0].start.x, seen[0].path[0].start.z],
          [target.path[0].start.x, target.path[0].start.z],
        );
        assert.ok(seen[0].time < target.time);
      }
      const seeing = mask.filter((row) => row.slice(6).some((value) => value === 1)).length;
      assert.ok(seeing >= 3, `${seeing} targets recall`);
    }
  });

  it("a run from before a key appeared goes on, and with another value than its default does not", async () => {
    await trainBase(options("older", 2));
    // As an earlier version wrote it: the noise's shares and the own clips were not to be chosen.
    const path = join(dir, "older", "config.json");
    const { ownShare: _, unshiftedShare: __, ...noise } = CONFIG.noise;
    const { clipNorm: ___, ...older } = JSON.parse(readFileSync(path, "utf8"));
    const text = JSON.stringify({ ...older, noise });
    writeFileSync(path, text);
    // The state vouches for the configuration that it was saved with.
    const state = join(dir, "older", "state.safetensors");
    const { tensors, metadata } = readSafetensors(state);
    const { seal: _seal, ...rest } = metadata;
    writeFileSync(state, encodeSafetensors(tensors, { ...rest, config: text }));
    const changed = { ...CONFIG, noise: { ...CONFIG.noise, ownShare: 0.25 } };
    await assert.rejects(
      trainBase({ ...options("older", 3), config: changed }),
      /noise.ownShare is 0.5 instead of 0.25/,
    );
    await trainBase(options("older", 3));
    await trainBase(options("straight", 3));
    assert.deepEqual(stateOf("older"), stateOf("straight"));
  });

  it("describes a run as the one that made the shipped model is described", () => {
    const shape = { width: 192, depth: 6, expansion: 4, cellWidth: 96, cellDepth: 4 };
    const described = describeBase({ ...options("x", 1), config: BASE_TRAINING, model: { ...SMALL, ...shape } });
    // Lines of config.json of a run that was begun before the numbers had a schema.
    const earlier = {
      ...{ seed: 0, batch: 8, lr: 0.003, adamwScale: 0.5, warmup: 100, ema: 0.998, clipNorm: 1 },
      ...{ saveEvery: 200, ownEvery: 400, own: 48 },
      noise: {
        ...{ shift: 4, unshiftedShare: 0.4, contextNoiseShare: 0.5, contextNoiseMax: 0.2 },
        ...{ dropAction: 0.1, ownShare: 0.5 },
      },
    };
    assert.deepEqual(unlike({ model: { ...SMALL, ...shape }, ...earlier }, described), []);
  });

  it("an untrained model's loss is near 1 at least: it says that nothing is known", () => {
    const windows = Array.from({ length: 4 }, (_, i) => drawWindow(corpus, NOISE_DEFAULTS, Rng.of("window", i)));
    const batch = windowBatch(windows, SMALL);
    const params = initParams(ditSpec(SMALL), 0);
    const loss = tf.tidy(() => windowLoss(params, SMALL, batch).dataSync()[0]);
    disposeWindows(batch);
    assert.ok(loss > 0.8 && loss < 3, `${loss}`);
  });

  it("refuses own clips at other steps than saves, and short trajectories", async () => {
    await assert.rejects(
      () => trainBase({ ...options("x", 2), config: { ...CONFIG, ownEvery: 3 } }),
      /own trajectories every 3/,
    );
    await assert.rejects(trainBase({ ...options("x", 2), corpus: { ...corpus, clips: 4 } }), /4 clips are too short/);
  });
});
