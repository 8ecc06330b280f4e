import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { clipBatch, type HostClip } from "../../../lib/model/legacy/batch.ts";
import {
  CLIP_CELLS,
  CLIP_LATENTS,
  CLIP_SIZE,
  CLIP_TOKENS,
  LATENT_CELLS,
  type ModelConfig,
} from "../../../lib/model/legacy/config.ts";
import { type ClipBatch, encodeContext, velocityInWindow, velocityWithCache } from "../../../lib/model/legacy/dit.ts";
import type { Remembered } from "../../../lib/model/legacy/memory.ts";
import { makeWorldModel } from "../../../lib/model/legacy/rollout.ts";
import { modelSpec } from "../../../lib/model/legacy/spec.ts";
import type { Params } from "../../../lib/model/nn/params.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { assertClose } from "../nn/close.ts";
import { clipAt, randomActions, randomStart, randomVideo, SMALL, targetAt, withSmallParams } from "./small.ts";

const SIGMA = 0.6;
const COARSE: ModelConfig = { ...SMALL, detailDepth: 0 };
const isDetail = (name: string): boolean => name.startsWith("detail.");

describe("the detail stage", () => {
  const params = withSmallParams();

  /** Remembers a picture of the video's first clip. */
  const target = (clip = 0, ...key: string[]): HostClip & { remembered: Remembered } => {
    const slots = Array.from({ length: clip }, (_, n) => ({ clip: n, time: CLIP_LATENTS * n }));
    const own = targetAt(randomVideo(clip + 1, "detail", ...key), clip, 8, SIGMA, slots);
    return own as typeof own & { remembered: Remembered };
  };
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

  it("places the picture before a clip one latent earlier, and the remembered one at its own time", () => {
    const remembering = target(2, "b");
    const { cells } = clipBatch([{ ...target(1, "a"), remembered: undefined }, remembering], 2);
    // The first plane turns by a quarter per latent; targets here begin at time 8.
    const quarters = values(tf.slice(cells as tf.Tensor, [0, 0, 0], [2, -1, 1])).map((a) => a / (Math.PI / 2));
    const times = [7, 7, 8, 9, 10, 11, 7, remembering.remembered.time, 8, 9, 10, 11];
    const expected = times.flatMap((time) => new Array<number>(LATENT_CELLS).fill(time));
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

  it("shows a clip what it remembers: a picture, where it was seen and when", () => {
    const own = target(2);
    const { tokens, view, time, end } = own.remembered;
    const plain = velocity(clipBatch([own], 1));
    const others: Remembered[] = [
      { tokens: tokens.map((x) => -x), view, time, end },
      { tokens, view: { ...view, yaw: view.yaw + 0.2 }, time, end },
      { tokens, view, time: time + 1, end },
    ];
    for (const remembered of others) {
      const batch = clipBatch([{ ...own, remembered }], 1);
      assert.notDeepEqual(velocity(batch), plain);
      assert.deepEqual(velocity(batch, silent()), velocity(clipBatch([own], 1), silent()));
    }
  });

  it("shows a clip that remembers nothing the picture before it twice", () => {
    const own = { ...target(2), remembered: undefined };
    const { cameras, time } = own.condition;
    const twice = { tokens: own.previous as Float32Array, view: cameras[0], end: cameras[0], time: time - 1 };
    const [without, explicit] = [own, { ...own, remembered: twice }].map((clip) => clipBatch([clip], 1));
    assert.deepEqual(velocity(without), velocity(explicit));
    assert.notDeepEqual(velocity(without), velocity(clipBatch([target(2)], 1)));
  });

  it("tells the two pictures apart by their places alone", () => {
    const batch = clipBatch([target(2)], 1);
    const swapped = { ...batch, previous: batch.remembered, remembered: batch.previous };
    const [previous, remembered, own] = tf.split(batch.cells as tf.Tensor, [LATENT_CELLS, LATENT_CELLS, CLIP_CELLS], 1);
    const cells = tf.concat([remembered, previous, own], 1);
    // The tokens are told of the previous picture, too; here that is left out.
    const apart = { ...params, "in.previous": tf.zerosLike(params["in.previous"]) };
    assertClose(velocity({ ...swapped, cells }, apart), velocity(batch, apart), 1e-5);
    assert.throws(() => assertClose(velocity(swapped, apart), velocity(batch, apart), 1e-3));
  });
});
