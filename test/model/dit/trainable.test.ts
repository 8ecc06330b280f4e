import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { MEMORY_DEFAULTS } from "../../../lib/model/context.ts";
import { clipSize } from "../../../lib/model/dit/config.ts";
import type { GenerationOptions } from "../../../lib/model/dit/rollout.ts";
import { makeTrainableDit } from "../../../lib/model/dit/trainable.ts";
import type { DepthReader } from "../../../lib/model/memory/recall.ts";
import { SAMPLER_DEFAULTS } from "../../../lib/model/sampler.ts";
import type { TrainableWorldModel } from "../../../lib/model/worldModel.ts";
import { disposeBatch } from "../../../lib/training/post/minibatch.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { assertClose } from "../nn/close.ts";
import { randomActions, SMALL, withSmallParams } from "./small.ts";
import { startOf, tokeniser } from "./stand-in.ts";

describe("the transformer as a policy", () => {
  const params = withSmallParams();
  const sampler = { ...SAMPLER_DEFAULTS, steps: 1, last: 0 };
  const model = (options: Partial<GenerationOptions> = {}): TrainableWorldModel =>
    makeTrainableDit(params, SMALL, tokeniser, { sampler, ...options });
  /** Everything is four units away. */
  const recall: DepthReader = { read: (pictures) => ({ depths: new Float32Array(pictures.length / 3).fill(4) }) };
  const manners: Record<string, Partial<GenerationOptions>> = {
    "an older clip": { memory: MEMORY_DEFAULTS },
    "no memory": { memory: { retrieval: false, reframing: false } },
    "what is recalled": { recall },
  };

  for (const depth of [0, 1, 5]) {
    for (const [name, options] of Object.entries(manners)) {
      it(`clip ${depth}, ${name}: is trained under the conditions in which it was sampled`, async () => {
        const policy = model(options);
        const rollout = await policy.reset(["a", "b"].map(startOf));
        const actionsAt = (n: number) => ["a", "b"].map((key) => randomActions(Rng.of("actions", key, n)));
        for (let n = 0; n < depth; n++) await rollout.step(actionsAt(n), [Rng.of("x", n), Rng.of("y", n)]);
        const conditions = policy.conditions(rollout, actionsAt(depth));
        const noises = [[{ rng: Rng.of("noise", 0) }], [{ rng: Rng.of("noise", 1) }]];
        const clips = (await rollout.sample(actionsAt(depth), noises)).map(([clip]) => clip);
        const points = clips.map((clip, i) => {
          const eps = Rng.of("noise", i).normals(clipSize(SMALL.latent));
          return { conditioning: conditions[i], clip, sigma: 1, eps };
        });
        const batch = policy.batch(points);
        // One Euler step from pure noise: x0 = eps - v.
        const clean = tf.sub(batch.xt, tf.mul(policy.velocity(params, batch), batch.mask)).dataSync() as Float32Array;
        const sampled = policy.targets(clips).dataSync() as Float32Array;
        assertClose(clean, sampled, 1e-3);
        disposeBatch(batch);
        rollout.dispose();
      });
    }
  }

  it("what is recalled is what the depths say: other depths, another clip; none before the first", async () => {
    const sampled = async (depth: number, clips: number): Promise<Float32Array> => {
      const reader: DepthReader = {
        read: (pictures) => ({ depths: new Float32Array(pictures.length / 3).fill(depth) }),
      };
      const rollout = await model({ recall: reader }).reset([startOf("a")]);
      for (let n = 0; n < clips; n++) await rollout.step([[0, 9, 9, 9]], [Rng.of("x", n)]);
      const [[clip]] = await rollout.sample([[1, 1, 2, 2]], [[{ rng: Rng.of("noise") }]]);
      rollout.dispose();
      return clip.latents;
    };
    assert.deepEqual(await sampled(4, 2), await sampled(4, 2));
    assert.notDeepEqual(await sampled(4, 2), await sampled(1, 2));
    assert.deepEqual(await sampled(4, 0), await sampled(1, 0));
  });

  it("the velocity has a gradient for every parameter, context included", async () => {
    const policy = model();
    const rollout = await policy.reset([startOf("a")]);
    await rollout.step([[0, 9, 9, 9]], [Rng.of(0)]);
    const [conditioning] = policy.conditions(rollout, [[1, 2, 3, 4]]);
    const [[clip]] = await rollout.sample([[1, 2, 3, 4]], [[{ rng: Rng.of(1) }]]);
    const eps = Rng.of(2).normals(clipSize(SMALL.latent));
    const batch = policy.batch([{ conditioning, clip, sigma: 0.5, eps }]);
    const names = Object.keys(params);
    const { grads } = tf.valueAndGrads(
      (...all: tf.Tensor[]) =>
        tf.sum(
          tf.square(policy.velocity(Object.fromEntries(names.map((name, i) => [name, all[i]])), batch)),
        ) as tf.Scalar,
    )(names.map((name) => params[name]));
    for (const [i, grad] of grads.entries()) {
      assert.ok(
        grad.dataSync().some((x) => x !== 0),
        `no gradient for ${names[i]}`,
      );
    }
    rollout.dispose();
  });
});
