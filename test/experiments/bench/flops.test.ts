import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import {
  contextFlops,
  decoderFlops,
  samplingFlops,
  targetFlops,
  trainingFlops,
} from "../../../lib/experiments/bench/flops.ts";
import { clipBatch } from "../../../lib/model/legacy/batch.ts";
import { assembleContext } from "../../../lib/model/legacy/cache.ts";
import { withCarried } from "../../../lib/model/legacy/carried.ts";
import { ACTION_CLASSES, type ModelConfig } from "../../../lib/model/legacy/config.ts";
import { encodeContext, velocityWithCache } from "../../../lib/model/legacy/dit.ts";
import { contextOf, MEMORY_DEFAULTS } from "../../../lib/model/legacy/memory.ts";
import { modelSpec } from "../../../lib/model/legacy/spec.ts";
import { initParams } from "../../../lib/model/nn/params.ts";
import { TOKENISER } from "../../../lib/model/tokeniser/config.ts";
import { decode, LINEAR_SPEC, TOKENISER_SPEC } from "../../../lib/model/tokeniser/network.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { clipAt, codecOfTests, SMALL as NARROW, randomVideo, targetAt } from "../../model/legacy/small.ts";

/** Whose weights are no squares of a head's width, as rotations are. */
const SMALL: ModelConfig = { ...NARROW, detailWidth: 96, detailDepth: 2 };

type Kernel = Awaited<ReturnType<typeof tf.profile>>["kernels"][number];

const PRODUCTS = ["BatchMatMul", "_FusedMatMul"];

/** Operations of one product or convolution that ran, from the shapes that the backend saw; what flops.ts leaves out is 0. */
function operations({ name, inputShapes, outputShapes }: Kernel, { headWidth }: ModelConfig): number {
  const [output] = outputShapes as number[][];
  const [a, b] = inputShapes as number[][];
  const size = output.reduce((x, y) => x * y, 1);
  if (name === "Conv2D") return 2 * size * b[0] * b[1] * b[2];
  if (!PRODUCTS.includes(name)) return 0;
  const rows = output[output.length - 2];
  const inner = a[a.length - 2] === rows ? a[a.length - 1] : a[a.length - 2];
  const rotation = b.slice(-2).join() === `${headWidth},${headWidth}`;
  return inner === ACTION_CLASSES || rotation ? 0 : 2 * size * inner;
}

async function measured(run: () => tf.Tensor | tf.Tensor[]): Promise<number> {
  const { kernels } = await tf.profile(() => run() as tf.Tensor);
  return kernels.reduce((sum, kernel) => sum + operations(kernel, SMALL), 0);
}

describe("counted operations", () => {
  before(() => openBackend());
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  const CLIPS = 3;

  /** A target that sees all three clips before it, and their caches. */
  function targetWithContext(config = SMALL) {
    const params = initParams(modelSpec(config), 0);
    const video = randomVideo(CLIPS + 1, "flops");
    const context = contextOf(CLIPS, video.paths, MEMORY_DEFAULTS);
    const caches = Array.from({ length: CLIPS }, (_, clip) =>
      encodeContext(params, SMALL, clipBatch([clipAt(video, clip, 0)], 1)),
    );
    const keys = assembleContext(caches, [context], [video.paths], 1);
    const target = targetAt(video, CLIPS, context.time, 0.5, context.slots);
    const shown = config.carried ? withCarried([target], codecOfTests) : [target];
    return { params, video, keys, target: clipBatch(shown, 1), slots: context.slots.length };
  }

  for (const detailDepth of [0, 1, 2]) {
    it(`of a target clip are those of the products that run, ${detailDepth} of its blocks for the detail`, async () => {
      const config = { ...SMALL, detailDepth };
      const { params, keys, target, slots } = targetWithContext(config);
      assert.equal(await measured(() => velocityWithCache(params, config, target, keys)), targetFlops(config, slots));
    });
  }

  it("of a target clip with carried pictures are those of the products that run", async () => {
    for (const detailDepth of [0, 2]) {
      const config = { ...SMALL, detailDepth, carried: true };
      const { params, keys, target, slots } = targetWithContext(config);
      assert.equal(await measured(() => velocityWithCache(params, config, target, keys)), targetFlops(config, slots));
    }
  });

  it("of a context clip are those of the products that run", async () => {
    const { params, video } = targetWithContext();
    const clip = clipBatch([clipAt(video, 1, 0)], 1);
    const run = () => encodeContext(params, SMALL, clip).flatMap(({ k, v }) => [k, v]);
    assert.equal(await measured(run), contextFlops(SMALL));
  });

  it("of the decoder are those of the products and convolutions that run", async () => {
    const params = initParams({ ...LINEAR_SPEC, ...TOKENISER_SPEC }, 0);
    const latent = tf.zeros([1, TOKENISER.latentHeight, TOKENISER.latentWidth, TOKENISER.latentChannels]);
    assert.equal(await measured(() => decode(params, latent)), decoderFlops());
  });

  it("grow as the work does", () => {
    const two = trainingFlops(SMALL, 2);
    const optimiser = 2 * trainingFlops(SMALL, 1) - two;
    assert.ok(optimiser > 0 && optimiser < two, "the optimiser's share does not depend on the batch");
    const [four, eight] = [4, 8].map((steps) => samplingFlops(SMALL, [0, 1], steps));
    assert.equal(eight - four, 4 * (targetFlops(SMALL, 0) + targetFlops(SMALL, 1)));
  });
});
