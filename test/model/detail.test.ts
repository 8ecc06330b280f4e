import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { openBackend } from "../../lib/backend/backend.ts";
import { clipBatch } from "../../lib/model/batch.ts";
import { CLIP_LATENTS, CLIP_SIZE, CLIP_TOKENS, LATENT_CELLS, type ModelConfig } from "../../lib/model/config.ts";
import { type ClipBatch, encodeContext, velocityInWindow, velocityWithCache } from "../../lib/model/dit.ts";
import { makeWorldModel } from "../../lib/model/rollout.ts";
import { modelSpec } from "../../lib/model/spec.ts";
import type { Params } from "../../lib/nn/params.ts";
import { Rng } from "../../lib/util/rng.ts";
import { assertClose } from "../nn/close.ts";
import { clipAt, randomActions, randomStart, randomVideo, SMALL, smallParams, targetAt } from "./small.ts";

const SIGMA = 0.6;
const COARSE: ModelConfig = { ...SMALL, detailDepth: 0 };
const isDetail = (name: string): boolean => name.startsWith("detail.");

describe("the detail stage", () => {
  let params: Params;
  before(async () => {
    await openBackend();
    params = smallParams();
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  const target = (clip = 0, ...key: string[]) => targetAt(randomVideo(clip + 1, "detail", ...key), clip, 8, SIGMA);
  const values = (x: tf.Tensor): Float32Array => x.dataSync() as Float32Array;
  const velocity = (batch: ClipBatch, p = params, config = SMALL): Float32Array =>
    values(velocityWithCache(p, config, batch, []));

  /** What is left of the parameters without the stage, and with a stage that adds nothing. */
  const coarse = (): Params => Object.fromEntries(Object.entries(params).filter(([name]) => !isDetail(name)));
  const silent = (): Params => ({ ...params, "detail.out": tf.zerosLike(params["detail.out"]) });

  it("of no blocks is no stage: no parameters, and the velocity of a stage that adds nothing", () => {
    assert.deepEqual(Object.keys(modelSpec(COARSE)).filter(isDetail), []);
    assert.deepEqual(Object.keys(modelSpec(COARSE)), Object.keys(coarse()));
    const batch = clipBatch([target(2)], 1);
    const without = velocity(batch, coarse(), COARSE);
    assert.deepEqual(without, velocity(batch, silent()));
    assert.notDeepEqual(without, velocity(batch));
  });

  it("of no blocks leaves a world model that generates", () => {
    const rollout = makeWorldModel(coarse(), COARSE).begin([randomStart("coarse")]);
    const actions = [randomActions(Rng.of("coarse"))];
    for (const key of ["first", "second"])
      rollout.append(actions, rollout.propose(actions, [Rng.of(key).normals(CLIP_SIZE)]));
    for (const clip of rollout.clips(0)) assert.ok(clip.every(Number.isFinite));
    rollout.dispose();
  });

  it("asks nothing of context clips: their keys and values know no detail", () => {
    const clip = clipBatch([clipAt(randomVideo(1, "context"), 0, 0)], 1);
    const keys = (p: Params, config: ModelConfig) =>
      encodeContext(p, config, clip).map(({ k, v }) => [k, v].map(values));
    assert.deepEqual(keys(params, SMALL), keys(coarse(), COARSE));
  });

  it("treats every clip of a batch, and every target of a window, by itself", () => {
    const targets = ["a", "b", "c"].map((key) => target(1, key));
    const alone = targets.map((one) => velocity(clipBatch([one], 1)));
    const order = [2, 0, 1];
    const mixed = velocity(
      clipBatch(
        order.map((i) => targets[i]),
        1,
      ),
    );
    const past = clipBatch([clipAt(randomVideo(1, "unseen"), 0, 0)], 1);
    const unseen = tf.zeros([1, 1, 3 * CLIP_TOKENS, CLIP_TOKENS]);
    const window = values(velocityInWindow(params, SMALL, past, clipBatch(targets, 3), unseen));
    alone.forEach((own, i) => {
      const part = (all: Float32Array, at: number) => all.subarray(at * CLIP_SIZE, (at + 1) * CLIP_SIZE);
      assertClose(part(mixed, order.indexOf(i)), own, 2e-5, `clip ${i} of a batch`);
      assertClose(part(window, i), own, 2e-5, `target ${i} of a window`);
    });
  });

  it("sees the cells' places by their differences alone", () => {
    const batch = clipBatch([target(2)], 1);
    const cells = batch.cells as tf.Tensor;
    const offsets = tf.tensor(Rng.of("offsets").normals(cells.shape[2] as number));
    const turned = { ...batch, cells: tf.add(cells, offsets) };
    assertClose(velocity(turned), velocity(batch), 1e-4);
    const apart = { ...batch, cells: tf.mul(cells, 1.1) };
    assert.throws(() => assertClose(velocity(apart), velocity(batch), 1e-4));
  });

  it("places the picture before a clip one latent earlier", () => {
    const { cells } = clipBatch([target(1, "a"), target(2, "b")], 2);
    // The first plane turns by a quarter per latent; targets here begin at time 8.
    const quarters = values(tf.slice(cells as tf.Tensor, [0, 0, 0], [2, -1, 1])).map((a) => a / (Math.PI / 2));
    const expected = Array.from(quarters, (_, i) => 7 + (Math.floor(i / LATENT_CELLS) % (1 + CLIP_LATENTS)));
    assertClose(quarters, expected, 1e-6);
  });

  it("shows a clip the picture before it at its place", () => {
    const video = randomVideo(2, "before");
    const own = targetAt(video, 1, 8, SIGMA);
    const last = own.condition.cameras[0];
    assert.deepEqual(last, video.paths[0][CLIP_LATENTS - 1].end);
    const elsewhere = {
      ...own.condition,
      cameras: [{ ...last, yaw: last.yaw + 0.2 }, ...own.condition.cameras.slice(1)],
    };
    const moved = clipBatch([{ ...own, condition: elsewhere }], 1);
    const batch = clipBatch([own], 1);
    assert.notDeepEqual(velocity(moved), velocity(batch));
    assert.deepEqual(velocity(moved, silent()), velocity(batch, silent()));
  });
});
