import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { latentSize } from "../../../lib/model/dit/config.ts";
import { makeDit } from "../../../lib/model/dit/dit.ts";
import type { Params } from "../../../lib/model/nn/params.ts";
import type { WorldModel } from "../../../lib/model/worldModel.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { assertClose } from "../nn/close.ts";
import { randomActions, SMALL, withSmallParams } from "./small.ts";
import { FRAME, startOf, tokeniser } from "./stand-in.ts";

const actionsOf = (key: string, clips: number): number[][] =>
  Array.from({ length: clips }, (_, n) => randomActions(Rng.of("actions", key, n)));

/** Lets videos grow to `clips` clips. */
async function grow(
  model: WorldModel,
  keys: string[],
  clips: number,
  ahead: (n: number) => void = () => {},
): Promise<Float32Array[][]> {
  const rollout = await model.reset(keys.map(startOf));
  const actions = keys.map((key) => actionsOf(key, clips));
  for (let n = 0; n < clips; n++) {
    ahead(n);
    await rollout.step(
      actions.map((own) => own[n]),
      keys.map((key) => Rng.of("noise", key, n)),
    );
  }
  const made = keys.map((_, i) => rollout.clips(i).map(({ latents }) => latents));
  rollout.dispose();
  return made;
}

describe("rollouts of the transformer", () => {
  const params: Params = withSmallParams();
  const model = (options = {}): WorldModel => makeDit(params, SMALL, tokeniser, options);

  it("begins with the given picture and has 16 n - 3 frames and poses", async () => {
    const rollout = await model().reset([startOf("a")]);
    await rollout.step([[0, 9, 9, 9]], [Rng.of(0)]);
    await rollout.step([[9, 9, 9, 9]], [Rng.of(1)]);
    assert.equal(rollout.frames(0).length, 29 * FRAME);
    assert.equal(rollout.poses(0).length, 29);
    const first = rollout.clips(0)[0].latents.subarray(0, latentSize(SMALL.latent));
    assert.deepEqual(first, tokeniser.encode(startOf("a").frame));
    rollout.dispose();
  });

  it("a video does not depend on those beside it", async () => {
    const [together] = [await grow(model(), ["a", "b"], 5)];
    const alone = await grow(model(), ["b"], 5);
    for (const [n, clip] of alone[0].entries()) assertClose(together[1][n], clip, 1e-3);
  });

  it("a group's candidate is what a step with its noise gives, and sampling appends nothing", async () => {
    const rollout = await model().reset(["a", "b"].map(startOf));
    const actions = [actionsOf("a", 2), actionsOf("b", 2)];
    const at = (n: number): number[][] => actions.map((own) => own[n]);
    await rollout.step(at(0), [Rng.of("a"), Rng.of("b")]);
    const groups = await rollout.sample(
      at(1),
      [0, 1].map((i) => [0, 1, 2].map((g) => ({ rng: Rng.of("candidate", i, g) }))),
    );
    assert.equal(rollout.length, 1);
    const clips = await rollout.step(at(1), [Rng.of("candidate", 0, 2), Rng.of("candidate", 1, 1)]);
    assertClose(clips[0].latents, groups[0][2].latents, 1e-3);
    assertClose(clips[1].latents, groups[1][1].latents, 1e-3);
    assert.notDeepEqual(groups[0][0].latents, groups[0][1].latents);
    rollout.dispose();
  });

  it("guidance, fresh noise, other actions, partial denoising and ablations change the sample; guidance of 1 does not", async () => {
    const rollout = await model().reset([startOf("a")]);
    const command = [actionsOf("a", 1)[0]];
    const [[plain]] = await rollout.sample(command, [[{ rng: Rng.of(5) }]]);
    const differs = (other: Float32Array): boolean => other.some((x, i) => Math.abs(x - plain.latents[i]) > 1e-3);
    const one = async (candidate: object): Promise<Float32Array> => {
      const [[clip]] = await rollout.sample(command, [[{ rng: Rng.of(5), ...candidate }]]);
      return clip.latents;
    };
    assert.equal(differs(await one({ guidance: 1 })), false);
    assert.ok(differs(await one({ guidance: 3 })));
    assert.ok(differs(await one({ eta: 1 })));
    assert.ok(differs(await one({ actions: [0, 0, 0, 0] })));
    assert.ok(differs(await one({ from: { clip: plain, sigma: 0.5 } })));
    rollout.dispose();
    for (const options of [{ discreteAction: false }, { continuousAction: false }]) {
      const ablated = await model(options).reset([startOf("a")]);
      const [[clip]] = await ablated.sample(command, [[{ rng: Rng.of(5) }]]);
      assert.ok(differs(clip.latents), JSON.stringify(options));
      ablated.dispose();
    }
  });

  it("memory options reach the context of long videos", async () => {
    const [full] = await grow(model(), ["m"], 7);
    const [blind] = await grow(model({ memory: { retrieval: false, reframing: true } }), ["m"], 7);
    for (const n of [0, 1, 2, 3, 4]) assertClose(full[n], blind[n], 1e-3);
    assert.ok(full[6].some((x, i) => Math.abs(x - blind[6][i]) > 1e-3));
  });

  it("refuses what it cannot do in one line, and keeps no tensor", async () => {
    const { numTensors } = tf.memory();
    await assert.rejects(model().reset([]), UserError);
    await assert.rejects(
      model().reset([{ ...startOf("a"), frame: new Uint8Array(3) }]),
      /picture of video 0 has 3 bytes/,
    );
    const rollout = await model().reset([startOf("a")]);
    await assert.rejects(rollout.step([[0, 1, 2, 81]], [Rng.of(0)]), /the actions \[0,1,2,81\] of video 0/);
    await assert.rejects(rollout.sample([[0, 0, 0, 0]], [[]]), /candidates \[0\] for 1 videos/);
    await assert.rejects(rollout.sample([[0, 0, 0, 0]], [[{ rng: Rng.of(0), eta: 2 }]]), /eta of 2/);
    await rollout.step([[0, 1, 2, 3]], [Rng.of(0)]);
    rollout.dispose();
    assert.equal(tf.memory().numTensors, numTensors);
  });
});
