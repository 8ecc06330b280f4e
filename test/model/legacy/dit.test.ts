import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { clipBatch } from "../../../lib/model/legacy/batch.ts";
import { assembleContext } from "../../../lib/model/legacy/cache.ts";
import { CLIP_LATENTS, CLIP_SIZE, CLIP_TOKENS } from "../../../lib/model/legacy/config.ts";
import { encodeContext, velocityInWindow, velocityWithCache } from "../../../lib/model/legacy/dit.ts";
import { type Context, contextOf, MEMORY_DEFAULTS } from "../../../lib/model/legacy/memory.ts";
import { assertClose } from "../nn/close.ts";
import { clipAt, randomVideo, SMALL, targetAt, type Video, withSmallParams } from "./small.ts";

const SIGMA = 0.6;

describe("the transformer's two ways", () => {
  const params = withSmallParams();

  /** As in sampling: context clips encoded alone and at time 0, then turned to their places. */
  function sampled(videos: Video[], n: number, contexts: Context[]): Float32Array {
    const caches = Array.from({ length: n }, (_, clip) =>
      encodeContext(
        params,
        SMALL,
        clipBatch(
          videos.map((video) => clipAt(video, clip, 0)),
          1,
        ),
      ),
    );
    const context = assembleContext(
      caches,
      contexts,
      videos.map(({ paths }) => paths),
      1,
    );
    const targets = videos.map((video, b) => targetAt(video, n, contexts[b].time, SIGMA, contexts[b].slots));
    return velocityWithCache(params, SMALL, clipBatch(targets, 1), context).dataSync() as Float32Array;
  }

  /** As in training: context and target in one window. */
  function trained(videos: Video[], n: number, contexts: Context[]): Float32Array {
    const slots = contexts[0].slots.length;
    const context = videos.flatMap((video, b) => contexts[b].slots.map(({ clip, time }) => clipAt(video, clip, time)));
    const targets = videos.map((video, b) => targetAt(video, n, contexts[b].time, SIGMA, contexts[b].slots));
    const mask = tf.ones([videos.length, 1, CLIP_TOKENS, slots * CLIP_TOKENS]);
    const velocity = velocityInWindow(params, SMALL, clipBatch(context, slots), clipBatch(targets, 1), mask);
    return velocity.dataSync() as Float32Array;
  }

  for (const n of [1, 3, 4, 7]) {
    it(`clip ${n}: the velocity in a training window equals the one with cached context`, () => {
      const videos = [randomVideo(n + 1, "a"), randomVideo(n + 1, "b"), randomVideo(n + 1, "c")];
      const contexts = videos.map(({ paths }) => contextOf(n, paths, MEMORY_DEFAULTS));
      if (n === 7) contexts[1].slots[1].clip = contexts[0].slots[1].clip === 1 ? 2 : 1;
      // Sums in another order, and angles of float32 at other times: some 1e-6.
      assertClose(sampled(videos, n, contexts), trained(videos, n, contexts), 2e-5);
    });
  }

  /** Velocities of two targets; the first sees context clip 0 alone, the second 0 and 1. */
  function window(video: Video): [first: number[], second: number[]] {
    const context = [0, 1].map((clip) => clipAt(video, clip, CLIP_LATENTS * clip));
    const targets = [2, 3].map((clip) => targetAt(video, clip, CLIP_LATENTS * clip, SIGMA));
    const seen = tf.tensor([1, 0, 1, 1], [1, 2, 1, 2, 1]);
    const mask = tf.reshape(tf.tile(seen, [1, 1, CLIP_TOKENS, 1, CLIP_TOKENS]), [
      1,
      1,
      2 * CLIP_TOKENS,
      2 * CLIP_TOKENS,
    ]);
    const velocity = velocityInWindow(params, SMALL, clipBatch(context, 2), clipBatch(targets, 2), mask).dataSync();
    return [[...velocity.slice(0, CLIP_SIZE)], [...velocity.slice(CLIP_SIZE)]];
  }

  it("a target depends on no clip that it does not see, and not on other targets", () => {
    const video = randomVideo(4, "causal");
    const [first, second] = window(video);
    const changed = (clip: number): [number[], number[]] => {
      const tokens = video.tokens.map((own, i) => (i === clip ? randomVideo(4, "other").tokens[i] : own));
      // The last latent before each target is a part of its input; it is kept.
      const latent = CLIP_SIZE / CLIP_LATENTS;
      if (clip === 1 || clip === 2)
        tokens[clip].set(video.tokens[clip].subarray(CLIP_SIZE - latent), CLIP_SIZE - latent);
      return window({ ...video, tokens });
    };
    const [unseen, seen] = changed(1);
    assert.deepEqual(unseen, first);
    assert.notDeepEqual(seen, second);
    const [earlier, itself] = changed(3);
    assert.deepEqual(earlier, first);
    assert.notDeepEqual(itself, second);
    assert.deepEqual(changed(2)[1], second);
    for (const part of changed(0).entries()) assert.notDeepEqual(part[1], [first, second][part[0]]);
  });

  it("nothing depends on where the world's origin is, and only on differences of time", () => {
    const video = randomVideo(6, "origin");
    const context = contextOf(5, video.paths, MEMORY_DEFAULTS);
    const later = { time: context.time + 40, slots: context.slots.map((slot) => ({ ...slot, time: slot.time + 40 })) };
    const here = sampled([video], 5, [context]);
    // Angles of some ten times the size are rounded that much more coarsely.
    assertClose(sampled([video], 5, [later]), here, 1e-3);
    const move = (pose: { x: number; z: number; yaw: number; pitch: number }) => ({
      ...pose,
      x: pose.x + 10,
      z: pose.z - 20,
    });
    const moved = video.paths.map((path) =>
      path.map((p) => ({ start: move(p.start), view: move(p.view), end: move(p.end) })),
    );
    assertClose(sampled([{ ...video, paths: moved }], 5, [context]), here, 1e-3);
  });

  it("the order of the videos in a batch does not matter", () => {
    const videos = [randomVideo(6, "x"), randomVideo(6, "y")];
    const contexts = videos.map(({ paths }) => contextOf(5, paths, MEMORY_DEFAULTS));
    const both = sampled(videos, 5, contexts);
    const alone = sampled([videos[1]], 5, [contexts[1]]);
    assertClose(both.subarray(CLIP_SIZE), alone, 2e-5);
  });
});
