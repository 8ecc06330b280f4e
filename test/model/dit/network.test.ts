import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { CLIP_LATENTS } from "../../../lib/model/clip.ts";
import { type Context, contextOf } from "../../../lib/model/context.ts";
import { clipBatch } from "../../../lib/model/dit/batch.ts";
import { assembleContext } from "../../../lib/model/dit/cache.ts";
import { toGrid, toTokens } from "../../../lib/model/dit/cells.ts";
import { clipTokens } from "../../../lib/model/dit/config.ts";
import { encodeContext, velocityInWindow, velocityWithCache } from "../../../lib/model/dit/network.ts";
import { tokenMask } from "../../../lib/training/base/loss.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { assertClose } from "../nn/close.ts";
import { clipAt, randomVideo, SMALL, targetAt, type Video, withSmallParams } from "./small.ts";

const SIGMA = 0.6;
const TOKENS = clipTokens(SMALL.latent);

describe("the transformer's two ways", () => {
  const params = withSmallParams();

  /** As in sampling: context clips encoded alone and at time 0, then turned to their places. */
  function sampled(videos: Video[], n: number, contexts: Context[]): Float32Array {
    const alone = (clip: number) => videos.map((video) => clipAt(video, clip, 0));
    const caches = Array.from({ length: n }, (_, clip) =>
      encodeContext(params, SMALL, clipBatch(alone(clip), 1, SMALL)),
    );
    const paths = videos.map((video) => video.paths);
    const context = assembleContext(caches, contexts, paths, 1, SMALL);
    const targets = videos.map((video, b) => targetAt(video, n, contexts[b].time, SIGMA));
    return velocityWithCache(params, SMALL, clipBatch(targets, 1, SMALL), context).dataSync() as Float32Array;
  }

  /** As in training: context and target in one window. */
  function trained(videos: Video[], n: number, contexts: Context[]): Float32Array {
    const slots = contexts[0].slots.length;
    const context = videos.flatMap((video, b) => contexts[b].slots.map(({ clip, time }) => clipAt(video, clip, time)));
    const targets = videos.map((video, b) => targetAt(video, n, contexts[b].time, SIGMA));
    const mask = tokenMask(tf.ones([videos.length, 1, slots]), TOKENS);
    const batches = [clipBatch(context, slots, SMALL), clipBatch(targets, 1, SMALL)] as const;
    return velocityInWindow(params, SMALL, ...batches, mask).dataSync() as Float32Array;
  }

  for (const n of [1, 3, 4, 7]) {
    it(`clip ${n}: the velocity in a training window equals the one with cached context`, () => {
      const videos = [randomVideo(n + 1, "a"), randomVideo(n + 1, "b"), randomVideo(n + 1, "c")];
      const contexts = videos.map(({ paths }) => contextOf(n, paths, SMALL.camera, SMALL.step));
      // Sums in another order, and angles of float32 at other times: some 1e-6.
      assertClose(sampled(videos, n, contexts), trained(videos, n, contexts), 5e-5);
    });
  }

  it("a target does not see a context clip that its mask hides", () => {
    const video = randomVideo(3, "hidden");
    const other = {
      ...video,
      latents: [video.latents[0], Rng.of("other").normals(video.latents[1].length), video.latents[2]],
    };
    const velocityOf = ({ paths, actions, latents }: Video, seesLast: number): Float32Array => {
      const shown = { paths, actions, latents };
      const context = clipBatch(
        [0, 1].map((clip) => clipAt(shown, clip, CLIP_LATENTS * clip)),
        2,
        SMALL,
      );
      const targets = clipBatch([targetAt(video, 2, 8, SIGMA)], 1, SMALL);
      const mask = tokenMask(tf.tensor([1, seesLast], [1, 1, 2]), TOKENS);
      return velocityInWindow(params, SMALL, context, targets, mask).dataSync() as Float32Array;
    };
    assert.deepEqual(velocityOf(video, 0), velocityOf(other, 0));
    assert.notDeepEqual(velocityOf(video, 1), velocityOf(other, 1));
  });

  it("what is said of a row does not depend on the rows beside it", () => {
    const videos = [randomVideo(3, "x"), randomVideo(3, "y")];
    const contexts = videos.map(({ paths }) => contextOf(2, paths, SMALL.camera, SMALL.step));
    const both = sampled(videos, 2, contexts);
    const [alone] = [sampled([videos[1]], 2, [contexts[1]])];
    assertClose(both.subarray(both.length / 2), alone, 1e-5);
  });
});

describe("tokens and grids", () => {
  withSmallParams();

  it("toGrid is the inverse of toTokens, and a token holds 2 x 2 neighbouring cells", () => {
    const grid = tf.reshape(tf.range(0, 2 * 60 * 4), [2, 6, 10, 4]);
    const tokens = toTokens(grid);
    assert.deepEqual(tokens.shape, [2, 15, 16]);
    assert.deepEqual(toGrid(tokens, SMALL.latent).dataSync(), grid.dataSync());
    const cells = Array.from(tokens.dataSync().slice(0, 16), (value) => Math.floor(value / 4));
    assert.deepEqual([...new Set(cells)], [0, 1, 10, 11]);
  });
});
