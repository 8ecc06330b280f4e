import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { clipBatch } from "../../../lib/model/legacy/batch.ts";
import { withCarried } from "../../../lib/model/legacy/carried.ts";
import { CLIP_LATENTS } from "../../../lib/model/legacy/config.ts";
import { velocityWithCache } from "../../../lib/model/legacy/dit.ts";
import { mapEntries, type Params } from "../../../lib/model/nn/params.ts";
import { CARRYING, codecOfTests, randomVideo, targetAt, withSmallParams } from "./small.ts";

describe("the prior of the motions", () => {
  const params = withSmallParams(CARRYING);
  const STEADY = { ...CARRYING, steadyPrior: true };

  /** What a clip without context is predicted to be at a noise level. */
  function velocityAt(sigma: number, config: typeof STEADY | typeof CARRYING, p: Params = params): Float32Array {
    const [clip] = withCarried([targetAt(randomVideo(1, "prior"), 0, 0, sigma, [])], codecOfTests);
    const batch = clipBatch([clip], 1);
    const level = tf.fill([1, CLIP_LATENTS], sigma);
    return velocityWithCache(p, config, { ...batch, sigma: level }, []).dataSync() as Float32Array;
  }

  it("that is steady is that of the highest noise level, whatever the level", () => {
    assert.deepEqual(velocityAt(1, STEADY), velocityAt(1, CARRYING));
    assert.notDeepEqual(velocityAt(0.6, STEADY), velocityAt(0.6, CARRYING));
    // A network that is not told the level has one prior for all.
    const untold = mapEntries(params, (value, name) => (name === "sigma.2" ? tf.zerosLike(value) : value));
    assert.deepEqual(velocityAt(0.6, STEADY, untold), velocityAt(0.6, CARRYING, untold));
  });
});
